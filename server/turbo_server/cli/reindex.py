"""`turbo-server reindex`, and the indexing of what was there before search was."""

import argparse
import asyncio

from turbo_server.catalogue import KINDS
from turbo_server.cli import say
from turbo_server.cli.database_words import told
from turbo_server.cli.local_database import is_made_ready
from turbo_server.kit.database import open_database
from turbo_server.kit.errors import TurboError
from turbo_server.kit.patience import OF_COMMANDS
from turbo_server.search.reindex import reindex
from turbo_server.settings import Settings


def configure(_parser: argparse.ArgumentParser) -> None:
    """It takes no options: everything is made anew, while the server may go on."""


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    if not is_made_ready(settings):
        return 1
    return index(settings, only_missing=False)


def index(settings: Settings, *, only_missing: bool) -> int:
    """0, or 1 with the reason said."""
    try:
        written = asyncio.run(_index(settings, only_missing=only_missing))
    except TurboError as error:
        say(told(error, settings))
        return 1
    if written or not only_missing:
        say(f"Search knows {written:,} texts{' more' if only_missing else ''}.")
    return 0


async def _index(settings: Settings, *, only_missing: bool) -> int:
    database = open_database(settings.database_url, OF_COMMANDS)
    await database.connect()
    try:
        return await reindex(database, KINDS, only_missing=only_missing)
    finally:
        await database.disconnect()
