"""What `copy`, `backup` and `restore` say and do alike."""

import argparse
import asyncio

from turbo_server.cli import say
from turbo_server.cli.connected import connected
from turbo_server.cli.reindex import index
from turbo_server.settings import Settings
from turbo_server.transfer import move_store as store
from turbo_server.transfer.move import NotEmpty


def schema_of(settings: Settings) -> str | None:
    """None where there is no database yet, or none of ours. Raises TurboError."""
    if settings.is_local and not (settings.sqlite_path.is_file() and settings.sqlite_path.stat().st_size):
        return None

    async def read() -> str | None:
        async with connected(settings) as db:
            return await store.version(db)

    return asyncio.run(read())


def not_empty(error: NotEmpty, target: Settings) -> str:
    named = target.database_from
    if error.has_data:
        return f"The database of {named} is not empty: it has {error}. Name an empty one, or a file that is not there."
    return (
        f"The database of {named} has people and keys, but no data: {error}. To replace them by those that come in,"
        " so that only the keys from there open the door, say --replace-keys."
    )


def add_search_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--reindex-later", action="store_true",
        help="leave out what search reads: `turbo-server reindex` makes it, also while the server runs",
    )  # fmt: skip


def make_searchable(target: Settings, *, later: bool, only_missing: bool) -> int:
    """0, or 1 with the reason said: all else is there by then."""
    if later:
        say("Search finds nothing yet: run `turbo-server reindex`, before or after the server is started.")
        return 0
    return index(target, only_missing=only_missing)


def signing_in(settings: Settings) -> str:
    if settings.key_pepper:
        return "The keys that opened the old database open this one, under the same TURBO_KEY_PEPPER: set it there too."
    return (
        "The keys that opened the old database open this one. If its server ran with TURBO_KEY_PEPPER, the new one"
        " needs the same."
    )
