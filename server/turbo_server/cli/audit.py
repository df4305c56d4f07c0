"""`turbo-server audit`."""

import argparse
import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime

from turbo_server.account import store as account
from turbo_server.audit.read_store import Place, Wanted, page
from turbo_server.audit.types import Happened, happened, moment_of
from turbo_server.cli import say
from turbo_server.cli.connected import connected
from turbo_server.cli.local_database import is_made_ready
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import TurboError, closest
from turbo_server.kit.text import clip
from turbo_server.kit.visible import visible
from turbo_server.settings import Settings

PAGE = 500
COLUMNS = (("when (UTC)", 19), ("who", 14), ("action", 15), ("what", 34), ("key", 5), ("machine", 16),
           ("session", 12), ("address", 15))  # fmt: skip


class BadFilter(Exception):
    """What was asked for cannot be: the text says why."""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", help="30m, 24h, 7d, 2w, a day such as 2026-12-31, or an ISO moment")
    parser.add_argument("--account", metavar="NAME", help="what a person did, or what was done to theirs")
    parser.add_argument("--machine", metavar="NAME", help="as the client named it")
    parser.add_argument("--session", metavar="ID", help="of an agent")
    parser.add_argument("--key", metavar="NUMBER", type=int, help="an API key of `turbo-server keys list`")
    parser.add_argument("--action", help="created, updated, key_revoked, ...")
    parser.add_argument("--limit", metavar="N", type=int, default=100, help="the newest N (100); 0 is all")
    parser.add_argument("--json", action="store_true", help="an object on each line")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Newest first. 0 also where nothing was found, 1 when it could not be read, 2 for a filter that cannot be."""
    if not is_made_ready(settings):
        return 1
    try:
        return asyncio.run(_print(arguments, settings))
    except BadFilter as problem:
        say(str(problem))
        return 2
    except TurboError as error:
        say(f"{error.message} {error.hint}")
        return 1
    except BrokenPipeError:  # whoever reads has seen enough; nothing is left to be flushed into it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


async def _print(arguments: argparse.Namespace, settings: Settings) -> int:
    count = 0
    async with connected(settings) as db, contextlib.aclosing(_rows(db, arguments)) as rows:
        async for row in rows:
            if not count and not arguments.json:
                print(_line([name for name, _ in COLUMNS]))
            count += 1
            print(visible(row.as_json().decode()) if arguments.json else _line(_cells(row)))
    if count == arguments.limit:
        say(f"The newest {count}. --limit 0 shows all, --since 7d those of a week.")
    elif not count:
        say("Nothing of that has happened.")
    return 0


async def _rows(db: Connection, arguments: argparse.Namespace) -> AsyncGenerator[Happened, None]:
    """Page by page: there may be millions. Raises BadFilter."""
    left = arguments.limit if arguments.limit > 0 else sys.maxsize
    for workspace in await account.workspaces_of_instance(db):
        wanted = await _wanted(db, workspace, arguments)
        before: Place | None = None
        while left:
            found = await page(db, workspace, wanted, before, min(PAGE, left))
            for place, row in found:
                before = place
                yield happened(row)
            left -= len(found)
            if len(found) < PAGE:
                break


async def _wanted(db: Connection, workspace: int, arguments: argparse.Namespace) -> Wanted:
    since = moment_of(arguments.since, datetime.now(UTC)) if arguments.since else None
    if arguments.since and since is None:
        raise BadFilter("--since must be 30m, 24h, 7d, 2w, a day such as 2026-12-31, or an ISO moment.")
    return Wanted(
        since=since,
        account_id=await _account(db, workspace, arguments.account) if arguments.account else None,
        machine=arguments.machine,
        session=arguments.session,
        action=arguments.action,
        key_id=arguments.key,
    )


async def _account(db: Connection, workspace: int, name: str) -> int:
    row = await account.account_named(db, workspace, name.strip())
    if row is None:
        names = await account.account_names(db, workspace)
        raise BadFilter(f"There is nobody called {name}. {closest(name, names)} People: {', '.join(names)}.")
    return int(row["id"])


def _cells(row: Happened) -> list[str]:
    return [
        f"{row.at:%Y-%m-%d %H:%M:%S}",
        row.by or "(server)",
        row.action,
        _what(row),
        str(row.api_key or "-"),
        row.machine or "-",
        row.session or "-",
        row.address or "-",
    ]


def _what(row: Happened) -> str:
    if row.key:
        return row.key
    parts = [row.about or "", f"key {row.about_key}" if row.about_key else ""]
    parts += [f"{name}={value}" for name, value in (row.details or {}).items()]
    return " ".join(part for part in parts if part) or "-"


def _line(cells: list[str]) -> str:
    """Nothing that a name holds moves a terminal's cursor or hides."""
    plain = ["".join(each if each.isprintable() else " " for each in visible(cell)) for cell in cells]
    pairs = zip(plain, COLUMNS, strict=True)
    return "  ".join(clip(cell, width).ljust(width) for cell, (_, width) in pairs).rstrip()
