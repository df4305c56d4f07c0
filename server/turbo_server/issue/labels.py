"""Labels, as list_items shows them."""

from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.kind import Page, PageRequest
from turbo_server.kit.paging import Position, fingerprint, read_cursor, write_cursor
from turbo_server.kit.sql import Conditions
from turbo_server.kit.text import clip_bytes

from . import label_store


async def page_of_labels(context: Context, request: PageRequest) -> Page:
    """By name. Of a project: the labels that its issues carry, and those issues counted."""
    if request.status:
        raise InvalidArguments(
            "list_items: labels have no `status`.", "Leave it out: open and closed are both counted."
        )
    where = _conditions(context, request)
    of = fingerprint("labels", *where.parameters, str(where))
    if request.cursor is None:
        position, after = Position(await label_store.total(context.db, where), ()), ""
    else:
        position = read_cursor(request.cursor, of, (str,))
        after = str(position.values[0])
    rows = await label_store.page(context.db, where, request.project_id, after, request.limit + 1)
    shown = rows[: request.limit]
    more = len(rows) > len(shown)
    return Page(
        items=[{"name": clip_bytes(row["name"], 250), "open": row["open"], "closed": row["closed"]} for row in shown],
        total=position.total,
        next_cursor=write_cursor(Position(position.total, (shown[-1]["folded"],)), of) if more else None,
    )


def _conditions(context: Context, request: PageRequest) -> Conditions:
    where = Conditions(context.actor.workspace_id)
    where.add("l.workspace_id = $1")
    if request.project_id is not None:
        where.add(label_store.CARRIED, request.project_id)
    if request.text:
        where.add("{find}(l.folded, $?) > 0", request.text.casefold())
    return where
