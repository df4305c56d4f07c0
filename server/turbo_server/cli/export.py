"""`turbo-server export [FILE|-]`."""

import argparse
import asyncio
from typing import BinaryIO

from turbo_server.account import store as account
from turbo_server.cli import say
from turbo_server.cli.connected import connected
from turbo_server.cli.database_words import told
from turbo_server.cli.local_database import is_made_ready
from turbo_server.cli.written_file import NotWritten, Written, output
from turbo_server.kit.errors import TurboError
from turbo_server.settings import Settings
from turbo_server.transfer.export import export_to


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="where to; `-`, the default, is stdout")


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when all was written. A file is there only then: it is put in its place as the last step."""
    if settings.is_local and not settings.sqlite_path.exists():
        say(f"There is no database at {settings.sqlite_path} to export. DATABASE_URL names another.")
        return 1
    if not is_made_ready(settings):
        return 1
    try:
        with output(arguments.file) as file:
            rows, workspaces = asyncio.run(_export(settings, file))
    except TurboError as error:
        say(told(error, settings))
        return 1
    except NotWritten as error:
        if isinstance(error.__cause__, BrokenPipeError):  # whoever reads has had enough
            raise error.__cause__ from None
        say(f"The export could not be written: {error}.")
        return 1
    written = ", ".join(f"{name} {count}" for name, count in rows.items() if count)
    say(f"Exported {written or 'an empty database'}. API keys are never part of an export.")
    if len(workspaces) > 1:
        say(f"It holds all workspaces of this database: {', '.join(workspaces)}. Only its operator should read it.")
    return 0


async def _export(settings: Settings, file: BinaryIO) -> tuple[dict[str, int], list[str]]:
    async with connected(settings) as db:
        return await export_to(db, Written(file)), [row["name"] for row in await account.all_workspaces(db)]
