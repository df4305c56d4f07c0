"""`turbo-server copy --from DATABASE --to DATABASE`."""

import argparse
import asyncio

from turbo_server.cli import say
from turbo_server.cli.connected import connected
from turbo_server.cli.database_words import told
from turbo_server.cli.moving import add_search_option, make_searchable, not_empty, schema_of, signing_in
from turbo_server.cli.named_database import FORMS, has_tables, is_there, named
from turbo_server.cli.progress import Progress
from turbo_server.kit.errors import TurboError
from turbo_server.kit.patience import OF_MOVES
from turbo_server.migrations.version import head
from turbo_server.settings import Settings
from turbo_server.transfer.errors import TransferFailed
from turbo_server.transfer.move import Contents, NotEmpty, copy

EPILOG = f"""\
{FORMS}
Everything comes along: projects, history, people, API keys with the secret they are hashed under, invitations, the
audit, numbers. Stop the server first: what is written during the copy stays behind. It is one transaction, proven by
reading it back: after an interruption the target is as it was, and the copy may simply be started again.

example:
  turbo-server copy --from sqlite:///turbo.db --to env:TARGET_DATABASE_URL
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "--from", dest="source", metavar="DATABASE", help="the database that is read; DATABASE_URL's without"
    )
    parser.add_argument("--to", dest="target", metavar="DATABASE", required=True, help="the one that is filled: empty")
    add_search_option(parser)
    parser.add_argument(
        "--replace-keys", action="store_true",
        help="also fill one that has people and keys, but no data; they are replaced",
    )  # fmt: skip


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when the target holds all of it, proven; otherwise it is as it was."""
    source = named(arguments.source, "--from", settings) if arguments.source else settings
    target = named(arguments.target, "--to", settings)
    if not is_there(source):
        return 1
    at = source
    try:
        if (found := schema_of(source)) != head():
            say(
                f"The database of {source.database_from} is at schema {found}, and this server copies {head()}."
                " Run `turbo-server migrate` on it first (DATABASE_URL says which), or update turbo-server."
            )
            return 1
        at = target
        if not has_tables(target, head(), schema_of(target)):
            return 1
        contents, was_there = asyncio.run(_copy(source, target, progress := Progress(), replace=arguments.replace_keys))
    except NotEmpty as error:
        say(f"{not_empty(error, target)} Nothing was copied.")
        return 1
    except TransferFailed as error:
        say(f"{error} Nothing was copied.")
        return 1
    except TurboError as error:
        say(f"{told(error, at)} Nothing was copied.")
        return 1
    done = "Was there already, all of it" if was_there else "Copied"
    print(f"{done}: {progress.pace(contents.rows)}. Counts, hashes and counters are equal.")
    say(signing_in(settings))
    return make_searchable(target, later=arguments.reindex_later, only_missing=was_there)


async def _copy(source: Settings, target: Settings, progress: Progress, *, replace: bool) -> tuple[Contents, bool]:
    async with connected(source, OF_MOVES) as reading, connected(target, OF_MOVES) as writing:
        return await copy(reading, writing, progress, replace=replace)
