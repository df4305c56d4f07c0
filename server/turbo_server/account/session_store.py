"""The sessions of the web page, and the one-time codes that become one: the table and every statement on it.

A row is a code until that is used: then it has no `code_hash` any more, and a `hash`.
"""

from datetime import datetime

from sqlalchemy import Column, Index, Table, Text

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, reference

from .caller_store import IDENTITY, OWNERS

MOST_OF_A_KEY = 50  # the oldest make room

web_sessions = Table(
    "web_sessions",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("key_id", "api_keys"),
    Column("hash", Text, unique=True),  # of what the cookie holds
    Column("code_hash", Text, unique=True),
    Column("created_at", Time, nullable=False),
    Column("used_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    Index("ix_web_sessions_key", "key_id", "id"),
    Index("ix_web_sessions_expires_at", "expires_at"),
    sqlite_autoincrement=True,
)

_BY_HASH = sql(f"""
    {IDENTITY}, s.id as web_session_id, s.used_at
    {OWNERS} join web_sessions s on s.key_id = k.id
    where s.hash = $1 and s.expires_at > $2 and s.used_at > $3
""")
_TOUCH = sql("update web_sessions set used_at = $2 where id = $1 returning id")
_ADD = sql("""
    insert into web_sessions (workspace_id, key_id, hash, code_hash, created_at, used_at, expires_at)
    values ($1, $2, $3, $4, $5, $5, $6) returning id
""")
_USE_CODE = sql("""
    update web_sessions set code_hash = null, hash = $2, created_at = $3, used_at = $3, expires_at = $4
    where code_hash = $1 and expires_at > $3
    returning id
""")
_END_EXPIRED = sql("delete from web_sessions where expires_at <= $1 returning id")
_END_OLDEST = sql("""
    delete from web_sessions
    where key_id = $1
      and id <= (select o.id from web_sessions o where o.key_id = $1 order by o.id desc limit 1 offset $2)
    returning id
""")
_OF_ACCOUNT = sql("""
    select s.id, s.key_id, k.name as key_name, s.created_at, s.used_at, s.expires_at
    from web_sessions s join api_keys k on k.id = s.key_id
    where k.workspace_id = $1 and k.account_id = $2 and k.revoked_at is null and s.hash is not null
      and s.expires_at > $3 and s.used_at > $4
    order by s.id limit 1000
""")
_END = sql("delete from web_sessions where workspace_id = $1 and id = $2 returning id")
_END_SECRET = sql("delete from web_sessions where hash = $1 returning id")
_END_OF_KEY = sql("delete from web_sessions where workspace_id = $1 and key_id = $2 and hash is not null returning id")


async def by_hash(db: Connection, secret: str, now: datetime, idle_since: datetime) -> Row | None:
    """The session's key and its person, as caller_store.by_hash, while the session lasts."""
    return await db.fetch_one(_BY_HASH, secret, now, idle_since)


async def touch(db: Connection, session_id: int, now: datetime) -> None:
    await db.fetch(_TOUCH, session_id, now)


async def add(
    db: Connection, owner: tuple[int, int], now: datetime, until: datetime,
    *, secret: str | None = None, code: str | None = None,
) -> int:  # fmt: skip
    """`owner` is (workspace id, key id); of the hashes of a session's secret and a code it has one. Clears up first."""
    await db.fetch(_END_EXPIRED, now)
    await db.fetch(_END_OLDEST, owner[1], MOST_OF_A_KEY - 1)
    row = await db.fetch_one(_ADD, *owner, secret, code, now, until)
    assert row is not None  # noqa: S101 - 256 random bits do not repeat
    return int(row["id"])


async def use_code(db: Connection, code: str, secret: str, now: datetime, until: datetime) -> bool:
    """It becomes a session, for one caller only: whoever comes a moment later finds it used."""
    return bool(await db.fetch(_USE_CODE, code, secret, now, until))


async def of_account(
    db: Connection, workspace_id: int, account_id: int, now: datetime, idle_since: datetime
) -> list[Row]:
    return await db.fetch(_OF_ACCOUNT, workspace_id, account_id, now, idle_since)


async def end(db: Connection, workspace_id: int, session_id: int) -> int:
    """How many that were."""
    return len(await db.fetch(_END, workspace_id, session_id))


async def end_secret(db: Connection, secret: str) -> None:
    await db.fetch(_END_SECRET, secret)


async def end_of_key(db: Connection, workspace_id: int, key_id: int) -> int:
    return len(await db.fetch(_END_OF_KEY, workspace_id, key_id))
