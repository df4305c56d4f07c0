"""The statements behind lists of issues: any combination of filters, five orders, keyset pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.errors import InvalidCursor
from turbo_server.kit.paging import TOTAL_CAP, read_moment
from turbo_server.kit.sql import Conditions, sql

from .conditions import WAITS

LABELS = """(
    select {json_list}(l.name) from (
        select l.name from issue_labels il join labels l on l.id = il.label_id where il.issue_id = i.id order by l.name
    ) as l)"""
COLUMNS = f"""
    i.id, p.key as project_key, i.number, i.title, i.type, i.status, i.priority, a.name as assignee, i.due,
    i.updated_at, {LABELS} as labels, {WAITS} as waits
"""
SOURCE = """
    from issues i join projects p on p.id = i.project_id left join accounts a on a.id = i.assignee_id
"""

_TEXTS = sql(f"""
    select i.id, i.title, i.description, i.handoff, i.criteria, i.status, i.archived_at, {LABELS} as labels
    from issues i where i.workspace_id = $1 and i.id {{among}} $2 {{end_among}}
""")  # noqa: S608 - all parts are ours


@dataclass(frozen=True, slots=True)
class Order:
    """`value` is the SQL of the sort value, `kinds` what a cursor holds of it (its type, then the id's)."""

    value: str
    kind: type
    descending: bool = False

    @property
    def clause(self) -> str:
        way = "desc" if self.descending else "asc"
        return f"{self.value} {way}, i.id {way}"

    @property
    def beyond(self) -> str:
        return "<" if self.descending else ">"

    def read(self, value: str | int) -> object:
        """A cursor's value as the column's type. Raises InvalidCursor."""
        if self.kind is datetime:
            return read_moment(str(value))
        if self.kind is date:
            try:
                return date.fromisoformat(str(value))
            except ValueError as error:
                raise InvalidCursor from error
        if self.kind is int and int(value) > LARGEST_SMALL:
            raise InvalidCursor
        return value

    @property
    def cursor_kinds(self) -> tuple[type, ...]:
        return (int if self.kind is int else str, int)


LARGEST_SMALL = 2**15 - 1  # of a priority
NO_DUE = "9999-01-01"  # not 12-31: asyncpg sends date.max as infinity
ORDERS: dict[str, Order] = {
    "updated": Order("i.updated_at", datetime, descending=True),
    "created": Order("i.created_at", datetime, descending=True),
    "priority": Order("i.priority", int),
    "due": Order(f"coalesce(i.due, '{NO_DUE}'{{as_date}})", date),
    "key": Order("p.key || '-' || substr('000000000' || i.number, length('' || i.number) + 1)", str),
}


async def page(db: Connection, where: Conditions, order: Order, after: tuple[Any, int] | None, limit: int) -> list[Row]:
    """Rows with their `sort_value`; `after` is the sort value and id that the page before ended with."""
    terms = str(where)
    parameters = list(where.parameters)
    if after is not None:
        terms += f" and ({order.value}, i.id) {order.beyond} (${len(parameters) + 1}, ${len(parameters) + 2})"
        parameters += after
    statement = sql(
        f"select {COLUMNS}, {order.value} as sort_value {SOURCE} where {terms} order by {order.clause} "
        f"limit ${len(parameters) + 1}"
    )
    return await db.fetch(statement, *parameters, limit)


async def total(db: Connection, where: Conditions) -> int:
    """At most TOTAL_CAP + 1: the reader then knows that there are more."""
    statement = sql(
        f"select count(*) as total from (select 1 {SOURCE} where {where} limit {TOTAL_CAP + 1}) as counted"  # noqa: S608
    )
    row = await db.fetch_one(statement, *where.parameters)
    return row["total"] if row else 0


async def texts(db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
    """What search reads of these."""
    return await db.fetch(_TEXTS, workspace_id, ids)


def cursor_value(value: object) -> str | int:
    """A row's sort value as a cursor keeps it: SQLite answers times and days as text already."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value  # type: ignore[return-value]
