"""Which schema version this code needs and which a database has, without importing Alembic (it costs 0.3 s)."""

import sqlite3
from functools import cache
from pathlib import Path

from turbo_server.kit.database import Connection
from turbo_server.kit.database_errors import DatabaseNotMigrated
from turbo_server.kit.sql import sql

VERSIONS = Path(__file__).parent / "versions"

_STORED = sql("select version_num from alembic_version")


@cache
def head() -> str:
    """The newest revision: file names begin with it, and a test holds them to a straight line."""
    return max(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*_*.py"))


async def stored_version(db: Connection) -> str | None:
    """None where the history has not begun."""
    try:
        row = await db.fetch_one(_STORED)
    except DatabaseNotMigrated:
        return None
    return row["version_num"] if row else None


def is_current(path: Path) -> bool:
    """Whether a SQLite file is at head: the cheap question at every local start."""
    if not path.exists():
        return False
    try:
        with sqlite3.connect(path) as connection:
            row = connection.execute("select version_num from alembic_version").fetchone()
    except sqlite3.DatabaseError:  # no such table, or no database: `migrate` tells
        return False
    return row is not None and row[0] == head()
