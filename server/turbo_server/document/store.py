"""Documents and their versions: the tables and every statement on them."""

from datetime import datetime

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.records import Records
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import author_columns, change_columns, id_column, metadata, newest_first, reference

documents = Table(
    "documents",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("characters", Integer, nullable=False),
    *change_columns(),
    Column("text", Text, nullable=False),  # last: SQLite reads through it to whatever stands behind
    UniqueConstraint("project_id", "number"),
    sqlite_autoincrement=True,
)
newest_first(documents)

document_versions = Table(
    "document_versions",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("document_id", "documents"),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("note", Text),
    Column("characters", Integer, nullable=False),
    *author_columns("author_id"),
    Column("text", Text, nullable=False),
    UniqueConstraint("document_id", "version"),
    sqlite_autoincrement=True,
)

RECORDS = Records(documents)

_BRIEF = """
    select d.id, d.project_id, p.key as project_key, d.number, d.title, d.status, d.archived_at
    from documents d join projects p on p.id = d.project_id
"""
_BY_KEY = sql(f"{_BRIEF} where p.workspace_id = $1 and p.key = $2 and d.number = $3")
_BY_ID = sql(f"{_BRIEF} where d.workspace_id = $1 and d.id {{among}} $2 {{end_among}}")
_NEAR = sql("""
    select d.number from documents d join projects p on p.id = d.project_id
    where p.workspace_id = $1 and p.key = $2 and d.number <= $3 order by d.number desc limit 3
""")
_LAST = sql("select next_document - 1 as number from projects where workspace_id = $1 and key = $2")
_WHOLE = sql("""
    select p.key as project, d.title, d.status, d.version, d.characters, d.created_at, d.updated_at, d.archived_at,
           a.name as created_by, d.machine, d.session, d.text
    from documents d join projects p on p.id = d.project_id join accounts a on a.id = d.created_by
    where d.workspace_id = $1 and d.id = $2
""")
_AT = sql("select version, characters from documents where workspace_id = $1 and id = $2")
_KEEP = sql("""
    insert into document_versions (workspace_id, document_id, version, title, text, characters, note,
                                   author_id, machine, session, created_at)
    select workspace_id, id, version, title, text, characters, $2, $3, $4, $5, $6 from documents where id = $1
    returning id
""")
_NOTE = sql("update document_versions set note = $3 where document_id = $1 and version = $2 returning id")
_VERSION = """
    v.version, v.title, v.note, v.characters, a.name as author, v.machine, v.session, v.created_at
    from document_versions v join accounts a on a.id = v.author_id where v.workspace_id = $1 and v.document_id = $2
"""
_LATEST = sql(f"select {_VERSION} order by v.version desc limit $3")
# A change of its state alone makes no copy of the text: that stands at the version before.
_BEFORE = sql(f"select {_VERSION} and v.version < $3 order by v.version desc limit $4")
_COUNT = sql("select count(*) as total from document_versions where workspace_id = $1 and document_id = $2")
_ONE = sql(f"select v.text, {_VERSION} and v.version <= $3 order by v.version desc limit 1")


async def by_key(db: Connection, workspace_id: int, project: str, number: int) -> Row | None:
    return await db.fetch_one(_BY_KEY, workspace_id, project, number)


async def by_id(db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
    return await db.fetch(_BY_ID, workspace_id, ids)


async def nearest_numbers(db: Connection, workspace_id: int, project: str, number: int) -> list[int]:
    return [row["number"] for row in await db.fetch(_NEAR, workspace_id, project, number)]


async def last_number(db: Connection, workspace_id: int, project: str) -> int | None:
    """None for a project that is not there."""
    row = await db.fetch_one(_LAST, workspace_id, project)
    return row["number"] if row else None


async def whole(db: Connection, workspace_id: int, document_id: int) -> Row | None:
    return await db.fetch_one(_WHOLE, workspace_id, document_id)


async def at(db: Connection, workspace_id: int, document_id: int) -> Row:
    """Which version it is at, and how long that is."""
    row = await db.fetch_one(_AT, workspace_id, document_id)
    assert row is not None  # noqa: S101 - nothing is hard-deleted
    return row


async def keep_version(db: Connection, actor: Actor, document_id: int, now: datetime) -> None:
    """What the document holds, as the version it is at."""
    await db.fetch(_KEEP, document_id, None, actor.account_id, actor.machine, actor.session, now)


async def set_note(db: Connection, document_id: int, version: int, note: str) -> None:
    await db.fetch(_NOTE, document_id, version, note)


async def latest_versions(db: Connection, workspace_id: int, document_id: int, limit: int) -> list[Row]:
    """Newest first, without their texts."""
    return await db.fetch(_LATEST, workspace_id, document_id, limit)


async def versions_before(db: Connection, workspace_id: int, document_id: int, number: int, limit: int) -> list[Row]:
    """Newest first, without their texts."""
    return await db.fetch(_BEFORE, workspace_id, document_id, number, limit)


async def count_versions(db: Connection, workspace_id: int, document_id: int) -> int:
    row = await db.fetch_one(_COUNT, workspace_id, document_id)
    return row["total"] if row else 0


async def version(db: Connection, workspace_id: int, document_id: int, number: int) -> Row | None:
    """What the document held when it was at that version."""
    return await db.fetch_one(_ONE, workspace_id, document_id, number)
