"""Comments: the table and every statement on it."""

from datetime import datetime

from sqlalchemy import Column, Index, Table, Text

from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import BigId, Time, id_column, metadata, reference

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
    Index("ix_comments_subject", "subject_kind", "subject_id", "id"),
    sqlite_autoincrement=True,
)

_INSERT = sql("""
    insert into comments (workspace_id, subject_kind, subject_id, text, author_id, machine, session, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8) returning id
""")
_LATEST = sql("""
    select c.text, a.name as author, c.machine, c.session, c.created_at
    from comments c join accounts a on a.id = c.author_id
    where c.workspace_id = $1 and c.subject_kind = $2 and c.subject_id = $3 order by c.id desc limit $4
""")
_COUNT = sql("""
    select count(*) as total from comments where workspace_id = $1 and subject_kind = $2 and subject_id = $3
""")


async def insert(db: Connection, actor: Actor, subject: tuple[str, int], text: str, now: datetime) -> None:
    await db.fetch(_INSERT, actor.workspace_id, *subject, text, actor.account_id, actor.machine, actor.session, now)


async def latest(db: Connection, workspace_id: int, subject: tuple[str, int], limit: int) -> list[Row]:
    """Newest first."""
    return await db.fetch(_LATEST, workspace_id, *subject, limit)


async def count(db: Connection, workspace_id: int, subject: tuple[str, int]) -> int:
    row = await db.fetch_one(_COUNT, workspace_id, *subject)
    return row["total"] if row else 0
