"""The statements of a copy, a backup and a restore: rows as lines, and what stands around the rows.

A row's line is the same from both databases, so that a hash over a table's lines, in the order of its key, is too.
"""

import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Dialect, Statement, sql

from .errors import TransferFailed
from .moved import Kind, MovedTable

_UTC = """'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'"""
_OURS = "????-??-??T??:??:??.??????+00:00"
_ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"), ("\b", "\\b"), ("\f", "\\f"), ("\v", "\\v"))
_VERSION = sql("select version_num from alembic_version")
_TABLES = Statement(
    "select tablename as name from pg_tables where schemaname = current_schema()",
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
)
_IDENTITY = Statement(
    "select pg_postmaster_start_time()::text || ' ' || coalesce(inet_server_port()::text, '') || ' ' "
    "|| (select oid::text from pg_database where datname = current_database()) as name",
    "select file as name from pragma_database_list where name = 'main'",
)
_NEWEST = sql("select coalesce(max(tx), 0) as tx from events", sees_all="a number by which others are moved")
_FOREIGN_KEYS = Statement(
    """
    select conrelid::regclass::text as place, quote_ident(conname) as name, pg_get_constraintdef(oid) as text
    from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace order by 1, 2
""",
    "",
)
_INDEXES = Statement(
    """
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as text
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where c.relnamespace = current_schema()::regnamespace and not exists (
        select 1 from pg_constraint where conindid = i.indexrelid)
    order by 1
""",
    "select name, sql as text from sqlite_master where type = 'index' and sql is not null order by 1",
)
_ASTRAY = Statement("", 'select distinct "table" as name from pragma_foreign_key_check')
_COUNTERS = Statement("", "select name, seq as last from sqlite_sequence order by 1")
_FORGET_COUNTER = Statement("", "delete from sqlite_sequence where name = $1 returning 1")
_KEEP_COUNTER = Statement("", "insert into sqlite_sequence (name, seq) values ($1, $2) returning 1")


async def version(db: Connection) -> str | None:
    """Of the schema; None in a database without our tables."""
    row = await db.fetch_one(_VERSION) if "alembic_version" in await table_names(db) else None
    return row["version_num"] if row else None


async def table_names(db: Connection) -> set[str]:
    return {row["name"] for row in await db.fetch(_TABLES)}


async def present(db: Connection, names: Iterable[str]) -> list[str]:
    """Those of the tables that there are: an older schema has fewer."""
    there = await table_names(db)
    return [name for name in names if name in there]


async def identity(db: Connection) -> str:
    """Which database this is, whatever address led to it."""
    row = await db.fetch_one(_IDENTITY)
    return str(row["name"]) if row else ""


async def counts(db: Connection, names: Iterable[str]) -> dict[str, int]:
    found = {}
    for name in names:
        row = await db.fetch_one(sql(f"select count(*) as total from {name}"))  # noqa: S608 - our own names, as below
        found[name] = int(row["total"]) if row else 0
    return found


_TRANSACTIONS = {"events": "tx", "webhooks": "cursor_tx"}  # the columns that hold numbers of them


async def transactions_until(db: Connection) -> int:
    """By how much the events' transactions are moved: to before all that another database may give out, in the order
    in which they are."""
    row = await db.fetch_one(_NEWEST)
    newest = int(row["tx"]) if row else 0
    return newest + 1 if newest > 0 else 0


def lines(table: MovedTable, until: int) -> Statement:
    """All rows by their key. `until` is what transactions_until said; 0 changes nothing."""
    number = _TRANSACTIONS.get(table.name)
    moved = {number: f"{number} - {until}"} if number and until else {}
    order = ", ".join(table.key)
    texts = [f'{name} collate "C"' if table.columns[name] == "text" else name for name in table.key]
    parts = [(moved.get(name, name), kind) for name, kind in table.columns.items()]
    postgres = ", ".join(_for_postgres(*each) for each in parts)
    sqlite = " || char(9) || ".join(_for_sqlite(*each) for each in parts)
    return Statement(
        f"select {postgres} from {table.name} order by {', '.join(texts)}",  # noqa: S608
        f"select {sqlite} || char(10) from {table.name} order by {order}",  # noqa: S608
    )


def _for_postgres(value: str, kind: Kind) -> str:
    match kind:
        case "moment":
            return f"to_char({value} at time zone 'UTC', {_UTC})"
        case "day":
            return f"to_char({value}, 'YYYY-MM-DD')"
    return value


def _for_sqlite(value: str, kind: Kind) -> str:
    match kind:
        case "moment":
            value = f"case when {value} is null or {value} glob '{_OURS}' then {value} else moment({value}) end"
        case "truth":
            value = f"case {value} when 0 then 'f' when 1 then 't' end"
        case "text":
            for character, written in _ESCAPES:
                value = f"replace({value}, char({ord(character)}), '{written}')"
    return f"coalesce({value}, '\\N')"


@contextlib.asynccontextmanager
async def alone(db: Connection) -> AsyncIterator[None]:
    """A transaction in which SQLite looks at no foreign key; `without_order` has the last word on them."""
    if db.dialect is Dialect.POSTGRES:
        async with db.transaction():
            yield
        return
    await _run(db, "pragma foreign_keys = off")
    try:
        async with db.transaction():
            yield
    finally:
        await _run(db, "pragma foreign_keys = on")


@contextlib.asynccontextmanager
async def without_order(db: Connection) -> AsyncIterator[None]:
    """Rows may come in any order: indexes and foreign keys are taken away, and made again from all that is there then,
    which is several times as fast. Within `alone`. Raises TransferFailed for a row that points to nothing."""
    keys = await db.fetch(_FOREIGN_KEYS) if db.dialect is Dialect.POSTGRES else []
    for key in keys:
        await _run(db, f"alter table {key['place']} drop constraint {key['name']}")
    indexes = await db.fetch(_INDEXES)
    for index in indexes:
        await _run(db, f"drop index {index['name']}")
    yield
    for index in indexes:
        await _run(db, index["text"])
    for key in keys:
        await _run(db, f"alter table {key['place']} add constraint {key['name']} {key['text']}")
    if db.dialect is Dialect.SQLITE and (astray := await db.fetch(_ASTRAY)):
        raise TransferFailed(f"Rows of {astray[0]['name']} point to rows that are not there.")


async def hold(db: Connection, names: Sequence[str]) -> None:
    """Nobody else reads or writes them until the end of the transaction. SQLite's has the file for itself."""
    if db.dialect is Dialect.POSTGRES:
        await _run(db, f"lock table {', '.join(names)} in access exclusive mode")


async def clear(db: Connection, names: Iterable[str]) -> None:
    for name in names:
        await _run(db, f"delete from {name}")  # noqa: S608


async def counters(db: Connection, tables: Iterable[MovedTable]) -> dict[str, int]:
    """The last number that each table has given out, where it has."""
    numbered = [table.name for table in tables if table.is_numbered]
    if db.dialect is Dialect.SQLITE:
        found = {row["name"]: int(row["last"]) for row in await db.fetch(_COUNTERS)}
        return {name: last for name, last in found.items() if name in numbered and last}
    found = {}
    for name in sorted(numbered):
        row = await db.fetch_one(await _sequence_of(db, name))
        if row and row["is_called"]:
            found[name] = int(row["last_value"])
    return found


async def set_counters(db: Connection, tables: Iterable[MovedTable], known: Mapping[str, int]) -> None:
    for table in tables:
        if not table.is_numbered:
            continue
        last = known.get(table.name)
        if db.dialect is Dialect.SQLITE:
            await db.fetch(_FORGET_COUNTER, table.name)
            if last is not None:
                await db.fetch(_KEEP_COUNTER, table.name, last)
        else:
            sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
            await _run(db, f"select setval({sequence}, {int(last or 1)}, {last is not None})")


async def analyze(db: Connection, tables: Iterable[MovedTable]) -> None:
    """Without statistics Postgres would take every table for an empty one, until it looks by itself."""
    if db.dialect is Dialect.POSTGRES:
        await _run(db, f"analyze {', '.join(table.name for table in tables)}")


async def _sequence_of(db: Connection, table: str) -> Statement:
    row = await db.fetch_one(sql(f"select pg_get_serial_sequence('{table}', 'id') as name"))
    name = row["name"] if row else ""
    return sql(f"select last_value, is_called from {name}")  # noqa: S608


async def _run(db: Connection, text: str) -> list[Row]:
    return await db.fetch(Statement(text, text))
