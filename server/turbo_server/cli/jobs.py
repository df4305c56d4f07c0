"""`turbo-server jobs list | retry | drop`."""

import argparse
import asyncio
import json
from datetime import UTC, datetime

from turbo_server.cli import say
from turbo_server.cli.connected import connected
from turbo_server.cli.database_words import told
from turbo_server.cli.local_database import is_made_ready
from turbo_server.job import store
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.errors import TurboError
from turbo_server.settings import Settings

MOST = 1000
ALL_DEAD = 0


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="what is open, and what was given up")
    listing.add_argument("--dead", action="store_true", help="only what was given up")
    listing.add_argument("--json", action="store_true", help="an object on each line")
    for name, words in (("retry", "try one again that was given up"), ("drop", "forget one that does not run")):
        action = actions.add_parser(name, help=words)
        which = action.add_mutually_exclusive_group(required=True)
        which.add_argument("id", type=int, nargs="?", metavar="ID", help="its number in `jobs list`")
        which.add_argument("--all-dead", action="store_true", help="all that were given up")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    if not is_made_ready(settings):
        return 1
    try:
        return asyncio.run(_do(arguments, settings))
    except TurboError as error:
        say(told(error, settings))
        return 1


async def _do(arguments: argparse.Namespace, settings: Settings) -> int:
    async with connected(settings) as db:
        if arguments.action == "list":
            return await _list(db, arguments)
        which = ALL_DEAD if arguments.all_dead else arguments.id
        if not arguments.all_dead and which < 1:
            say("A job's number is in the first column of `turbo-server jobs list`.")
            return 2
        if arguments.action == "retry":
            return _said(await store.retry(db, which, datetime.now(UTC)), which, "will be tried again", "is not dead")
        return _said(await store.drop(db, which), which, "forgotten", "runs at this moment, or is not there")


def _said(done: list[int], which: int, words: str, refusal: str) -> int:
    """A server that runs begins a retried job with its next call, within a minute."""
    if not done and which != ALL_DEAD:
        say(f"Job {which} {refusal}: `turbo-server jobs list` shows all.")
        return 1
    say(f"{len(done)} {'job' if len(done) == 1 else 'jobs'} {words}.")
    return 0


async def _list(db: Connection, arguments: argparse.Namespace) -> int:
    rows = await store.listed(db, "dead" if arguments.dead else "", MOST)
    for row in rows:
        print(json.dumps({name: as_iso(row[name]) for name in row.keys()}) if arguments.json else _line(row))  # noqa: SIM118 - a row of SQLite
    if not rows:
        say("There are no jobs." if not arguments.dead else "Nothing was given up.")
    elif any(row["state"] == "dead" for row in rows):
        say("`turbo-server jobs retry ID` tries a dead one again, `turbo-server jobs drop ID` forgets it.")
    return 0


def _line(row: Row) -> str:
    due = str(as_iso(row["due_at"]))[:19].replace("T", " ")
    when = "" if row["state"] == "dead" else f"  {'lease until' if row['state'] == 'running' else 'due'} {due}"
    why = f"  {row['error']}" if row["error"] else ""
    return f"{row['id']:>6}  {row['state']:<8}{row['kind']:<18}{row['workspace']:<14}{row['attempts']} tries{when}{why}"
