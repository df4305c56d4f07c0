"""`turbo-server doctor`: everything that has to be in order for the server to work, and how to mend what is not."""

import argparse
import asyncio
import json
import logging
import os
import sys
import threading
from collections.abc import Mapping

from turbo_server.catalogue import KINDS
from turbo_server.cli import say
from turbo_server.doctor.check import Check, wrong
from turbo_server.doctor.databases import check_database
from turbo_server.doctor.environment import check_environment, check_settings
from turbo_server.search.reindex import NOTES
from turbo_server.settings import BadSettings, read_settings

SECONDS = 4.0  # what takes longer is left, and said
_EXAMPLES = """\
examples:
  turbo-server doctor
  turbo-server doctor --json

exit code 0 if nothing is wrong, 1 otherwise"""
_MARKS = {True: "ok     ", False: "WRONG  ", None: "unknown"}
NEEDS_SETTINGS = False  # it says itself what is wrong with them


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = _EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    logging.getLogger("turbo_server").addHandler(logging.NullHandler())  # what it would log is shown
    checks: list[Check] = []
    looking = threading.Thread(target=_look, args=(environment, checks), daemon=True)
    looking.start()
    looking.join(SECONDS)
    is_stuck = looking.is_alive()
    shown = list(checks)
    if is_stuck:
        shown.append(
            wrong(
                "database",
                f"no answer within {SECONDS:.0f} s: its host's name, or the host, is silent",
                "Mend host and port in DATABASE_URL, or the machine's name service.",
            )
        )
    status = _show(shown, as_json=arguments.json)
    if is_stuck:  # the thread may sit in a look-up of a name, which nothing can end, and would be waited for
        sys.stdout.flush()
        os._exit(status)
    return status


def _look(environment: Mapping[str, str], checks: list[Check]) -> None:
    checks += check_environment(environment)
    try:
        settings = read_settings(environment)
    except BadSettings as error:
        if not any(check.ok is False for check in checks):
            checks.append(wrong("settings", str(error), "Set it anew, or take it out."))
        return
    checks += check_settings(settings, environment)

    async def look() -> None:
        async for check in check_database(settings, [*NOTES, *KINDS]):
            checks.append(check)

    asyncio.run(look())


def _show(checks: list[Check], *, as_json: bool) -> int:
    wrong = [check for check in checks if check.ok is False]
    if as_json:
        rows = [
            {"name": each.name, "ok": each.ok, "detail": each.detail, "remedy": None if each.ok else each.remedy}
            for each in checks
        ]
        print(json.dumps({"ok": not wrong, "checks": rows}, indent=2, ensure_ascii=False))
    else:
        for check in checks:
            print(f"{_MARKS[check.ok]}  {check.name}: {check.detail}")
            if check.remedy and not check.ok:
                print(f"         -> {check.remedy}")
        say(f"{len(wrong)} of {len(checks)} checks found something wrong." if wrong else "Nothing is wrong.")
    return 1 if wrong else 0
