"""A call's connection to Postgres: never waits without end, and never takes a dead connection for a live one."""

import asyncio
import contextlib
import math
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import asyncpg

from .committing import Committing
from .database_errors import DatabaseUnavailable, OutcomeUnknown
from .faults import FAULTS, OutOfTime, is_lost
from .patience import Patience, milliseconds
from .sql import Dialect, Row, Statement

# Read committed is the server's default; said, a server that is set up otherwise changes nothing.
_BEGIN = "begin isolation level read committed"
_SNAPSHOT = "begin isolation level repeatable read, read only"
_GRACE_SECONDS = 1.0  # Postgres itself ends a statement first: then the connection stays of use


if TYPE_CHECKING:
    DriverConnection = asyncpg.Connection[Any]
else:
    DriverConnection = asyncpg.Connection


class Wire(DriverConnection):
    """Knows when the server was last heard through it."""

    __slots__ = ("heard_at",)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.heard()

    def heard(self) -> None:
        self.heard_at = time.monotonic()


def settings(patience: Patience) -> dict[str, str]:
    """What Postgres is told at the start of a connection, which costs a call nothing."""
    return {
        # Our statements are short: compiling their plans takes longer than running them (9 of 18 ms for get_status).
        "jit": "off",
        "statement_timeout": milliseconds(patience.statement),
        "lock_timeout": milliseconds(patience.lock),
        "idle_in_transaction_session_timeout": milliseconds(patience.idle_in_transaction),
    }


@dataclass(slots=True)
class Trust:
    """What all calls know of the connections that wait in the pool: one that went dead seldom does so alone."""

    since: float = -math.inf

    def is_lost(self) -> None:
        self.since = time.monotonic()


class PostgresConnection:
    dialect = Dialect.POSTGRES

    def __init__(self, take: Callable[[], Any], patience: Patience, trust: Trust, in_transactions: str) -> None:
        """`take`: what the pool gives. `in_transactions`: SQL that each of them begins with."""
        self._take = take
        self._patience = patience
        self._trust = trust
        self._opening = in_transactions
        self._ends = time.monotonic() + patience.call
        self._is_proven = False
        self._is_held = False
        self._committing = Committing()

    @property
    def driver(self) -> Any:
        return self._driver

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._ends

    async def open(self) -> None:
        """Those of the pool that may be dead too are thrown away, and not tried one after the other."""
        began = time.monotonic()
        await self._acquire()
        while self._driver.heard_at < self._trust.since:
            await self._throw_away()
            await self._acquire()
        self._is_proven = self._driver.heard_at >= began

    async def close(self, error: BaseException | None) -> None:
        if self._is_held and error is not None and _leaves_it_unclear(error):
            self._abandon()
        await self._give_back()

    async def fetch(self, statement: Statement, *values: object) -> list[Row]:
        if not self._is_proven:
            return await self._first("fetch", statement.postgres, values)  # type: ignore[no-any-return]
        rows: list[Row] = await self._driver.fetch(statement.postgres, *values, timeout=self._seconds())
        return rows

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None:
        if not self._is_proven:
            return await self._first("fetchrow", statement.postgres, values)  # type: ignore[no-any-return]
        row: Row | None = await self._driver.fetchrow(statement.postgres, *values, timeout=self._seconds())
        return row

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        await self._begin(_BEGIN)
        with self._committing.transaction():
            try:
                yield
                self._seconds()
            except BaseException as error:
                await self._undo(error)
                raise
            await self._commit()

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        await self._begin(_SNAPSHOT)
        try:
            yield
        except BaseException as error:
            await self._undo(error)
            raise
        await self._undo(None)

    def after_commit(self, call: Callable[[], None]) -> None:
        self._committing.after(call)

    async def _acquire(self) -> None:
        self._held = self._take()
        await self._held.__aenter__()
        self._is_held = True
        self._driver = self._held.raw_connection

    async def _give_back(self) -> None:
        if self._is_held:
            self._is_held = False
            await self._held.__aexit__()

    async def _throw_away(self) -> None:
        self._abandon()
        await self._give_back()

    def _abandon(self) -> None:
        """Without a word to the server, which may not be there; it would be waited for."""
        with contextlib.suppress(asyncpg.InterfaceError):
            self._driver.terminate()

    def _seconds(self) -> float:
        """For the next statement. Raises OutOfTime."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise OutOfTime
        return min(left, self._patience.statement + _GRACE_SECONDS)

    async def _first(self, method: str, text: str, values: tuple[object, ...]) -> Any:
        """The first words through a connection that was used before; what changes nothing is said again through
        another one when it turns out to be dead."""
        try:
            answer = await self._said(method, text, values, min(self._patience.first, self._seconds()))
        except FAULTS as error:
            if not is_lost(error):
                raise
            self._trust.is_lost()
            if not text.lstrip().startswith(("select", "begin")):
                raise
            await self._throw_away()
            await self.open()
            answer = await self._said(method, text, values, self._seconds())
        self._driver.heard()
        self._is_proven = True
        return answer

    async def _said(self, method: str, text: str, values: tuple[object, ...], seconds: float) -> Any:
        return await getattr(self._driver, method)(text, *values, timeout=seconds)

    async def _begin(self, how: str) -> None:
        opening = f"{how}; {self._opening}" if self._opening else how
        if self._is_proven:
            await self._driver.execute(opening, timeout=self._seconds())
        else:
            await self._first("execute", opening, ())

    async def _undo(self, error: BaseException | None) -> None:
        if error is not None and _leaves_it_unclear(error):
            self._abandon()
            return
        try:
            await self._driver.execute("rollback", timeout=self._patience.first)
        except FAULTS:
            self._abandon()  # Postgres undoes what it is not told to keep

    async def _commit(self) -> None:
        """Raises OutcomeUnknown where no answer tells: only here may something be saved that nobody was told of."""
        seconds = min(self._patience.statement, max(self._ends - time.monotonic(), _GRACE_SECONDS))
        try:
            said = await self._driver.execute("commit", timeout=seconds)
        except BaseException as error:
            self._abandon()
            if is_lost(error) or isinstance(error, asyncio.CancelledError):
                raise OutcomeUnknown from error
            raise
        if said != "COMMIT":  # a statement failed before, and somebody took no notice
            raise DatabaseUnavailable


def _leaves_it_unclear(error: BaseException) -> bool:
    """Whether a statement may be still at work, or its answer still on the way."""
    return is_lost(error) or isinstance(error, asyncio.CancelledError)
