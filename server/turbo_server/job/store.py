"""Jobs: the table and every statement on it.

`due_at` is when somebody may take the job: of a waiting one its turn, of a running one the end of its lease. So one
index finds both, and a job whose machine died is found like one that has waited.
"""

from datetime import datetime

from sqlalchemy import Column, Index, Integer, Table, Text
from sqlalchemy import text as sql_text

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, partial_index, reference

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("kind", Text, nullable=False),
    Column("unique_key", Text),
    Column("payload", Text, nullable=False),  # JSON, and never a secret
    Column("state", Text, nullable=False),  # waiting, running, dead; what is done is deleted
    Column("attempts", Integer, nullable=False),
    Column("due_at", Time, nullable=False),
    Column("holder", Text),
    Column("error", Text),
    Column("created_at", Time, nullable=False),
    Index(
        "ix_jobs_unique", "workspace_id", "kind", "unique_key", unique=True,
        postgresql_where=sql_text("unique_key is not null"), sqlite_where=sql_text("unique_key is not null"),
    ),
    sqlite_autoincrement=True,
)  # fmt: skip
partial_index("ix_jobs_due", jobs.c.due_at, jobs.c.id, where="state <> 'dead'")

_WHY_ALL = "the worker's own: it serves every workspace"
# One that is dead is given another life.
_ADD = sql("""
    insert into jobs (workspace_id, kind, unique_key, payload, state, attempts, due_at, created_at)
    values ($1, $2, $3, $4, 'waiting', 0, $5, $6)
    on conflict (workspace_id, kind, unique_key) where unique_key is not null do update
    set state = 'waiting', attempts = 0, due_at = excluded.due_at, payload = excluded.payload, error = null
    where jobs.state = 'dead'
    returning id
""")
_ADD_EACH = sql("""
    insert into jobs (workspace_id, kind, unique_key, payload, state, attempts, due_at, created_at)
    select $1, $2, cast(value as text), '{{"id":' || cast(value as text) || '}}', 'waiting', 0, $4, $4
    from {each_of} $3 {end_each_of} where true
    on conflict (workspace_id, kind, unique_key) where unique_key is not null do update
    set state = 'waiting', attempts = 0, due_at = excluded.due_at, error = null
    where jobs.state = 'dead'
    returning id
""")
_CLAIM = sql(
    """
    with picked as materialized (
        select id from jobs where state <> 'dead' and due_at <= $2 and kind {among} $4 {end_among}
        order by due_at, id limit $5 {skip_locked}
    )
    update jobs set state = 'running', holder = $1, attempts = attempts + 1, due_at = $3
    where id in (select id from picked)
    returning id, workspace_id, kind, payload, attempts, created_at, holder
    """,
    sees_all=_WHY_ALL,
)
_NEXT_DUE = sql(
    "select due_at from jobs where state <> 'dead' and kind {among} $1 {end_among} order by due_at limit 1",
    sees_all=_WHY_ALL,
)
_RENEW = sql("update jobs set due_at = $3 where id = $1 and holder = $2 returning id")
_FINISH = sql("delete from jobs where id = $1 and holder = $2 returning id")
_PUT_BACK = sql("""
    update jobs set state = 'waiting', holder = null, due_at = $3, attempts = attempts - $4, error = $5
    where id = $1 and holder = $2 returning id
""")
_BURY = sql("update jobs set state = 'dead', holder = null, error = $3 where id = $1 and holder = $2 returning id")
_LIST = sql("""
    select j.id, w.name as workspace, j.kind, j.unique_key, j.state, j.attempts, j.due_at, j.error, j.created_at
    from jobs j join workspaces w on w.id = j.workspace_id
    where j.state = $1 or $1 = '' order by j.id limit $2
""")
_RETRY = sql("""
    update jobs set state = 'waiting', attempts = 0, due_at = $2, error = null
    where state = 'dead' and (id = $1 or $1 = 0) returning id
""")
_DROP = sql("delete from jobs where state <> 'running' and (id = $1 or ($1 = 0 and state = 'dead')) returning id")


async def add(
    db: Connection, workspace_id: int, kind: str, payload: str, unique: str | None, times: tuple[datetime, datetime]
) -> int | None:
    """`times` are (due at, created at). None where a job of that unique key is open already."""
    row = await db.fetch_one(_ADD, workspace_id, kind, unique, payload, *times)
    return row["id"] if row else None


async def add_each(db: Connection, workspace_id: int, kind: str, ids: list[int], now: datetime) -> None:
    await db.fetch(_ADD_EACH, workspace_id, kind, ids, now)


async def claim(db: Connection, holder: str, now: datetime, until: datetime, kinds: list[str], limit: int) -> list[Row]:
    return await db.fetch(_CLAIM, holder, now, until, kinds, limit)


async def next_due(db: Connection, kinds: list[str]) -> datetime | str | None:
    row = await db.fetch_one(_NEXT_DUE, kinds)
    return row["due_at"] if row else None


async def renew(db: Connection, job: tuple[int, str], until: datetime) -> bool:
    """`job` is (id, holder), here and below; False where the holder has it no more."""
    return await db.fetch_one(_RENEW, *job, until) is not None


async def finish(db: Connection, job: tuple[int, str]) -> bool:
    return await db.fetch_one(_FINISH, *job) is not None


async def put_back(db: Connection, job: tuple[int, str], due: datetime, uncounted: int, error: str | None) -> None:
    await db.fetch(_PUT_BACK, *job, due, uncounted, error)


async def bury(db: Connection, job: tuple[int, str], error: str) -> None:
    await db.fetch(_BURY, *job, error)


async def listed(db: Connection, state: str, limit: int) -> list[Row]:
    """For the operator: of all workspaces, and without what they are about. An empty state is any."""
    return await db.fetch(_LIST, state, limit)


async def retry(db: Connection, job_id: int, now: datetime) -> list[int]:
    """The dead one, or with 0 all of them."""
    return [row["id"] for row in await db.fetch(_RETRY, job_id, now)]


async def drop(db: Connection, job_id: int) -> list[int]:
    """One that does not run, or with 0 all that are dead."""
    return [row["id"] for row in await db.fetch(_DROP, job_id)]
