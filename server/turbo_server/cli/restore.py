"""`turbo-server restore FILE`, and `turbo-server restore --drill FILE`."""

import argparse
import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from turbo_server.cli import say
from turbo_server.cli.backup import opened
from turbo_server.cli.connected import connected
from turbo_server.cli.database_words import told
from turbo_server.cli.local_database import migrated
from turbo_server.cli.moving import add_search_option, make_searchable, not_empty, schema_of, signing_in
from turbo_server.cli.named_database import FORMS, has_tables, named
from turbo_server.cli.progress import Progress
from turbo_server.kit.errors import TurboError
from turbo_server.kit.patience import OF_MOVES
from turbo_server.settings import Settings
from turbo_server.transfer.backup import Backup
from turbo_server.transfer.errors import TransferFailed
from turbo_server.transfer.move import Contents, NotEmpty
from turbo_server.transfer.unpacking import unpack

_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"))
EPILOG = f"""\
The database is DATABASE_URL's, or --to's, and must be empty; without tables it gets them. A backup from before an
update is taken in as it is, and then migrated. It is one transaction, read back and compared with the file.

--drill answers the only question about a backup: does it restore? It fills an empty database, compares counts, hashes
and counters with the file, says how long it took and how old the data is, and takes all back. Without --to that
is a temporary SQLite file; for Postgres name an empty database, which is empty again afterwards.

{FORMS}
examples:
  turbo-server restore --drill turbo.backup
  turbo-server restore turbo.backup --to env:TARGET_DATABASE_URL
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", help="a backup; `-` is stdin")
    parser.add_argument(
        "--to", dest="target", metavar="DATABASE", help="the database that is filled; DATABASE_URL's without"
    )
    parser.add_argument("--drill", action="store_true", help="do all of it but keep nothing, and compare")
    add_search_option(parser)
    parser.add_argument(
        "--replace-keys", action="store_true",
        help="also fill a database that has people and keys, but no data; they are replaced",
    )  # fmt: skip


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when the database holds all of it, proven, or in a drill has held it."""
    target = named(arguments.target, "--to", settings) if arguments.target else settings
    thrown_away = arguments.drill and not arguments.target
    try:
        with (
            opened(arguments.file) as file,
            _throwaway(target) if thrown_away else contextlib.nullcontext(target) as to,
        ):
            return _restore(arguments, Backup(file), to)
    except NotEmpty as error:
        say(f"{not_empty(error, target)} Nothing was restored.")
    except TransferFailed as error:
        say(f"{arguments.file}: {error} Nothing was restored.")
    except TurboError as error:
        say(f"{told(error, target)} Nothing was restored.")
    return 1


@contextlib.contextmanager
def _throwaway(settings: Settings) -> Iterator[Settings]:
    with tempfile.TemporaryDirectory(prefix="turbo-drill-") as folder:
        (path := Path(folder) / "turbo.db").touch()  # so that nobody is told of a new database
        yield replace(settings, database_url=f"sqlite:///{path}", database_from="the drill")


def _restore(arguments: argparse.Namespace, backup: Backup, target: Settings) -> int:
    if not has_tables(target, backup.schema, schema_of(target)):
        return 1
    progress = Progress()
    contents = asyncio.run(_unpack(target, backup, progress, arguments))
    done = "The drill restored" if arguments.drill else "Restored"
    print(f"{done} {progress.pace(contents.rows)}. Counts, hashes and counters are those of the file.")
    print(f"It was taken {age(str(backup.about.get('taken_at')))} from {backup.about.get('database')}.")
    if arguments.drill:
        return _judge(contents)
    if migrated(target) is None:
        return 1
    say(signing_in(target))
    return make_searchable(target, later=arguments.reindex_later, only_missing=False)


async def _unpack(target: Settings, backup: Backup, progress: Progress, arguments: argparse.Namespace) -> Contents:
    async with connected(target, OF_MOVES) as db:
        return await unpack(db, backup, progress, replace=arguments.replace_keys, keep=not arguments.drill)


def _judge(contents: Contents) -> int:
    """A drill on nothing proves nothing: two empty databases are equal too."""
    print("Nothing of it was kept.")
    if all(contents.sums[name].rows for name in ("accounts", "api_keys", "events")):
        return 0
    say("The backup holds no people, no keys or no history: is it of the right database?")
    return 1


def age(taken: str) -> str:
    try:
        seconds = (datetime.now(UTC) - datetime.fromisoformat(taken)).total_seconds()
    except (TypeError, ValueError):
        return f"at an unknown time ({taken})"
    if seconds < 60:
        return f"less than a minute ago ({taken})"
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size)
    count = int(seconds // size)
    return f"{count} {unit}{'s' if count > 1 else ''} ago ({taken})"
