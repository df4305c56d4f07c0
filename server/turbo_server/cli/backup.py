"""`turbo-server backup FILE`, and `turbo-server backup --check FILE`."""

import argparse
import asyncio
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from turbo_server.cli import say
from turbo_server.cli.connected import connected
from turbo_server.cli.database_words import told
from turbo_server.cli.moving import schema_of
from turbo_server.cli.named_database import is_there
from turbo_server.cli.progress import Progress
from turbo_server.cli.written_file import NotWritten, Written, output
from turbo_server.kit.database_errors import DatabaseNotMigrated
from turbo_server.kit.errors import TurboError
from turbo_server.kit.patience import OF_MOVES
from turbo_server.migrations.version import head
from turbo_server.settings import Settings
from turbo_server.transfer.backup import Backup, write_backup
from turbo_server.transfer.errors import TransferFailed
from turbo_server.transfer.move import Contents

EPILOG = """\
The database is DATABASE_URL's; its server may go on running. The file holds everything, API keys (hashed) and their
secret too: keep it as you keep the database. It is gzip of text, the same for SQLite and Postgres, and carries
counts and hashes of each table: `--check` reads them again, `turbo-server restore --drill FILE` tries it out.

examples:
  turbo-server backup turbo.backup
  turbo-server backup - | age -r KEY > turbo.backup.age     straight into encryption
  turbo-server backup --check turbo.backup
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", help="where to; `-` is stdout, or with --check stdin")
    parser.add_argument("--check", action="store_true", help="read a backup to its end instead, and say what is in it")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when all was written, or is whole."""
    try:
        return _check(arguments.file) if arguments.check else _write(arguments.file, settings)
    except TransferFailed as error:
        say(f"{arguments.file}: {error}")
    except TurboError as error:
        say(told(error, settings))
    except NotWritten as error:
        if isinstance(error.__cause__, BrokenPipeError):  # whoever reads has had enough
            raise error.__cause__ from None
        say(f"The backup could not be written: {error}.")
    return 1


def _write(name: str, settings: Settings) -> int:
    if not is_there(settings):
        return 1
    if (found := schema_of(settings)) != head():
        raise DatabaseNotMigrated(found, head())
    progress = Progress()
    with output(name) as file:
        contents = asyncio.run(_backup(settings, file, progress))
    say(f"Written: {progress.pace(contents.rows)}. It holds keys: only its owner should read it.")
    if name != "-":
        say(f"Try it out: turbo-server restore --drill {name}")
    return 0


async def _backup(settings: Settings, file: BinaryIO, progress: Progress) -> Contents:
    async with connected(settings, OF_MOVES) as db:
        return await write_backup(db, Written(file), progress)


def _check(name: str) -> int:
    with opened(name) as file:
        backup = Backup(file)
        contents = asyncio.run(_read(backup))
    counts = ", ".join(f"{name} {each.rows:,}" for name, each in contents.sums.items() if each.rows)
    print(f"{name} is whole: {contents.rows:,} rows, as counted and hashed when it was written.")
    print(
        f"Taken {backup.about.get('taken_at')} from {backup.about.get('database')}, schema {backup.schema}: {counts}."
    )
    return 0


async def _read(backup: Backup) -> Contents:
    async for _, lines in backup.parts():
        async for _ in lines:
            pass
    assert backup.contents is not None  # noqa: S101 - parts() ends with it, or raises
    return backup.contents


@contextlib.contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """Raises TransferFailed."""
    try:
        if name == "-":
            yield sys.stdin.buffer
        else:
            with Path(name).open("rb") as file:
                yield file
    except OSError as error:
        raise TransferFailed(f"cannot be read: {error.strerror}.") from error
