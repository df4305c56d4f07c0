"""Comments: the table and every statement on it."""

from datetime import datetime

from sqlalchemy import Column, Index, Table, Text

from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import BigId, Time, id_column, metadata, reference, version_column

comments = Table(
    "comments",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", BigId, nullable=False),
    Column("text", Text, nullable=False),
    reference("author_id", "accounts"),
    Column("machine", Text),
    Column("session", Text),
    Column("created_at", Time, nullable=False),
    reference("reply_to_id", "comments", required=False),
    Column("archived_at", Time),
    version_column(),
    Column("mentor", Text),  # who wrote it, for the author that asked
    Index("ix_comments_subject", "subject_kind", "subject_id", "id"),
    sqlite_autoincrement=True,
)

_INSERT = sql("""
    insert into comments (workspace_id, subject_kind, subject_id, text, reply_to_id, author_id, machine, session,
                          created_at, mentor)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning id
""")
_LATEST = sql("""
    select c.id, c.reply_to_id, c.text, c.mentor, a.name as author, c.machine, c.session, c.created_at
    from comments c join accounts a on a.id = c.author_id
    where c.workspace_id = $1 and c.subject_kind = $2 and c.subject_id = $3 and c.archived_at is null
    order by c.id desc limit $4
""")
_BELONGS = sql("""
    select id from comments
    where id = $1 and workspace_id = $2 and subject_kind = $3 and subject_id = $4 and archived_at is null
""")
_ONE = sql("""
    select id, subject_kind, subject_id, text, mentor from comments
    where id = $1 and workspace_id = $2 and archived_at is null
""")
_COUNT = sql("""
    select count(*) as total from comments
    where workspace_id = $1 and subject_kind = $2 and subject_id = $3 and archived_at is null
""")
_PUT_AWAY = sql("""
    update comments set archived_at = $3, version = version + 1
    where id = $1 and workspace_id = $2 and archived_at is null returning id
""")
_BRING_BACK = sql("""
    update comments set archived_at = null, version = version + 1
    where id = $1 and workspace_id = $2 and archived_at is not null returning id
""")


async def insert(
    db: Connection, actor: Actor, subject: tuple[str, int], text: str, reply_to: int | None, mentor: str | None,
    now: datetime,
) -> int:  # fmt: skip
    """`mentor`: who wrote it for that actor."""
    author = (actor.account_id, actor.machine, actor.session)
    row = await db.fetch_one(_INSERT, actor.workspace_id, *subject, text, reply_to, *author, now, mentor)
    assert row is not None  # noqa: S101 - an insert answers its id
    return int(row["id"])


async def belongs_to(db: Connection, workspace_id: int, comment_id: int, subject: tuple[str, int]) -> bool:
    return await db.fetch_one(_BELONGS, comment_id, workspace_id, *subject) is not None


async def latest(db: Connection, workspace_id: int, subject: tuple[str, int], limit: int) -> list[Row]:
    """Newest first."""
    return await db.fetch(_LATEST, workspace_id, *subject, limit)


async def one(db: Connection, workspace_id: int, comment_id: int) -> Row | None:
    """None for one that was put away."""
    return await db.fetch_one(_ONE, comment_id, workspace_id)


async def count(db: Connection, workspace_id: int, subject: tuple[str, int]) -> int:
    row = await db.fetch_one(_COUNT, workspace_id, *subject)
    return row["total"] if row else 0


async def put_away(db: Connection, workspace_id: int, entry_id: int, now: datetime) -> bool:
    """False where it is not there, or put away already."""
    return await db.fetch_one(_PUT_AWAY, entry_id, workspace_id, now) is not None


async def bring_back(db: Connection, workspace_id: int, entry_id: int) -> bool:
    """False where it is not there, or not put away."""
    return await db.fetch_one(_BRING_BACK, entry_id, workspace_id) is not None
