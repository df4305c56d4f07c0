"""`turbo-client install`: put Turbo into Claude Code."""

import argparse
import json
from collections.abc import Callable

from turbo_client.cli.exit_codes import OK, REFUSED
from turbo_client.terminal import out, say
from turbo_installer.errors import InstallerError
from turbo_installer.installation import install
from turbo_installer.outcome import Outcome
from turbo_installer.report import diff_of, to_json, to_text

SUMMARY = "Put Turbo into Claude Code: its server, its permission and its slash commands."

_EXAMPLES = """\
examples:
  turbo-client install --dry-run   shows the changes and makes none
  turbo-client install             may be repeated at any time; then checks that Claude Code connects

CLAUDE_CONFIG_DIR is honoured. `turbo-client uninstall` takes everything out again.
exit code 0 if all is in place, 1 otherwise"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--dry-run", action="store_true", help="show what would change, as a diff, and change nothing")
    parser.add_argument("--json", action="store_true", help="say what was done as JSON on stdout")


def run(arguments: argparse.Namespace) -> int:
    return report(lambda: install(dry_run=arguments.dry_run), as_json=arguments.json)


def report(act: Callable[[], Outcome], *, as_json: bool) -> int:
    """Run an installer's verb and say how it went; `uninstall` speaks the same way."""
    try:
        outcome = act()
    except InstallerError as error:
        if as_json:
            out(json.dumps({"ok": False, "error": error.message, "next": [error.remedy]}, indent=2))
        else:
            say(f"{error.message}\n{error.remedy}")
        return REFUSED
    if as_json:
        out(json.dumps(to_json(outcome), indent=2))
    else:
        if outcome.dry_run:
            for change in outcome.changes:
                out(diff_of(change))
        say(to_text(outcome))
    return OK if outcome.ok else REFUSED
