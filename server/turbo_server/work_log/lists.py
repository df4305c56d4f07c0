"""The work log, as list_items shows it."""

from typing import Any

from turbo_server.issue.types import key_of
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.kind import Page, PageRequest
from turbo_server.kit.paging import Position, fingerprint, read_cursor, write_cursor
from turbo_server.kit.schema import to_seconds
from turbo_server.kit.sql import Conditions
from turbo_server.kit.text import clip_bytes

from . import store


async def page_of_work(context: Context, request: PageRequest) -> Page:
    """Newest first; `text` is looked for in what was logged."""
    if request.status:
        raise InvalidArguments("list_items: the work log has no `status`.", "Leave it out; project and text narrow it.")
    where = _conditions(context, request)
    of = fingerprint("work_log", *where.parameters, str(where))
    if request.cursor is None:
        position, before = Position(await store.total(context.db, where), ()), None
    else:
        position = read_cursor(request.cursor, of, (int,))
        before = int(position.values[0])
    rows = await store.page(context.db, where, before, request.limit + 1)
    shown = rows[: request.limit]
    more = len(rows) > len(shown)
    return Page(
        items=[_row(row) for row in shown],
        total=position.total,
        next_cursor=write_cursor(Position(position.total, (shown[-1]["id"],)), of) if more else None,
    )


def _conditions(context: Context, request: PageRequest) -> Conditions:
    where = Conditions(context.actor.workspace_id)
    where.add("w.workspace_id = $1")
    where.add("w.archived_at is null")
    if request.project_id is not None:
        where.add("w.project_id = $?", request.project_id)
    if request.text:
        where.add("{find}({fold}(w.text), $?) > 0", request.text.lower())
    return where


def _row(row: Row) -> dict[str, Any]:
    """At most 350 bytes."""
    shown = {
        "at": to_seconds(row["created_at"]),
        "author": clip_bytes(row["author"], 24),
        "machine": clip_bytes(row["machine"], 24) if row["machine"] else None,
        "issue": key_of(row) if row["number"] else None,
        "project": row["project_key"] if not row["number"] else None,
        "minutes": row["minutes"],
        "text": clip_bytes(row["text"], 140),
    }
    return {name: value for name, value in shown.items() if value is not None}
