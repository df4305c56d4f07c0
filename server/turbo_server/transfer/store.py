"""Origins: what an imported item was called where it came from. And the statements that carry whole tables."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import cache
from typing import Protocol

from sqlalchemy import Column, Table, Text, UniqueConstraint

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Dialect, Statement, sql
from turbo_server.kit.tables import BigId, Time, id_column, metadata, reference

origins = Table(
    "origins",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects"),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("subject_id", BigId, nullable=False),
    Column("fingerprint", Text, nullable=False),  # of the record as it was imported: tells whether it changed since
    Column("created_at", Time, nullable=False),
    UniqueConstraint("project_id", "source", "kind", "origin"),
    sqlite_autoincrement=True,
)

_ORIGINS = sql("select kind, origin, subject_id, fingerprint from origins where project_id = $1 and source = $2")
_ORIGINS_IN = sql("""
    select o.kind, o.origin, o.subject_id, o.fingerprint from origins o
    where o.workspace_id = $1 and o.source = $2 order by o.id
""")
_ADD_ORIGIN = sql("""
    insert into origins (workspace_id, project_id, source, kind, origin, subject_id, fingerprint, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning id
""")
_TOUCH_PROJECT = sql("update projects set updated_at = $2 where id = $1 returning id")
_INSTANCE = sql("select created_at from instance where id = 1")
_OF_A_KEY = (
    "name", "hash", "last4", "scope", "machine", "expires_at", "renewal_days", "is_limited", "next_hash", "next_last4",
    "previous_hash", "previous_until", "created_at", "last_used_at", "revoked_at",
)  # fmt: skip
_KEYS = sql(f"""
    select k.id as old_id, {", ".join(f"k.{name}" for name in _OF_A_KEY)},
           a.name as account, a.role, w.name as workspace
    from api_keys k join accounts a on a.id = k.account_id join workspaces w on w.id = k.workspace_id order by k.id
""")  # noqa: S608 - our own names
_ADD_KEY = sql(f"""
    insert into api_keys (workspace_id, account_id, {", ".join(_OF_A_KEY)})
    values ({", ".join(f"${number}" for number in range(1, len(_OF_A_KEY) + 3))}) returning id
""")  # noqa: S608 - our own names
# An export from before there were roles carries none: as it was then, everybody may do everything.
_OWN_UP = sql("""
    update accounts set role = 'owner' where workspace_id not in (
        select workspace_id from accounts where role = 'owner' and removed_at is null
    ) returning id
""")
_PEOPLE = sql("select name from accounts order by id")
_OF_A_HAPPENING = ("action", "machine", "session", "address", "details", "created_at")
_HAPPENINGS = sql(f"""
    select {", ".join(f"x.{name}" for name in _OF_A_HAPPENING)}, x.key_id, x.about_key_id, w.name as workspace,
           a.name as account, b.name as about_account
    from audit x join workspaces w on w.id = x.workspace_id
    left join accounts a on a.id = x.account_id left join accounts b on b.id = x.about_account_id order by x.id
""")  # noqa: S608 - our own names
_ADD_HAPPENING = sql(f"""
    insert into audit (workspace_id, account_id, about_account_id, key_id, about_key_id, {", ".join(_OF_A_HAPPENING)})
    values ({", ".join(f"${number}" for number in range(1, len(_OF_A_HAPPENING) + 6))}) returning id
""")  # noqa: S608 - our own names
# In the order in which they can be taken out.
_PEOPLE_BEFORE = ("audit", "invitations", "api_keys", "accounts", "workspaces")
BATCH = 200  # rows read at once: with the largest texts that is some 50 MiB, most often a tenth of one
PARAMETERS = 600  # in one insert: SQLite looks each up by its name, in time that grows with their square


class Carried(Protocol):
    """What these statements need to know of a table."""

    @property
    def name(self) -> str: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def key(self) -> tuple[str, ...]: ...


async def origins_of(db: Connection, project_id: int, source: str) -> list[Row]:
    return await db.fetch(_ORIGINS, project_id, source)


async def origins_in(db: Connection, workspace_id: int, source: str) -> list[Row]:
    return await db.fetch(_ORIGINS_IN, workspace_id, source)


async def add_origin(
    db: Connection,
    place: tuple[int, int],
    origin: tuple[str, str, str],
    subject_id: int,
    fingerprint: str,
    now: datetime,
) -> bool:
    """`place` is (workspace id, project id), `origin` (source, kind, its name there). False when it was there."""
    return bool(await db.fetch(_ADD_ORIGIN, *place, *origin, subject_id, fingerprint, now))


async def touch_project(db: Connection, project_id: int, now: datetime) -> None:
    """What is written with the dates of long ago must not make the project look untouched."""
    await db.fetch(_TOUCH_PROJECT, project_id, now)


async def instance_since(db: Connection) -> datetime | str | None:
    row = await db.fetch_one(_INSTANCE)
    return row["created_at"] if row else None


async def count(db: Connection, table: str) -> int:
    row = await db.fetch_one(sql(f"select count(*) as total from {table}"))  # noqa: S608 - our own name
    return row["total"] if row else 0


async def every_row(db: Connection, table: Carried) -> AsyncIterator[Row]:
    """In the order of the key, BATCH rows at a time: a table of any size needs the memory of one batch."""
    key, names = ", ".join(table.key), ", ".join(table.names)
    marks = ", ".join(f"${number}" for number in range(1, len(table.key) + 1))
    head = f"select {names} from {table.name}"  # noqa: S608 - our own names
    first = sql(f"{head} order by {key} limit {BATCH}")
    rest = sql(f"{head} where ({key}) > ({marks}) order by {key} limit {BATCH}")
    rows = await db.fetch(first)
    while rows:
        for row in rows:
            yield row
        if len(rows) < BATCH:
            return
        rows = await db.fetch(rest, *(rows[-1][name] for name in table.key))


def rows_at_once(table: Carried) -> int:
    return min(BATCH, PARAMETERS // len(table.names))


async def insert_rows(db: Connection, table: Carried, rows: Sequence[Sequence[object]]) -> None:
    """At most rows_at_once of them, their values in the order of the table's columns."""
    statement = _insert_statement(table.name, table.names, len(rows))
    await db.fetch(statement, *(value for row in rows for value in row))


@cache
def _insert_statement(table: str, names: tuple[str, ...], rows: int) -> Statement:
    width = len(names)
    marks = [", ".join(f"${row * width + column + 1}" for column in range(width)) for row in range(rows)]
    values = ", ".join(f"({each})" for each in marks)
    return sql(f"insert into {table} ({', '.join(names)}) values {values} returning 1")  # noqa: S608 - our own names


async def set_column(db: Connection, table: str, column: str, row_id: int, value: object) -> None:
    await db.fetch(sql(f"update {table} set {column} = $2 where id = $1 returning id"), row_id, value)  # noqa: S608


async def people(db: Connection) -> list[str]:
    return [row["name"] for row in await db.fetch(_PEOPLE)]


async def own_up(db: Connection) -> None:
    """A workspace without an owner could never be given one."""
    await db.fetch(_OWN_UP)


async def take_out_people(db: Connection) -> tuple[list[Row], list[Row]]:
    """Empties workspaces, accounts, keys and the audit, and returns keys and audit, to be given back to the people that
    come in."""
    kept = await db.fetch(_KEYS), await db.fetch(_HAPPENINGS)
    for table in _PEOPLE_BEFORE:
        await db.fetch(sql(f"delete from {table} returning id"))  # noqa: S608 - our own names
    return kept


async def give_key_back(db: Connection, key: Row, workspace_id: int, account_id: int) -> int:
    """Its new id."""
    row = await db.fetch_one(_ADD_KEY, workspace_id, account_id, *(key[name] for name in _OF_A_KEY))
    assert row is not None  # noqa: S101 - an insert answers its id
    return int(row["id"])


async def give_happening_back(db: Connection, row: Row, ids: tuple[int | None, ...]) -> None:
    """`ids` are those of workspace, account, account acted on, key, key acted on, as they are now."""
    await db.fetch(_ADD_HAPPENING, *ids, *(row[name] for name in _OF_A_HAPPENING))


async def number_on(db: Connection, tables: Sequence[str]) -> None:
    """The next row of each gets a number of its own. SQLite keeps count itself."""
    if db.dialect is Dialect.POSTGRES:
        for table in tables:
            last = f"(select max(id) from {table})"  # noqa: S608 - our own name
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            await db.fetch(sql(f"select setval({sequence}, coalesce({last}, 1), {last} is not null)"))
