"""Which schema version this code needs and which a database has, without importing Alembic (it costs 0.3 s).

A database may be newer than the code: for a moment at every deployment, and for longer after one was taken back. It
says itself which code it can be used by (migrations/oldest_code.py).
"""

import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from turbo_server.kit.database import Connection
from turbo_server.kit.database_errors import DatabaseNotMigrated, DatabaseTooNew
from turbo_server.kit.sql import sql

VERSIONS = Path(__file__).parent / "versions"

# Not by names: what was migrated last by older code has no oldest_code.
_STATEMENT = "select * from alembic_version"
_STORED = sql(_STATEMENT)


@cache
def head() -> str:
    """The newest revision: file names begin with it, and a test holds them to a straight line."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


@dataclass(frozen=True, slots=True)
class Schema:
    """What a database has: the columns of alembic_version. Without a number its history has not begun."""

    version_num: str | None
    oldest_code: str | None = None

    @property
    def is_current(self) -> bool:
        return self.version_num == head()

    @property
    def is_newer(self) -> bool:
        return self.version_num is not None and self.version_num > head()

    @property
    def serves_us(self) -> bool:
        """Whether this code can work with it as it is."""
        return self.is_current or (self.is_newer and self.oldest_code is not None and self.oldest_code <= head())

    def require_use(self) -> None:
        """For a server, and whatever else touches only what it knows. Raises DatabaseNotMigrated, DatabaseTooNew."""
        if not self.serves_us:
            self.require_current()

    def require_current(self) -> None:
        """For whatever has to know all that there is. Raises DatabaseNotMigrated, DatabaseTooNew."""
        if self.is_newer:
            raise DatabaseTooNew(str(self.version_num), head(), self.oldest_code)
        if not self.is_current:
            raise DatabaseNotMigrated(self.version_num, head())


async def stored_schema(db: Connection) -> Schema:
    try:
        row = await db.fetch_one(_STORED)
    except DatabaseNotMigrated:
        return Schema(None)
    return read_schema(dict(row)) if row else Schema(None)


def read_schema(row: dict[str, Any]) -> Schema:
    """Of all the row's columns: one that only newer code knows is passed over."""
    return Schema(row["version_num"], row.get("oldest_code"))


def schema_of_file(path: Path) -> Schema:
    """Of a SQLite file: the cheap question at every local start."""
    if not path.exists():
        return Schema(None)
    try:
        with sqlite3.connect(path) as connection:
            connection.row_factory = sqlite3.Row
            row = connection.execute(_STATEMENT).fetchone()
    except sqlite3.DatabaseError:  # no such table, or no database: `migrate` tells
        return Schema(None)
    return read_schema(dict(row)) if row else Schema(None)
