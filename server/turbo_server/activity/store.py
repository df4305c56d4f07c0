"""Events: the table and every statement on it.

`tx` is the transaction that wrote the event: numbers are given out before transactions commit, so a reader who only
remembered the last id would skip what commits late. SQLite has one writer at a time; there it is 0.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Table, Text

from turbo_server.kit.bell import EVENTS
from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import BigId, author_columns, id_column, metadata, partial_index, reference

events = Table(
    "events",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("tx", BigInteger, nullable=False, server_default="0"),
    Column("action", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", BigId, nullable=False),
    Column("key", Text, nullable=False),
    reference("project_id", "projects", required=False),
    Column("changes", Text),  # JSON: {field: [before, after]}, in a caller's words
    reference("undoes_id", "events", required=False),
    reference("api_key_id", "api_keys", required=False),  # with which it was done; none: from a command line
    *author_columns("author_id"),
    Index("ix_events_order", "workspace_id", "tx", "id"),
    Index("ix_events_subject", "subject_kind", "subject_id", "id"),
    Index("ix_events_session", "workspace_id", "session", "id"),
    Index("ix_events_time", "workspace_id", "created_at", "id"),
    sqlite_autoincrement=True,
)
partial_index("ix_events_undoes", events.c.undoes_id, where="undoes_id is not null")

# Nothing is inserted where the project is archived, unless $13 says that this does not matter.
_INSERT = sql("""
    insert into events (workspace_id, tx, action, subject_kind, subject_id, key, project_id, changes, undoes_id,
                        author_id, machine, session, created_at, api_key_id)
    select $1, {this_tx}, $2, $3, $4, $5, cast($6 as bigint), $7, $8, $9, $10, $11, $12, cast($14 as bigint)
    where $13 or not exists (select 1 from projects where id = cast($6 as bigint) and archived_at is not null)
    returning id
""")
_MOVE = sql("""
    update events set project_id = $4 where workspace_id = $1 and subject_kind = $2 and subject_id = $3 returning id
""")
_SUBJECTS = sql("""
    select subject_id from events where workspace_id = $1 and session = $2 and subject_kind = $3 and action = $4
    order by id desc limit 50
""")


async def insert(
    db: Connection, actor: Actor, action: str, subject: tuple[str, int, str, int | None],
    changes: str | None, undoes_id: int | None, now: datetime, *, anywhere: bool,
) -> int | None:  # fmt: skip
    """`subject` is (kind, id, key, project id). None where the project is archived, unless `anywhere`."""
    author = (actor.account_id, actor.machine, actor.session)
    values = (actor.workspace_id, action, *subject, changes, undoes_id, *author, now, anywhere, actor.key_id or None)
    row = await db.fetch_one(_INSERT, *values)
    db.after_commit(EVENTS.ring)
    return int(row["id"]) if row else None


async def move(db: Connection, workspace_id: int, subject: tuple[str, int], project_id: int | None) -> None:
    await db.fetch(_MOVE, workspace_id, *subject, project_id)


async def subjects(db: Connection, workspace_id: int, session: str, kind: str, action: str) -> list[int]:
    return [row["subject_id"] for row in await db.fetch(_SUBJECTS, workspace_id, session, kind, action)]
