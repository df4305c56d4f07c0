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
from turbo_server.transfer.move import Copied, NotEmpty, SourceFailed, copy

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
            say(_not_of_this_schema(source, found))
            return 1
        at = target
        if not has_tables(target, head(), schema_of(target)):
            return 1
        copied = asyncio.run(_copy(source, target, progress := Progress(), replace=arguments.replace_keys))
    except NotEmpty as error:
        return _nothing(not_empty(error, target))
    except TransferFailed as error:
        return _nothing(str(error))
    except SourceFailed as error:
        return _nothing(told(error.problem, source))
    except TurboError as error:
        return _nothing(told(error, at))
    done = "Was there already, all of it" if copied.was_there else "Copied"
    print(f"{done}: {progress.pace(copied.contents.rows)}. Counts, hashes and counters are equal.")
    if copied.is_behind:
        say(
            "Somebody wrote to the source meanwhile: that is not in the copy. Stop its server, and copy into a new one."
        )
    say(signing_in(settings))
    return make_searchable(target, later=arguments.reindex_later, only_missing=copied.was_there)


def _nothing(why: str) -> int:
    say(f"{why} Nothing was copied.")
    return 1


def _not_of_this_schema(source: Settings, found: str | None) -> str:
    named = source.database_from
    if found is None:
        return f"The database of {named} has no tables of turbo-server: there is nothing to copy."
    remedy = "update turbo-server" if found > head() else "run `turbo-server migrate` on it (DATABASE_URL says which)"
    return f"The database of {named} is at schema {found}, and this server copies {head()}: first {remedy}."


async def _copy(source: Settings, target: Settings, progress: Progress, *, replace: bool) -> Copied:
    async with connected(source, OF_MOVES) as reading, connected(target, OF_MOVES) as writing:
        return await copy(reading, writing, progress, replace=replace)
