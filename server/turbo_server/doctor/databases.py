"""Looks at the database itself: whether it is there, what it can do, and how much room there is."""

import os
import shutil
import stat
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from turbo_server.kit.database import Connection, open_database
from turbo_server.kit.database_url import read_postgres_url
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import TurboError
from turbo_server.kit.faults import FAULTS, is_lost
from turbo_server.kit.patience import POOL_SIZE, Patience
from turbo_server.settings import Settings

from . import store
from .check import Check, fine, unsure, wrong
from .contents import check_contents
from .looking import looked_at, tried_in_memory
from .words import remedy_of, told, where

OLDEST_POSTGRES = 130_000
_SECONDS = 1.5
# All of it in less than five seconds, whatever does not answer.
OF_DOCTOR = Patience(
    room=1, connect=2, first=_SECONDS, lock=1, statement=_SECONDS, idle_in_transaction=5, call=2.5, close=0.3
)
_LEAST_DISK = 200 * 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_CLOCK_SECONDS = 30


async def check_database(settings: Settings, kinds: Sequence[str]) -> AsyncIterator[Check]:
    looks = _check_file(settings, kinds) if settings.is_local else _check_postgres(settings, kinds)
    try:
        async for check in looks:
            yield check
    except TurboError as error:
        yield wrong("database", told(error, settings), remedy_of(error, settings))
    except FAULTS as error:
        name = getattr(error, "sqlstate", None) or type(error).__name__
        yield wrong("database", f"it refused a question of doctor's ({name})", "Look into the log of the database.")


async def _check_file(settings: Settings, kinds: Sequence[str]) -> AsyncIterator[Check]:
    path = settings.sqlite_path
    if not path.exists():
        yield _no_file(path)
        return
    with looked_at(path, _SECONDS) as db:
        version = await store.sqlite_version(db)
        found = await store.problems(db)
        yield Check(
            "database",
            not found,
            f"{path}, SQLite {version}" + (f": {found[0]}" if found else ""),
            f"Import a backup of it, or save what can be read: sqlite3 {path} .recover",
        )
        for check in _around(path):
            yield check
        mode = await store.journal_mode(db)
        yield Check("journal", True if mode == "wal" else None, f"{mode} mode", "serve turns it to WAL when it starts")
        async for check in check_contents(settings, db, kinds):
            yield check


def _no_file(path: Path) -> Check:
    folder = next((each for each in path.absolute().parents if each.exists()), Path("/"))
    if not os.access(folder, os.W_OK | os.X_OK):
        return wrong(
            "database",
            f"{path} is not there, and {folder} cannot be written to",
            f"Make {folder} yours and writable, or set DATABASE_URL.",
        )
    return unsure("database", f"{path} is not there yet", "turbo-server serve makes it; or set DATABASE_URL")


def _around(path: Path) -> Iterator[Check]:
    """The file's own rights, its folder's, and the disk."""
    mode = stat.S_IMODE(path.stat().st_mode)
    closed = os.name == "nt" or not mode & _OTHERS
    yield Check(
        "who may read it",
        closed,
        f"mode {mode:o}{'' if closed else ': others on this machine may read it'}",
        f"chmod 600 {path}",
    )
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)
    yield Check(
        "writable",
        writable,
        "file and folder" if writable else f"{path} or its folder is not",
        f"Make {path.parent} and the file yours and writable.",
    )
    free, size = shutil.disk_usage(path.parent).free, path.stat().st_size
    enough = free >= max(_LEAST_DISK, size)
    yield Check(
        "disk",
        enough,
        f"{_size(free)} free, the database has {_size(size)}",
        "Free some space, or move the database to a larger disk.",
    )
    for name, statements in store.sqlite_features().items():
        if said := tried_in_memory(statements):
            yield wrong("SQLite", f"lacks {name}: {said}", "Use a Python whose SQLite has it: 3.35 or newer.")


async def _check_postgres(settings: Settings, kinds: Sequence[str]) -> AsyncIterator[Check]:
    database = open_database(settings.database_url, OF_DOCTOR)
    began = time.monotonic()
    await database.connect()
    try:
        async with database.connection() as db:
            took = time.monotonic() - began
            async for check in _server(settings, db, took):
                yield check
            if check.ok is False:  # its rights: the rest could not be read
                return
            async for check in check_contents(settings, db, kinds):
                yield check
    finally:
        await database.disconnect()


async def _server(settings: Settings, db: Connection, took: float) -> AsyncIterator[Check]:
    asked = datetime.now(UTC)
    row = await store.server(db)
    assert row is not None  # noqa: S101 - a select without a table
    new = row["version"] >= OLDEST_POSTGRES
    yield Check(
        "database",
        new,
        f"Postgres {row['name']} at {where(settings)}, reached in {took * 1000:.0f} ms",
        "Update Postgres to 13 or newer.",
    )
    yield _clock(as_moment(row["clock"]), asked)
    if row["encoding"] != "UTF8":
        yield wrong(
            "encoding",
            f"{row['encoding']} keeps not every text",
            "Make a database with ENCODING 'UTF8', and copy into it.",
        )
    if row["is_read_only"]:
        yield wrong(
            "writable", "it takes no writes: a standby, or set to read only", "Point DATABASE_URL to the primary."
        )
    yield await _features(db)
    yield await _connections(settings, db)
    yield await _rights(db, row["schema_name"])


def _clock(there: datetime | None, asked: datetime) -> Check:
    """Half of the way there and back is within the tolerance."""
    off = (asked - there).total_seconds() if there else 0.0
    return Check(
        "clock",
        abs(off) <= _CLOCK_SECONDS,
        f"{abs(off):.1f} s {'ahead of' if off > 0 else 'behind'} the database's",
        "Let this machine, and the database's, set their time from the network.",
    )


async def _features(db: Connection) -> Check:
    lacking = []
    for feature in store.FEATURES:
        try:
            await store.has(db, feature)
        except FAULTS as error:
            if is_lost(error):
                raise
            lacking.append(feature.name)
    if lacking:
        return wrong("SQL", f"it lacks {', '.join(lacking)}", "Use a Postgres of its own, 13 or newer.")
    return fine("SQL", "it can do what turbo-server asks")


async def _rights(db: Connection, schema: str | None) -> Check:
    if schema is None:
        return wrong(
            "rights",
            "no schema is on the search path of this user",
            "As its owner: alter role USER set search_path = public",
        )
    out = await store.tables_out_of_reach(db)
    if out:
        return wrong(
            "rights",
            f"this user may not read and write {', '.join(out)}",
            f"As their owner: grant select, insert, update, delete on all tables in schema {schema} to USER;"
            f" grant usage on all sequences in schema {schema} to USER",
        )
    if not await store.may_create(db):
        return unsure(
            "rights",
            f"reads and writes, but may not make tables in schema {schema}",
            "`turbo-server migrate` needs a user who may: grant create on schema to it, or use another there",
        )
    return fine("rights", f"reads, writes and migrates in schema {schema}")


async def _connections(settings: Settings, db: Connection) -> Check:
    if read_postgres_url(settings.database_url).is_pooled:
        return fine("connections", "through a pooler in transaction mode: no prepared statements are kept")
    left = await store.room(db)
    if left is None:
        return unsure("connections", "it does not tell how many more it takes")
    return Check(
        "connections",
        left >= POOL_SIZE,
        f"room for {left} more; each server takes up to {POOL_SIZE}",
        "Raise max_connections or the limit of database and user, or put PgBouncer before it (?pgbouncer=true).",
    )


def _size(count: int) -> str:
    number = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if number < 1024:
            return f"{number:.0f} {unit}"
        number /= 1024
    return f"{number:.1f} TiB"
