"""What the drivers say when the database is away, busy or of another version, as our own errors."""

import contextlib
import sqlite3
from collections.abc import Iterator

import asyncpg

from .errors import DatabaseBusy, DatabaseNotMigrated, DatabaseUnavailable

LockNotFree = asyncpg.LockNotAvailableError  # after lock_timeout, where a transaction has set one
# The last but one: what asyncpg says of a connection that was lost in the middle of an answer.
FAULTS = (
    OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError,
    sqlite3.OperationalError,
)  # fmt: skip


@contextlib.contextmanager
def told_as_ours() -> Iterator[None]:
    """Around all that one connection is used for: what goes wrong with it comes out as a TurboError."""
    try:
        yield
    except FAULTS as error:
        if isinstance(error, LockNotFree):
            raise DatabaseBusy from error
        if _is_away(error):
            raise DatabaseUnavailable from error
        if isinstance(error, asyncpg.UndefinedTableError) or "no such table" in str(error):
            raise DatabaseNotMigrated from error
        raise


def _is_away(error: Exception) -> bool:
    """Whether the database, not our statement, is at fault."""
    match error:
        case asyncpg.InterfaceError():
            return "closed" in str(error) or "closing" in str(error)
        case asyncpg.PostgresError():
            # 08 connection, 53 resources, 57P shutting down or starting up, 57014 statement time-out
            return (error.sqlstate or "")[:2] in ("08", "53") or (error.sqlstate or "").startswith("57")
        case sqlite3.OperationalError():
            return any(sign in str(error) for sign in ("locked", "unable to open", "disk I/O", "disk is full"))
        case _:
            return True
