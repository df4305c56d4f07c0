"""A call's turn on the one connection to a SQLite file."""

import asyncio
import contextlib
import json
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime
from typing import Any

from .committing import Committing
from .database_errors import OutcomeUnknown
from .faults import OutOfTime
from .patience import Patience
from .sql import Dialect, Row, Statement

# WAL and synchronous=normal: a crash of the process loses nothing, a power cut at most the last commits.
PRAGMAS = "pragma journal_mode=wal; pragma foreign_keys=on; pragma synchronous=normal"


class LocalConnection(sqlite3.Connection):
    """With nothing that could fail while the thread of the driver is not yet under way."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.row_factory = sqlite3.Row
        self.create_function("fold", 1, lambda text: text.lower() if text else text, deterministic=True)
        self.create_function("moment", 1, _as_moment, deterministic=True)


class SqliteConnection:
    dialect = Dialect.SQLITE

    def __init__(self, driver: Any, patience: Patience) -> None:
        self._driver = driver
        self._patience = patience
        self._ends = time.monotonic() + patience.call
        self._committing = Committing()

    @property
    def driver(self) -> Any:
        return self._driver

    async def fetch(self, statement: Statement, *values: object) -> list[Row]:
        named = {str(number): _as_sqlite(value) for number, value in enumerate(values, 1)}
        too_long = asyncio.get_running_loop().call_later(self._seconds(), self._interrupt)
        try:
            # Shielded: a cancelled call must not leave its statement half awaited on the shared thread.
            rows = await asyncio.shield(self._driver.execute_fetchall(statement.sqlite, named))
        finally:
            too_long.cancel()
        return list(rows)

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None:
        rows = await self.fetch(statement, *values)
        return rows[0] if rows else None

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        with self._committing.transaction():
            try:  # BEGIN stands inside: a cancellation during it must roll back too
                await asyncio.shield(self._driver.execute("begin immediate"))
                yield
                self._seconds()
                await _commit(asyncio.shield(self._driver.commit()))
            except BaseException:
                await asyncio.shield(self._driver.rollback())
                raise

    def after_commit(self, call: Callable[[], None]) -> None:
        self._committing.after(call)

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        try:  # deferred: in WAL mode the first read fixes what is seen, and takes no writer's lock
            await asyncio.shield(self._driver.execute("begin"))
            yield
        finally:
            await asyncio.shield(self._driver.rollback())

    def _seconds(self) -> float:
        """For the next statement. Raises OutOfTime."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return min(left, self._patience.statement)

    def _interrupt(self) -> None:
        """From another thread than the statement's, as SQLite allows: it ends with an error, and so does the call."""
        self._interruption = asyncio.ensure_future(self._driver.interrupt())


async def _commit(commit: Awaitable[None]) -> None:
    """Raises OutcomeUnknown: what the log on the disk holds after such an error is seen only when it is read again."""
    try:
        await commit
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR:
            raise OutcomeUnknown from error
        raise


def _as_moment(text: str) -> str:
    """In the one form in which moments are written here, of any other that means one."""
    moment = datetime.fromisoformat(text)
    in_utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return in_utc.isoformat(timespec="microseconds")


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
