"""Relations: the table and every statement on it."""

from datetime import datetime

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import BigId, author_columns, id_column, metadata, reference

relations = Table(
    "relations",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("type", Text, nullable=False),
    Column("from_kind", Text, nullable=False),
    Column("from_id", BigId, nullable=False),
    Column("to_kind", Text, nullable=False),
    Column("to_id", BigId, nullable=False),
    *author_columns(),
    UniqueConstraint("from_kind", "from_id", "type", "to_kind", "to_id"),
    Index("ix_relations_to", "to_kind", "to_id"),
    sqlite_autoincrement=True,
)

End = tuple[str, int]  # kind and id

_INSERT = sql("""
    insert into relations (workspace_id, type, from_kind, from_id, to_kind, to_id, created_by, machine, session,
                           created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning id
""")
_DELETE = sql("""
    delete from relations where workspace_id = $1 and type = $2 and from_kind = $3 and from_id = $4 and to_kind = $5
      and to_id = $6 returning id
""")
_THERE = sql("""
    select id from relations where workspace_id = $1 and type = $2 and from_kind = $3 and from_id = $4 and to_kind = $5
      and to_id = $6
""")
_OF = sql("""
    select id, type, 1 as is_outgoing, to_kind as kind, to_id as item_id from relations
    where workspace_id = $1 and from_kind = $2 and from_id = $3
    union all
    select id, type, 0, from_kind, from_id from relations where workspace_id = $1 and to_kind = $2 and to_id = $3
    order by id desc limit $4
""")


async def insert(db: Connection, actor: Actor, kind: str, start: End, end: End, now: datetime) -> bool:
    """Whether there was no such link."""
    author = (actor.account_id, actor.machine, actor.session)
    return await db.fetch_one(_INSERT, actor.workspace_id, kind, *start, *end, *author, now) is not None


async def delete(db: Connection, workspace_id: int, kind: str, start: End, end: End) -> bool:
    """Whether there was such a link."""
    return await db.fetch_one(_DELETE, workspace_id, kind, *start, *end) is not None


async def is_there(db: Connection, workspace_id: int, kind: str, start: End, end: End) -> bool:
    return await db.fetch_one(_THERE, workspace_id, kind, *start, *end) is not None


async def links_of(db: Connection, workspace_id: int, item: End, limit: int) -> list[Row]:
    """Newest first, from both ends."""
    return await db.fetch(_OF, workspace_id, *item, limit)
