"""The command line: one verb, one file. stdout is data, stderr is talk."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

from turbo_server import __version__
from turbo_server.kit.collector import nothing_collected
from turbo_server.settings import BadSettings, read_settings

VERBS = {
    "serve": "run the backend",
    "migrate": "bring the database to this version's schema",
    "keys": "make, list and revoke API keys",
    "invite": "make a one-time key with which somebody joins",
    "audit": "who did what, from which machine and address",
    "jobs": "what the server does beside the calls: list, retry and drop it",
    "export": "write all data into one file",
    "import": "read an export, or what another tool has left behind",
    "copy": "carry a whole database into another one: SQLite to Postgres, or any way round",
    "backup": "write a whole database into one file that checks itself",
    "restore": "fill an empty database from a backup, or try that out",
    "reindex": "write anew what search reads, from the data",
    "fly": "print the commands that host this checkout on Fly",
    "doctor": "check settings, database and keys, and say how to mend what is wrong",
}
EPILOG = """\
environment:
  DATABASE_URL       sqlite:///PATH or postgresql://...; unset: a SQLite file in your data folder
  DATABASE_REPLICA_URL  a copy of that Postgres, for lists and searches
  TURBO_ENVIRONMENT  development (default) or production
  API_HOST API_PORT  where to listen (127.0.0.1, 8080)
  TURBO_API_KEY      the owner's first key
  TURBO_KEY_PEPPER   secret under which keys are hashed; unset: the database keeps one
  TURBO_WEB_URL      address of the web page, for the links in answers
  TURBO_LOG_LEVEL    debug, info, warning or error; TURBO_LOG_FORMAT json or text
  TURBO_CALLS_PER_MINUTE TURBO_CREATIONS_PER_HOUR TURBO_BAD_KEYS_PER_MINUTE
                     limits, by key and address; 0 is none

example: turbo-server keys create --name ada && turbo-server serve
"""


def run(arguments: Sequence[str]) -> int:
    """0 done, 1 failed with a reason on stderr, 2 used wrongly."""
    parser = argparse.ArgumentParser(
        "turbo-server", description="The backend of Turbo-Plan.", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"turbo-server {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB")
    chosen = next((word for word in arguments if word in VERBS), None)
    for verb, summary in VERBS.items():
        module = _load(verb) if verb == chosen else None
        sub = verbs.add_parser(verb, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if module:
            module.configure(sub)
            sub.set_defaults(run=module.run, reads_settings=getattr(module, "NEEDS_SETTINGS", True))
    parsed = parser.parse_args(arguments)
    if parsed.verb is None:
        parser.print_help()
        return 0
    try:
        return int(parsed.run(parsed, read_settings(os.environ) if parsed.reads_settings else os.environ))
    except BadSettings as error:
        say(str(error))
        return 1


def _load(verb: str) -> Any:
    with nothing_collected():
        return importlib.import_module(f"turbo_server.cli.{verb}")


def say(text: str) -> None:
    print(text, file=sys.stderr)
