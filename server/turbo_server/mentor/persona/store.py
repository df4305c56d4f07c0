"""Mentors: the table and every statement on it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic_core import to_json
from sqlalchemy import Boolean, Column, Integer, Table, Text, UniqueConstraint, false

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.records import Records
from turbo_server.kit.sql import Statement, sql
from turbo_server.kit.tables import Time, id_column, metadata, newest_first, reference, version_column

from .seeds import Seed

mentors = Table(
    "mentors",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("handle", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("instructions", Text, nullable=False),
    Column("watches", Text, nullable=False),
    Column("model", Text),  # none: the server's
    Column("daily_cents", Integer),  # what its answers may cost in a day; none: the server's own limits alone
    Column("may_propose", Boolean, nullable=False, server_default=false()),  # writes, for the user to accept
    reference("created_by", "accounts", required=False),  # none: it came with Turbo
    Column("machine", Text),
    Column("session", Text),
    Column("created_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    Column("archived_at", Time),
    version_column(),
    UniqueConstraint("workspace_id", "handle"),
    sqlite_autoincrement=True,
)
newest_first(mentors)

RECORDS = Records(mentors)

_SELECT = """
    select t.id, t.handle, t.role, t.instructions, t.watches, t.model, t.daily_cents, t.may_propose,
           a.name as created_by, t.machine, t.session, t.created_at, t.updated_at, t.archived_at, t.version
    from mentors t left join accounts a on a.id = t.created_by
"""
_BY_HANDLE = sql(f"{_SELECT} where t.workspace_id = $1 and t.handle = $2")
_BY_ID = sql(f"{_SELECT} where t.workspace_id = $1 and t.id {{among}} $2 {{end_among}}")
_ALL = sql("select handle, archived_at from mentors where workspace_id = $1 order by handle limit 200")
_TALKS = sql("""
    select 'ASK-' || number as key from conversations
    where workspace_id = $1 and mentor_id = $2 and archived_at is null order by number limit $3
""")
_NEW_FIELDS = (
    "workspace_id", "handle", "role", "instructions", "watches", "model", "daily_cents", "may_propose", "created_by",
    "machine", "session", "created_at", "updated_at",
)  # fmt: skip
_NEW = sql(f"""
    insert into mentors ({", ".join(_NEW_FIELDS)})
    values ({", ".join(f"${number}" for number in range(1, len(_NEW_FIELDS) + 1))})
    on conflict do nothing returning id
""")  # noqa: S608 - our own names
# Where there is none yet: none that was put away either.
_SEED_FIELDS = "workspace_id, handle, role, instructions, watches, may_propose, created_at, updated_at"
_SEED = Statement(
    f"""
    insert into mentors ({_SEED_FIELDS})
    select $1, r.handle, r.role, r.instructions, r.watches, r.may_propose, $2, $2
    from json_to_recordset($3::json)
         as r(handle text, role text, instructions text, watches text, may_propose boolean)
    where not exists (select 1 from mentors where workspace_id = $1)
    on conflict do nothing returning id, handle, role
""",  # noqa: S608 - our own names, as below
    f"""
    insert into mentors ({_SEED_FIELDS})
    select $1, value ->> 'handle', value ->> 'role', value ->> 'instructions', value ->> 'watches',
           value ->> 'may_propose', $2, $2
    from json_each($3) where not exists (select 1 from mentors where workspace_id = $1)
    on conflict do nothing returning id, handle, role
""",  # noqa: S608
)


async def by_handle(db: Connection, workspace_id: int, handle: str) -> Row | None:
    return await db.fetch_one(_BY_HANDLE, workspace_id, handle)


async def by_id(db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
    return await db.fetch(_BY_ID, workspace_id, ids)


async def every_one(db: Connection, workspace_id: int) -> list[Row]:
    """handle and archived_at, the first 200."""
    return await db.fetch(_ALL, workspace_id)


async def insert(db: Connection, values: Mapping[str, object]) -> int | None:
    """The new id; None where somebody made one of that name meanwhile."""
    row = await db.fetch_one(_NEW, *(values[name] for name in _NEW_FIELDS))
    return int(row["id"]) if row else None


async def talks(db: Connection, workspace_id: int, mentor_id: int, limit: int) -> list[str]:
    """Keys of the conversations with that mentor that are not put away."""
    return [row["key"] for row in await db.fetch(_TALKS, workspace_id, mentor_id, limit)]


async def seed(db: Connection, workspace_id: int, seeds: Iterable[Seed], now: datetime) -> list[Row]:
    """id, handle and role of those that it made: none where there is a mentor already."""
    given = [
        {"handle": each.handle, "role": each.role, "instructions": each.instructions, "watches": each.watches,
         "may_propose": each.may_propose}
        for each in seeds
    ]  # fmt: skip
    return await db.fetch(_SEED, workspace_id, now, to_json(given).decode())
