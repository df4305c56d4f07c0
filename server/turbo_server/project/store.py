"""Projects: the table, the counter that numbers their issues, and every statement on them."""

from datetime import datetime

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.records import Records
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, partial_index, reference, version_column

projects = Table(
    "projects",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("next_number", Integer, nullable=False, server_default="1"),
    Column("created_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    Column("next_initiative", Integer, nullable=False, server_default="1"),
    Column("next_milestone", Integer, nullable=False, server_default="1"),
    Column("next_document", Integer, nullable=False, server_default="1"),
    Column("archived_at", Time),
    Column("private_at", Time),  # since when only its members know of it
    version_column(),
    UniqueConstraint("workspace_id", "key"),
    sqlite_autoincrement=True,
)
partial_index("ix_projects_private", projects.c.workspace_id, projects.c.id, where="private_at is not null")
partial_index("ix_projects_archived", projects.c.workspace_id, projects.c.id, where="archived_at is not null")

RECORDS = Records(projects)

_COLUMNS = "id, key, name, description, next_number, updated_at, archived_at, version"
_FIND = sql(f"select {_COLUMNS} from projects where workspace_id = $1 and key = $2")  # noqa: S608
_BY_ID = sql(f"select {_COLUMNS} from projects where workspace_id = $1 and id {{among}} $2 {{end_among}}")  # noqa: S608
_NEXT = {
    kind: sql(f"""
        update projects set next_{kind} = next_{kind} + 1, updated_at = $3 where workspace_id = $1 and key = $2
        {{seen_project}} returning id, next_{kind} - 1 as number
    """)  # noqa: S608 - all parts are ours
    for kind in ("initiative", "milestone", "document")
}
_KEYS = sql("select key from projects where workspace_id = $1 order by key limit 200")
_INSERT = sql("""
    insert into projects (workspace_id, key, name, description, created_at, updated_at) values ($1, $2, $3, $4, $5, $5)
    on conflict do nothing returning id
""")
_LIVE_KEYS = sql("""
    select key from (
    select p.key || each.rest as key from projects p join (
        select project_id, '-' || number as rest from issues where project_id = $1 and archived_at is null
        union all select project_id, '-I' || number from initiatives where project_id = $1 and archived_at is null
        union all select project_id, '-M' || number from milestones where project_id = $1 and archived_at is null
        union all select project_id, '-D' || number from documents where project_id = $1 and archived_at is null
    ) as each on each.project_id = p.id where p.workspace_id = $2
    union all
    select 'DEC-' || number from decisions where project_id = $1 and workspace_id = $2 and archived_at is null
    ) as live limit $3
""")
_COUNTS = """
    (select count(*) from issues i
     where i.project_id = p.id and i.status not in ('done', 'cancelled') and i.archived_at is null) as open,
    (select count(*) from issues i
     where i.project_id = p.id and i.status = 'done' and i.archived_at is null) as done
"""
_LIST = sql(f"""
    select p.key, p.name, p.description, p.updated_at, {_COUNTS}
    from projects p where p.workspace_id = $1 and p.key > $2 and (p.archived_at is not null) = $4
    order by p.key limit $3
""")  # noqa: S608 - both parts are ours
_TOTAL = sql("select count(*) as total from projects where workspace_id = $1 and (archived_at is not null) = $2")


async def find(db: Connection, workspace_id: int, key: str) -> Row | None:
    return await db.fetch_one(_FIND, workspace_id, key)


async def by_id(db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
    return await db.fetch(_BY_ID, workspace_id, ids)


async def take_number(db: Connection, workspace_id: int, key: str, kind: str, now: datetime) -> Row | None:
    """The project's id and the next number of that kind in it; the counter stays locked until the transaction ends."""
    return await db.fetch_one(_NEXT[kind], workspace_id, key, now)


async def live_keys(db: Connection, workspace_id: int, project_id: int, limit: int) -> list[str]:
    """Of what is numbered in the project and not archived."""
    return [row["key"] for row in await db.fetch(_LIVE_KEYS, project_id, workspace_id, limit)]


async def keys(db: Connection, workspace_id: int) -> list[str]:
    return [row["key"] for row in await db.fetch(_KEYS, workspace_id)]


async def insert(db: Connection, workspace_id: int, key: str, name: str, description: str, now: datetime) -> int | None:
    """The new id; None when the key is taken."""
    row = await db.fetch_one(_INSERT, workspace_id, key, name, description, now)
    return row["id"] if row else None


async def page(db: Connection, workspace_id: int, after: str, limit: int, *, archived: bool) -> list[Row]:
    return await db.fetch(_LIST, workspace_id, after, limit, archived)


async def total(db: Connection, workspace_id: int, *, archived: bool) -> int:
    row = await db.fetch_one(_TOTAL, workspace_id, archived)
    return row["total"] if row else 0
