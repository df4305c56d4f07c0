"""Fills an empty database from a backup, or does all of that and takes it back."""

from turbo_server.kit.database import Connection

from . import move_store as store
from .backup import Backup
from .move import Contents, Tell, fill


class _Undone(Exception):
    """Carries a finished drill out of its transaction."""


async def unpack(db: Connection, backup: Backup, tell: Tell, *, replace: bool, keep: bool) -> Contents:
    """The database has the backup's schema. What it holds afterwards was read back, and is what the file says. Raises
    NotEmpty and TransferFailed: then it is as it was."""
    contents = None
    try:
        async with store.alone(db):
            contents = await fill(db, backup.parts(), backup.counters, tell, replace=replace)
            if not keep:
                raise _Undone
    except _Undone:
        pass
    assert contents is not None  # noqa: S101 - or something else was raised
    if keep:
        await store.analyze(db, backup.tables)
    return contents
