"""The statements that read the audit: what happened to items, and what happened to keys and people, newest first."""

from dataclasses import dataclass
from datetime import datetime

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.sql import Conditions, sql

# A place in the whole: (moment, rank of its table, id). In one call a key is looked at before an item is changed.
Place = tuple[datetime, int, int]
HAPPENINGS, EVENTS = 0, 1
_HIGHEST = 2**53

_EVENTS = """
    select x.id, x.created_at, x.action, a.name as person, x.api_key_id as key_id, k.name as key_name, x.machine,
           x.session, null as address, x.key as item, null as about_person, null as about_key_id,
           null as about_key_name, null as details
    from events x join accounts a on a.id = x.author_id left join api_keys k on k.id = x.api_key_id
"""
_HAPPENINGS = """
    select x.id, x.created_at, x.action, a.name as person, x.key_id, k.name as key_name, x.machine, x.session,
           x.address, null as item, b.name as about_person, x.about_key_id, c.name as about_key_name, x.details
    from audit x left join accounts a on a.id = x.account_id left join api_keys k on k.id = x.key_id
    left join accounts b on b.id = x.about_account_id left join api_keys c on c.id = x.about_key_id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Filters that all combine. `item` is (kind, id); `key_id` an API key, used or acted on."""

    since: datetime | None = None
    account_id: int | None = None
    machine: str | None = None
    session: str | None = None
    action: str | None = None
    item: tuple[str, int] | None = None
    key_id: int | None = None


async def page(
    db: Connection, workspace_id: int, wanted: Wanted, before: Place | None, limit: int
) -> list[tuple[Place, Row]]:
    """Two short walks, one along each table's index by time, put in one order."""
    found: list[tuple[Place, Row]] = []
    for rank in (EVENTS, HAPPENINGS):
        if rank == HAPPENINGS and wanted.item:
            continue
        source, owners, keys = _SOURCES[rank]
        where = _conditions(workspace_id, wanted, before, rank)
        _add_any(where, owners, wanted.account_id)
        _add_any(where, keys, wanted.key_id)
        statement = sql(f"{source} where {where} order by x.created_at desc, x.id desc limit {limit:d}")
        rows = await db.fetch(statement, *where.parameters)
        found += [((as_moment(row["created_at"]), rank, row["id"]), row) for row in rows]
    return sorted(found, key=lambda each: each[0], reverse=True)[:limit]


_SOURCES = {
    EVENTS: (_EVENTS, ("x.author_id",), ("x.api_key_id",)),
    HAPPENINGS: (_HAPPENINGS, ("x.account_id", "x.about_account_id"), ("x.key_id", "x.about_key_id")),
}


def _conditions(workspace_id: int, wanted: Wanted, before: Place | None, rank: int) -> Conditions:
    where = Conditions(workspace_id)
    where.add("x.workspace_id = $1")
    if before:
        moment, other, number = before
        below = number if rank == other else _HIGHEST if rank < other else 0
        where.add("(x.created_at, x.id) < ($?, $?)", moment, below)
    if wanted.since:
        where.add("x.created_at >= $?", wanted.since)
    for name in ("machine", "session", "action"):
        if value := getattr(wanted, name):
            where.add(f"x.{name} = $?", value)
    if wanted.item:
        where.add("x.subject_kind = $? and x.subject_id = $?", *wanted.item)
    return where


def _add_any(where: Conditions, columns: tuple[str, ...], value: int | None) -> None:
    if value is not None:
        number = where.bind(value)
        where.add(" or ".join(f"{column} = {number}" for column in columns))
