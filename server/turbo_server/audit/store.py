"""The audit of what concerns keys and people: the table, which is only ever added to, and every statement on it."""

from datetime import datetime

from sqlalchemy import Column, Index, Table, Text

from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, partial_index, reference

# `account_id`, `machine`, `session`, `address` and `key_id` tell who did it, and with which key: none of them where it
# was done at the server's own command line. `about_...` tell what it was done to.
audit = Table(
    "audit",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("action", Text, nullable=False),
    reference("account_id", "accounts", required=False),
    reference("key_id", "api_keys", required=False),
    Column("machine", Text),
    Column("session", Text),
    Column("address", Text),
    reference("about_account_id", "accounts", required=False),
    reference("about_key_id", "api_keys", required=False),
    Column("details", Text),  # JSON: {name: value}
    Column("created_at", Time, nullable=False),
    Index("ix_audit_time", "workspace_id", "created_at", "id"),
    sqlite_autoincrement=True,
)
partial_index("ix_audit_key", audit.c.about_key_id, audit.c.action, audit.c.id, where="about_key_id is not null")

_COLUMNS = """workspace_id, action, account_id, key_id, machine, session, address, about_account_id, about_key_id,
              details, created_at"""
_INSERT = sql(f"""
    insert into audit ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id
""")  # noqa: S608 - the columns are ours
_INSERT_NEW = sql(f"""
    insert into audit ({_COLUMNS}) select $1, $2, $3, $4, $5, $6, $7, $8, cast($9 as bigint), $10, $11
    where not exists (select 1 from audit where about_key_id = cast($9 as bigint) and action = $2
                      and coalesce(address, '') = coalesce($7, '') and created_at > $12)
    returning id
""")  # noqa: S608
Values = tuple[object, ...]  # of all columns but the moment, in their order


async def insert(db: Connection, values: Values, now: datetime) -> None:
    await db.fetch(_INSERT, *values, now)


async def insert_new(db: Connection, values: Values, now: datetime, since: datetime) -> None:
    """Unless the same was written of the same key and address since then."""
    await db.fetch(_INSERT_NEW, *values, now, since)
