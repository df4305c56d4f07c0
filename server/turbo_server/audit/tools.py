"""read_audit: who did what, with which key, from which machine, session and address."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from turbo_server.account.tools import require_person
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments, InvalidCursor
from turbo_server.kit.fields import LARGEST_ID, Cursor, Limit, Line
from turbo_server.kit.keys import read_key
from turbo_server.kit.paging import Position, fingerprint, read_cursor, write_cursor
from turbo_server.kit.schema import Arguments
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Toolset, tool

from .read_store import Place, Wanted, page
from .types import AuditPage, Happened, KeyIsLimited, happened, moment_of

ROOM = 18_000  # characters, of the 20,000 of an answer


class ReadAudit(Arguments):
    since: Annotated[Line | None, Field(description="24h, 7d, or a day")] = None
    account: Annotated[Line | None, Field(description="A person's name, or me")] = None
    machine: Line | None = None
    session: Line | None = None
    key: Annotated[Line | None, Field(description="An item's key, or an API key's number")] = None
    action: Annotated[Line | None, Field(description="created, key_revoked, ...")] = None
    limit: Limit = 50
    cursor: Cursor | None = None


@tool("Read the audit", Effect.READ, toolset="care", scope=Scope.ADMIN)
async def read_audit(context: Context, arguments: ReadAudit) -> AuditPage:
    """Who did what, newest first: every change of an item, and what happened to API keys and people, with the key,
    machine, session and address it came from."""
    if context.actor.only_projects is not None:
        raise KeyIsLimited
    wanted = await _wanted(context, arguments)
    filters = arguments.model_dump(exclude={"limit", "cursor"})  # as they were given: 7d means another moment later
    of = fingerprint("audit", context.actor.workspace_id, *filters.values())
    before = _place(arguments.cursor, of) if arguments.cursor else None
    found = await page(context.db, context.actor.workspace_id, wanted, before, arguments.limit + 1)
    shown = _fitting([happened(row) for _, row in found[: arguments.limit]])
    more = len(found) > len(shown)
    return AuditPage(items=shown, next_cursor=_cursor(found[len(shown) - 1][0], of) if more else None)


async def _wanted(context: Context, arguments: ReadAudit) -> Wanted:
    item, key_id = await _subject(context, arguments.key) if arguments.key else (None, None)
    return Wanted(
        since=_since(context, arguments.since) if arguments.since else None,
        account_id=await require_person(context, arguments.account) if arguments.account else None,
        machine=arguments.machine,
        session=arguments.session,
        action=arguments.action,
        item=item,
        key_id=key_id,
    )


async def _subject(context: Context, key: str) -> tuple[tuple[str, int] | None, int | None]:
    """An item as (kind, id), or an API key. Raises InvalidArguments, and NotFound for an item that is not there."""
    number = key.strip().removeprefix("#")
    if number.isascii() and number.isdigit() and int(number) <= LARGEST_ID:
        return None, int(number)
    parsed = read_key(key)
    if parsed is None:
        raise InvalidArguments(
            "read_audit: `key` is neither an item's key nor a number.",
            "Give a key such as TURBO-12, or the number of an API key from `turbo-server keys list`.",
        )
    found = await context.find(key.strip().upper())
    return (found.kind, found.id), None


def _since(context: Context, text: str) -> datetime:
    moment = moment_of(text, context.now)
    if moment is None:
        raise InvalidArguments(
            "read_audit: `since` is no moment.", "Write 30m, 24h, 7d, 2w, a day such as 2026-12-31, or an ISO moment."
        )
    return moment


def _place(cursor: str, of: str) -> Place:
    moment, rank, number = read_cursor(cursor, of, (str, int, int)).values
    at = moment_of(str(moment), datetime.now(UTC))
    if at is None or not 0 <= int(number) <= LARGEST_ID:
        raise InvalidCursor
    return at, int(rank), int(number)


def _cursor(place: Place, of: str) -> str:
    moment, rank, number = place
    return write_cursor(Position(0, (moment.isoformat(), rank, number)), of)


def _fitting(rows: list[Happened]) -> list[Happened]:
    """As many as there is room for, and one at least."""
    room = ROOM
    for count, row in enumerate(rows):
        room -= len(row.as_json().decode())
        if room < 0 and count:
            return rows[:count]
    return rows


# Here and not in __init__: whoever writes the audit must not load what reads it.
TOOLSET = Toolset("audit", "Who did what, for administrators.", (read_audit,))
