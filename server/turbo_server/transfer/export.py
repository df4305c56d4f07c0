"""Writes the whole of a database into a file: one moment of it, a batch of rows in memory at a time."""

import hashlib
from datetime import UTC, datetime
from typing import Protocol

from turbo_server import __version__
from turbo_server.kit.database import Connection
from turbo_server.migrations.version import head, stored_schema

from . import store
from .carried import FORMS, carried_tables
from .lines import Header, Seal, row_line

_moment = FORMS[4][1].write


class Output(Protocol):
    def write(self, line: bytes, /) -> object: ...


async def export_to(db: Connection, file: Output) -> dict[str, int]:
    """How many rows of each table it wrote. Raises DatabaseNotMigrated and DatabaseTooNew."""
    (await stored_schema(db)).require_current()
    async with db.snapshot():
        header = await _header(db)
        file.write(header.line)
        seal = Seal(hashlib.sha256(header.line).hexdigest())
        for table in header.tables:
            async for row in store.every_row(db, table):
                line = row_line(table, row)
                seal.add(table.name, line)
                file.write(line)
        file.write(seal.line(header.tables))
    return dict(header.rows)


async def _header(db: Connection) -> Header:
    tables = carried_tables()
    since = await store.instance_since(db)
    details = {
        "server": __version__,
        "database": db.dialect.value,
        "instance": _moment(since) if since else None,
        "exported_at": _moment(datetime.now(UTC)),
    }
    return Header(head(), tables, {table.name: await store.count(db, table.name) for table in tables}, details)
