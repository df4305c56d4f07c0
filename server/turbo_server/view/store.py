"""Saved views: the table and every statement on it."""

from datetime import datetime

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, partial_index, reference

Owner = tuple[int, int]  # (workspace id, account id)

saved_views = Table(
    "saved_views",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("account_id", "accounts"),
    Column("name", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("query", Text, nullable=False),
    reference("project_id", "projects", required=False),  # one that its filters name: who does not see it, sees no view
    Column("place", Integer, nullable=False),  # among the person's own
    Column("shared_at", Time),
    Column("created_at", Time, nullable=False),
    UniqueConstraint("account_id", "name"),
    Index("ix_saved_views_place", "account_id", "place", "id"),
    sqlite_autoincrement=True,
)
partial_index("ix_saved_views_shared", saved_views.c.workspace_id, where="shared_at is not null")

_COLUMNS = """
    v.id, v.account_id, v.name, v.page, v.query, v.project_id, v.shared_at, a.name as person
"""
_SOURCE = "saved_views v join accounts a on a.id = v.account_id"
_OWN = sql(f"""
    select {_COLUMNS} from {_SOURCE} where v.workspace_id = $1 and v.account_id = $2 order by v.place, v.id limit 1000
""")  # noqa: S608 - all parts of these are ours
_SHARED = sql(f"""
    select {_COLUMNS} from {_SOURCE} where v.workspace_id = $1 and v.account_id <> $2 and v.shared_at is not null
    order by v.name, v.id limit 1000
""")  # noqa: S608
_ONE = sql(f"select {_COLUMNS} from {_SOURCE} where v.workspace_id = $1 and v.id = $2")  # noqa: S608
_COUNT = sql(
    "select count(*) as found, coalesce(max(place), 0) as last from saved_views where account_id = $1",
    sees_all="counts the person's own",
)
_ADD = sql("""
    insert into saved_views (workspace_id, account_id, name, page, query, project_id, place, shared_at, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (account_id, name) do nothing returning id
""")
_NAMED = sql(
    "select id from saved_views where account_id = $1 and name = $2 and id <> $3",
    sees_all="says whether a name is the person's own already",
)
_CHANGE = sql("""
    update saved_views set name = $3, page = $4, query = $5, project_id = $6, shared_at = $7
    where workspace_id = $1 and id = $2 returning id
""")
_PLACE = sql("update saved_views set place = $3 where account_id = $1 and id = $2 returning id")
_DELETE = sql("delete from saved_views where workspace_id = $1 and id = $2 returning id")


async def own(db: Connection, owner: Owner) -> list[Row]:
    return await db.fetch(_OWN, *owner)


async def shared_by_others(db: Connection, owner: Owner) -> list[Row]:
    return await db.fetch(_SHARED, *owner)


async def one(db: Connection, workspace_id: int, view_id: int) -> Row | None:
    return await db.fetch_one(_ONE, workspace_id, view_id)


async def count(db: Connection, account_id: int) -> tuple[int, int]:
    """(how many the person has, the last place among them)."""
    row = await db.fetch_one(_COUNT, account_id)
    return (row["found"], row["last"]) if row else (0, 0)


async def add(
    db: Connection, owner: Owner, named: tuple[str, str, str], project_id: int | None, place: int,
    shared_at: datetime | None, now: datetime,
) -> int | None:  # fmt: skip
    """`named` is (name, page, query). None where the person has one of that name."""
    row = await db.fetch_one(_ADD, *owner, *named, project_id, place, shared_at, now)
    return int(row["id"]) if row else None


async def is_named(db: Connection, account_id: int, name: str, but: int) -> bool:
    """Whether another one of the person's has that name."""
    return await db.fetch_one(_NAMED, account_id, name, but) is not None


async def change(
    db: Connection, view: tuple[int, int], named: tuple[str, str, str], project_id: int | None,
    shared_at: datetime | None,
) -> None:  # fmt: skip
    """`view` is (workspace id, id)."""
    await db.fetch(_CHANGE, *view, *named, project_id, shared_at)


async def put(db: Connection, account_id: int, view_id: int, place: int) -> None:
    await db.fetch(_PLACE, account_id, view_id, place)


async def delete(db: Connection, workspace_id: int, view_id: int) -> None:
    await db.fetch(_DELETE, workspace_id, view_id)
