"""A SQLite file that is only looked at: never made, never turned to WAL, never written."""

import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

from turbo_server.kit.faults import told_as_ours
from turbo_server.kit.sql import Dialect, Row, Statement
from turbo_server.kit.sqlite import LocalConnection
from turbo_server.kit.sqlite_file import read_only_address

_STEPS = 10_000  # of SQLite's machine between two looks at the time


class LookingConnection:
    """A Connection whose statements end after `seconds`."""

    dialect = Dialect.SQLITE

    def __init__(self, driver: sqlite3.Connection, seconds: float) -> None:
        self._driver = driver
        self._seconds = seconds

    async def fetch(self, statement: Statement, *values: object) -> list[Row]:
        ends = time.monotonic() + self._seconds
        self._driver.set_progress_handler(lambda: int(time.monotonic() > ends), _STEPS)
        return list(self._driver.execute(statement.sqlite, {str(n): value for n, value in enumerate(values, 1)}))

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None:
        rows = await self.fetch(statement, *values)
        return rows[0] if rows else None

    def after_commit(self, call: Callable[[], None]) -> None:
        """Nothing is written: there is nothing to wait for."""
        call()

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """As far as reading goes: the file cannot be written to."""
        yield

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        yield


@contextlib.contextmanager
def looked_at(path: Path, seconds: float) -> Iterator[LookingConnection]:
    """Raises DatabaseProblem."""
    with told_as_ours():
        opened = sqlite3.connect(read_only_address(path), uri=True, timeout=seconds, factory=LocalConnection)
        with contextlib.closing(opened) as driver:
            yield LookingConnection(driver, seconds)


def tried_in_memory(statements: list[str]) -> str | None:
    """What SQLite says to these statements in a database of their own; None where it does them all."""
    try:
        with contextlib.closing(sqlite3.connect(":memory:")) as driver:
            for statement in statements:
                driver.execute(statement).fetchall()
    except sqlite3.Error as error:
        return str(error)
    return None
