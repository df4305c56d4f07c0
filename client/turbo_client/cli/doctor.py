"""`turbo-client doctor`: everything that has to be in order for a session to work, and how to mend what is not."""

import argparse
import json

from turbo_client.cli.exit_codes import REFUSED
from turbo_client.health import Check, check_client
from turbo_client.terminal import out, say
from turbo_installer.checks import Check as ClaudeCodeCheck
from turbo_installer.checks import check_claude_code

SUMMARY = "Check this machine, the server and Claude Code, and say how to mend what is wrong."

_EXAMPLES = """\
examples:
  turbo-client doctor
  turbo-client doctor --json

exit code 0 if nothing is wrong, 1 otherwise"""

_MARKS = {True: "ok     ", False: "WRONG  ", None: "unknown"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    checks: list[Check | ClaudeCodeCheck] = [*check_client(), *check_claude_code()]
    wrong = [check for check in checks if check.ok is False]
    if arguments.json:
        rows = [{"name": each.name, "ok": each.ok, "detail": each.detail, "remedy": each.remedy} for each in checks]
        out(json.dumps({"ok": not wrong, "checks": rows}, indent=2, ensure_ascii=False))
    else:
        for check in checks:
            out(f"{_MARKS[check.ok]}  {check.name}: {check.detail}")
            if check.remedy and not check.ok:
                out(f"         -> {check.remedy}")
        say(f"{len(wrong)} of {len(checks)} checks found something wrong." if wrong else "Nothing is wrong.")
    return REFUSED if wrong else 0
