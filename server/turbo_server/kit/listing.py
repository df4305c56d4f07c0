"""A page of a kind's items, newest change first: what every kind's `page` has in common."""

from collections.abc import Callable
from typing import Any

from .context import Context
from .database import Row
from .decode import as_iso
from .errors import InvalidArguments, closest
from .kind import Page, PageRequest
from .paging import TOTAL_CAP, Position, fingerprint, read_cursor, read_moment, write_cursor
from .sql import Conditions, sql
from .text import clip


async def newest_page(
    context: Context,
    request: PageRequest,
    select: tuple[str, str],
    where: Conditions,
    as_row: Callable[[Row], dict[str, Any]],
) -> Page:
    """`select` is (columns, source) over a table called t; id and updated_at are added to the columns.

    `where` has the caller's filters, its first parameter is the workspace. Raises InvalidCursor.
    """
    columns, source = select
    of = fingerprint(source, *where.parameters, str(where))
    position = await _position(context, request, source, where, of)
    terms, parameters = str(where), list(where.parameters)
    if position.values:
        terms += f" and (t.updated_at, t.id) < (${len(parameters) + 1}, ${len(parameters) + 2})"
        parameters += [read_moment(str(position.values[0])), position.values[1]]
    statement = sql(
        f"select t.id, t.updated_at, {columns} from {source} where {terms} "  # noqa: S608 - all parts are ours
        f"order by t.updated_at desc, t.id desc limit ${len(parameters) + 1}"
    )
    rows = await context.db.fetch(statement, *parameters, request.limit + 1)
    shown = rows[: request.limit]
    more = Position(position.total, (str(as_iso(shown[-1]["updated_at"])), shown[-1]["id"])) if shown else position
    return Page(
        items=[as_row(row) for row in shown],
        total=min(position.total, TOTAL_CAP),
        next_cursor=write_cursor(more, of) if len(rows) > len(shown) else None,
    )


async def _position(context: Context, request: PageRequest, source: str, where: Conditions, of: str) -> Position:
    if request.cursor is not None:
        return read_cursor(request.cursor, of, (str, int))
    counted = sql(f"select count(*) as total from (select 1 from {source} where {where} limit {TOTAL_CAP + 1}) as c")  # noqa: S608
    row = await context.db.fetch_one(counted, *where.parameters)
    return Position(row["total"] if row else 0, ())


def leave_out_archived(where: Conditions, request: PageRequest) -> None:
    """What is archived, by itself or with its project `p`, is left out, or asked for by the status `archived`."""
    present = "t.archived_at is null and p.archived_at is null"
    where.add(f"not ({present})" if "archived" in request.status else present)


def require_states(request: PageRequest, known: tuple[str, ...], kind: str) -> list[str]:
    """The states asked for, without `archived`, which every kind with keys has. Raises InvalidArguments."""
    for name in request.status:
        if name not in (*known, "archived"):
            hint = f"{closest(name, known)} It may be {', '.join(known)}; archived shows what was put away."
            raise InvalidArguments(f"list_items: `status` of kind={kind} is never {clip(name, 40)}.", hint.strip())
    return [name for name in request.status if name != "archived"]
