"""What the drivers say when the database is away, busy, full or of another version, as our own errors."""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator

import asyncpg

from .database_errors import (
    CallTooLong,
    Contended,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseNotMigrated,
    DatabaseProblem,
    DatabaseReadOnly,
    DatabaseRefused,
    DatabaseUnavailable,
)

log = logging.getLogger("turbo_server")

CONTENDED = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)
LockNotFree = asyncpg.LockNotAvailableError  # after lock_timeout
# The last of asyncpg's: what it says of a connection that was lost in the middle of an answer.
FAULTS = (
    OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError,
    sqlite3.DatabaseError,
)  # fmt: skip


class OutOfTime(TimeoutError):
    """The call may take no longer. Not a TurboError: what looks after those of its parts must not take it for one."""


# By SQLSTATE or the beginning of one; the longest that fits counts.
_POSTGRES: dict[str, type[DatabaseProblem]] = {
    "40001": Contended, "40P01": Contended, "55P03": DatabaseBusy, "57014": CallTooLong, "53100": DatabaseFull,
    "25006": DatabaseReadOnly, "XX001": DatabaseDamaged, "XX002": DatabaseDamaged, "42P01": DatabaseNotMigrated,
    "28": DatabaseRefused, "3D000": DatabaseRefused,
    "08": DatabaseUnavailable,  # the connection
    "25P03": DatabaseUnavailable,  # idle for too long in a transaction: this server had been stopped in between
    "53": DatabaseUnavailable,  # memory, connections
    "57": DatabaseUnavailable,  # shutting down or starting up
    "58": DatabaseUnavailable,  # its disk
}  # fmt: skip
_SQLITE: dict[int, type[DatabaseProblem]] = {
    sqlite3.SQLITE_BUSY: DatabaseBusy, sqlite3.SQLITE_LOCKED: DatabaseBusy, sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly, sqlite3.SQLITE_CORRUPT: DatabaseDamaged,
    sqlite3.SQLITE_NOTADB: DatabaseDamaged, sqlite3.SQLITE_IOERR: DatabaseUnavailable,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnavailable, sqlite3.SQLITE_NOMEM: DatabaseUnavailable,
    sqlite3.SQLITE_INTERRUPT: CallTooLong,
}  # fmt: skip


@contextlib.contextmanager
def told_as_ours() -> Iterator[None]:
    """Around all that one connection is used for: what goes wrong with it comes out as a TurboError."""
    try:
        yield
    except FAULTS as error:
        problem = _problem(error)
        if problem is None:
            raise
        ours = problem()
        log.warning("%s: %s", problem.code, _named(error), extra={"problem": ours})
        raise ours from error


def is_lost(error: BaseException) -> bool:
    """Whether the connection is of no use any more, and whatever it was asked last may or may not have been done."""
    match error:
        case asyncpg.InterfaceError():
            return any(sign in str(error) for sign in ("closed", "closing", "released"))
        case asyncpg.PostgresError():
            state = error.sqlstate or ""
            return state == "25P03" or state[:2] == "08" or (state[:2] == "57" and state != "57014")
        case OutOfTime():
            return False  # nothing was asked
        case OSError() | TimeoutError() | asyncpg.InternalClientError():
            return True
        case _:
            return False


def _problem(error: Exception) -> type[DatabaseProblem] | None:
    """None where the statement or the data is at fault, and so we are."""
    match error:
        case asyncpg.PostgresError():
            state = error.sqlstate or ""
            known = next((state[:length] for length in (5, 2) if state[:length] in _POSTGRES), None)
            return _POSTGRES[known] if known else None
        case sqlite3.DatabaseError():
            if "no such table" in str(error):
                return DatabaseNotMigrated
            return _SQLITE.get(_code(error))
        case OutOfTime():
            return CallTooLong
        case _:
            return DatabaseUnavailable if is_lost(error) else None


def _code(error: sqlite3.Error) -> int:
    """Without what SQLite adds to it to tell kinds of it apart."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _named(error: Exception) -> str:
    """For the log: never the driver's own text, which may hold data, names of users and hosts."""
    state = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return f"{type(error).__name__} {state}" if state else type(error).__name__
