"""`turbo-client uninstall`: take out of Claude Code what `install` put in."""

import argparse

from turbo_client.cli.install import report
from turbo_installer.installation import uninstall

SUMMARY = "Take Turbo out of Claude Code and leave every file as it would be without it."

_EXAMPLES = """\
examples:
  turbo-client uninstall --dry-run   shows the changes and makes none
  turbo-client uninstall

exit code 0 if nothing of Turbo is left, 1 otherwise"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--dry-run", action="store_true", help="show what would change, as a diff, and change nothing")
    parser.add_argument("--json", action="store_true", help="say what was done as JSON on stdout")


def run(arguments: argparse.Namespace) -> int:
    return report(lambda: uninstall(dry_run=arguments.dry_run), as_json=arguments.json)
