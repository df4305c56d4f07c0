"""The only file that knows `databases`: a pool and connection holder under our own transactions.

`databases` leaks connections on failed commits and cancelled tasks when its own transaction(), iterate() and
execute() are used; so only connect(), disconnect() and connection() are, and SQL runs on the driver's connection.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

from databases import Database as Pool

from .database_errors import CallTooLong, ServerBusy
from .database_url import PostgresAddress, read_postgres_url
from .faults import told_as_ours
from .patience import OF_CALLS, POOL_SIZE, Patience
from .postgres import PostgresConnection, Trust, Wire, settings
from .sql import Dialect, Row, Statement
from .sqlite import PRAGMAS, LocalConnection, SqliteConnection

__all__ = ["Connection", "Database", "Row", "open_database"]


class Connection(Protocol):
    """One connection for the length of one call. Statements commit one by one outside `transaction()`."""

    dialect: Dialect

    async def fetch(self, statement: Statement, *values: object) -> list[Row]: ...

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None: ...

    def transaction(self) -> contextlib.AbstractAsyncContextManager[None]: ...

    def snapshot(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Reads only, and all of one moment: others may write meanwhile."""

    def after_commit(self, call: Callable[[], None]) -> None:
        """Calls it when the transaction is committed, and never if it is not; at once outside of one."""


class Database(Protocol):
    dialect: Dialect

    async def connect(self) -> None: ...

    async def disconnect(self) -> None: ...

    def connection(self, patience: Patience | None = None) -> contextlib.AbstractAsyncContextManager[Connection]:
        """Whatever goes wrong with it comes out as a DatabaseProblem. `patience`: where a call may take longer than
        others, for its statements and in all; Postgres itself goes by the database's own."""


def open_database(url: str, patience: Patience = OF_CALLS) -> Database:
    """`sqlite:///PATH`, `postgres://...` or `postgresql://...`; nothing is opened before connect()."""
    return SqliteDatabase(url, patience) if url.startswith("sqlite:") else PostgresDatabase(url, patience)


class PostgresDatabase:
    dialect = Dialect.POSTGRES

    def __init__(self, url: str, patience: Patience) -> None:
        address = read_postgres_url(url)
        self._patience = patience
        self._pool = _pool(address, patience)
        self._room = Room(POOL_SIZE, patience)
        self._trust = Trust()
        # A pooler takes no settings at the start of a connection; here they cost no round trip of their own either.
        self._in_transactions = _as_sql(settings(patience)) if address.is_pooled else ""

    async def connect(self) -> None:
        with told_as_ours():
            await self._pool.connect()

    async def disconnect(self) -> None:
        """Politely, unless that takes long: then those that are left are torn down."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._patience.close):
                await self._pool.disconnect()

    @contextlib.asynccontextmanager
    async def connection(self, patience: Patience | None = None) -> AsyncIterator[Connection]:
        patience = patience or self._patience
        held = PostgresConnection(self._pool.connection, patience, self._trust, self._in_transactions)
        async with self._room.taken():
            with told_as_ours():
                await held.open()
                try:
                    yield held
                except BaseException as error:
                    await held.close(error)
                    if isinstance(error, TimeoutError) and held.is_over:
                        raise CallTooLong from error
                    raise
                await held.close(None)


class SqliteDatabase:
    """One held connection and its one thread for good: opening one per call costs fourteen times as much."""

    dialect = Dialect.SQLITE

    def __init__(self, url: str, patience: Patience) -> None:
        self._pool = Pool(url, factory=LocalConnection, timeout=patience.lock)
        self._patience = patience
        self._room = Room(1, patience)

    async def connect(self) -> None:
        with told_as_ours():
            await self._pool.connect()
            self._held = self._pool.connection()
            await self._held.__aenter__()
            try:
                await self._held.raw_connection.executescript(PRAGMAS)
            except BaseException:
                await self.disconnect()
                raise

    async def disconnect(self) -> None:
        await self._held.__aexit__()
        await self._pool.disconnect()

    @contextlib.asynccontextmanager
    async def connection(self, patience: Patience | None = None) -> AsyncIterator[Connection]:
        held = SqliteConnection(self._held.raw_connection, patience or self._patience)
        async with self._room.taken():
            with told_as_ours():
                yield held


class Room:
    """For so many calls at once. The others wait their turn, but not for ever."""

    def __init__(self, size: int, patience: Patience) -> None:
        self._free = asyncio.Semaphore(size)
        self._seconds = patience.room

    @contextlib.asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Raises ServerBusy."""
        if self._free.locked():
            await self._wait()
        else:
            await self._free.acquire()  # at once: no clock has to run
        try:
            yield
        finally:
            self._free.release()

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await self._free.acquire()
        except TimeoutError:
            raise ServerBusy from None


def connect_options(address: PostgresAddress) -> dict[str, Any]:
    """What asyncpg has to be told beside the settings: the same for calls and for migrations."""
    return {"dsn": address.dsn, **({"statement_cache_size": 0} if address.is_pooled else {})}


def _pool(address: PostgresAddress, patience: Patience) -> Pool:
    # The URL is asyncpg's to read: `databases` knows less of its parameters, so what it has read is taken back.
    options: dict[str, Any] = dict.fromkeys(("host", "port", "user", "password", "database"))
    options |= connect_options(address)
    if not address.is_pooled:
        options["server_settings"] = settings(patience)
    return Pool(
        "postgresql://",
        min_size=0,
        max_size=POOL_SIZE,
        timeout=patience.connect,
        command_timeout=patience.statement,
        max_inactive_connection_lifetime=patience.idle,
        connection_class=Wire,
        reset=_keep_session,
        **options,
    )


def _as_sql(values: dict[str, str]) -> str:
    """For one transaction."""
    return "; ".join(f"set local {name} = '{value}'" for name, value in values.items())


async def _keep_session(_connection: object) -> None:
    """No reset query when a connection returns to the pool: we never leave session state, and it costs a round trip."""
