"""The only file that knows `databases`: a pool and connection holder under our own transactions.

`databases` leaks connections on failed commits and cancelled tasks when its own transaction(), iterate() and
execute() are used; so only connect(), disconnect() and connection() are, and SQL runs on the driver's connection.
"""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from databases import Database as Pool

from .faults import told_as_ours
from .sql import Dialect, Statement

Row = Mapping[str, Any]

POOL_SIZE = 10
CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 15.0
# Shorter than the idle time after which a scaled-to-zero machine is stopped: it never wakes with dead connections.
IDLE_SECONDS = 45.0


class Connection(Protocol):
    """One connection for the length of one call. Statements commit one by one outside `transaction()`."""

    dialect: Dialect

    async def fetch(self, statement: Statement, *values: object) -> list[Row]: ...

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None: ...

    def transaction(self) -> contextlib.AbstractAsyncContextManager[None]: ...

    def snapshot(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Reads only, and all of one moment: others may write meanwhile."""


class Database(Protocol):
    dialect: Dialect

    async def connect(self) -> None: ...

    async def disconnect(self) -> None: ...

    def connection(self) -> contextlib.AbstractAsyncContextManager[Connection]: ...


def open_database(url: str) -> Database:
    """`sqlite:///PATH`, `postgres://...` or `postgresql://...`; nothing is opened before connect()."""
    return SqliteDatabase(url) if url.startswith("sqlite:") else PostgresDatabase(url)


class PostgresDatabase:
    dialect = Dialect.POSTGRES

    def __init__(self, url: str) -> None:
        address, options = driver_address(url)
        self._pool = Pool(
            address,
            min_size=0,
            max_size=POOL_SIZE,
            timeout=CONNECT_SECONDS,
            command_timeout=COMMAND_SECONDS,
            max_inactive_connection_lifetime=IDLE_SECONDS,
            reset=_keep_session,
            **options,
        )

    async def connect(self) -> None:
        with told_as_ours():
            await self._pool.connect()

    async def disconnect(self) -> None:
        await self._pool.disconnect()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        with told_as_ours():
            async with self._pool.connection() as held:
                yield PostgresConnection(held.raw_connection)


class PostgresConnection:
    dialect = Dialect.POSTGRES

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    async def fetch(self, statement: Statement, *values: object) -> list[Row]:
        rows: list[Row] = await self._driver.fetch(statement.postgres, *values)
        return rows

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None:
        row: Row | None = await self._driver.fetchrow(statement.postgres, *values)
        return row

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        async with self._driver.transaction():
            yield

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        async with self._driver.transaction(isolation="repeatable_read", readonly=True):
            yield


class SqliteDatabase:
    """One held connection and its one thread for good: opening one per call costs fourteen times as much."""

    dialect = Dialect.SQLITE

    def __init__(self, url: str) -> None:
        self._pool = Pool(url, factory=LocalConnection)
        self._turn = asyncio.Lock()

    async def connect(self) -> None:
        await self._pool.connect()
        self._held = self._pool.connection()
        await self._held.__aenter__()

    async def disconnect(self) -> None:
        await self._held.__aexit__()
        await self._pool.disconnect()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        async with self._turn:
            with told_as_ours():
                yield SqliteConnection(self._held.raw_connection)


class LocalConnection(sqlite3.Connection):
    """WAL and synchronous=normal: a crash of the process loses nothing, a power cut at most the last commits."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.row_factory = sqlite3.Row
        for pragma in ("journal_mode=wal", "foreign_keys=on", "busy_timeout=5000", "synchronous=normal"):
            self.execute(f"pragma {pragma}")
        self.create_function("fold", 1, lambda text: text.lower() if text else text, deterministic=True)


class SqliteConnection:
    dialect = Dialect.SQLITE

    def __init__(self, driver: Any) -> None:
        self._driver = driver

    async def fetch(self, statement: Statement, *values: object) -> list[Row]:
        named = {str(number): _as_sqlite(value) for number, value in enumerate(values, 1)}
        # Shielded: a cancelled call must not leave its statement half awaited on the shared thread.
        rows = await asyncio.shield(self._driver.execute_fetchall(statement.sqlite, named))
        return list(rows)

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None:
        rows = await self.fetch(statement, *values)
        return rows[0] if rows else None

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        try:  # BEGIN stands inside: a cancellation during it must roll back too
            await asyncio.shield(self._driver.execute("begin immediate"))
            yield
            await asyncio.shield(self._driver.commit())
        except BaseException:
            await asyncio.shield(self._driver.rollback())
            raise

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        try:  # deferred: in WAL mode the first read fixes what is seen, and takes no writer's lock
            await asyncio.shield(self._driver.execute("begin"))
            yield
        finally:
            await asyncio.shield(self._driver.rollback())


def driver_address(url: str) -> tuple[str, dict[str, Any]]:
    """The URL as asyncpg understands it, and the options that `databases` would not read from it.

    `sslmode` (Fly writes sslmode=disable) becomes ssl=; a pgbouncer address turns the statement cache off.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    # Our statements are short: compiling their plans takes longer than running them (9 of 18 ms for get_status).
    options: dict[str, Any] = {"server_settings": {"jit": "off"}}
    if query.pop("pgbouncer", None) or "pgbouncer" in (parts.hostname or ""):
        options = {"statement_cache_size": 0}  # and PgBouncer refuses settings at the start of a connection
    mode = query.pop("sslmode", None)
    if mode:
        options["ssl"] = mode
    return urlunsplit(parts._replace(scheme="postgresql", query=urlencode(query))), options


async def _keep_session(_connection: object) -> None:
    """No reset query when a connection returns to the pool: we never leave session state, and it costs a round trip."""


def _as_sqlite(value: object) -> object:
    match value:
        case bool():
            return int(value)
        case datetime():
            return value.isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case list() | tuple() | dict():
            return json.dumps(value)
        case _:
            return value
