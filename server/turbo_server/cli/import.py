"""`turbo-server import FILE`, and `turbo-server import --from TOOL PATH --project KEY`."""  # noqa: N999 - each verb is a file of its name

import argparse
import asyncio
import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from turbo_server.cli import run as run_verb
from turbo_server.cli import say
from turbo_server.cli.connected import connected
from turbo_server.cli.database_words import told
from turbo_server.cli.importing import import_drafts
from turbo_server.cli.local_database import is_made_ready
from turbo_server.cli.workspaces import add_option
from turbo_server.kit.errors import TurboError
from turbo_server.migrations.migrate import migrate
from turbo_server.settings import Settings
from turbo_server.transfer.drafts import Reading
from turbo_server.transfer.errors import TransferFailed
from turbo_server.transfer.recognise import is_original, require_export
from turbo_server.transfer.restore import Restored, restore_from
from turbo_server.transfer.sources import BRINGS_PROJECTS, READERS


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path", metavar="PATH", help="an export, or what the other tool left; `-` reads an export from stdin"
    )
    parser.add_argument("--dry-run", action="store_true", help="do everything but keep it: check, and report")
    other = parser.add_argument_group("from another tool")
    other.add_argument("--from", dest="source", choices=READERS, metavar="TOOL", help=f"one of {', '.join(READERS)}")
    other.add_argument("--project", metavar="KEY", help="the project that gets the items")
    other.add_argument(
        "--rename", action="append", default=[], metavar="OLD=NEW",
        help="of the original's projects: the key that one of them gets; may be repeated",
    )  # fmt: skip
    other.add_argument("--create", metavar="NAME", help="start the project, under this name, if there is none")
    add_option(other, "the workspace that gets them; needed where there are several")
    other.add_argument("--account", metavar="NAME", help="who imports; needed where there are several people")
    other.add_argument(
        "--person", action="append", default=[], metavar="OLD=NAME", help="who somebody is here; may be repeated"
    )


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """0 when all was taken in; otherwise nothing was."""
    if arguments.source is None and is_original(arguments.path):
        arguments.source = BRINGS_PROJECTS
    if wrong := _misused(arguments):
        say(wrong)
        return 2
    with _tried_out(settings) if arguments.dry_run else contextlib.nullcontext(settings) as chosen:
        return _import(arguments, chosen)


def _misused(arguments: argparse.Namespace) -> str | None:
    if arguments.source == BRINGS_PROJECTS:
        if arguments.project or arguments.create:
            return "The original's database brings its projects along: --rename OLD=NEW gives one another key."
    elif arguments.rename:
        return f"--rename is for --from {BRINGS_PROJECTS}, which brings its projects along."
    elif arguments.source and not arguments.project:
        return "--from needs --project KEY: the project that gets the items."
    elif not arguments.source and any(
        (arguments.project, arguments.create, arguments.account, arguments.person, arguments.workspace)
    ):
        return f"An export is imported as a whole. For another tool's file, say --from {' | '.join(READERS)}."
    return None


@contextlib.contextmanager
def _tried_out(settings: Settings) -> Iterator[Settings]:
    """Where there is no database yet, one that goes away again: a dry run leaves none behind."""
    if not settings.is_local or settings.sqlite_path.exists():
        yield settings
        return
    with tempfile.TemporaryDirectory() as folder:
        migrate(url := f"sqlite:///{folder}/turbo.db")
        yield replace(settings, database_url=url)


def _import(arguments: argparse.Namespace, settings: Settings) -> int:
    try:
        if not arguments.source:
            require_export(arguments.path)
        reading = READERS[arguments.source](Path(arguments.path)) if arguments.source else None
        if not is_made_ready(settings):
            return 1
        return _from_tool(arguments, settings, reading) if reading else _from_export(arguments, settings)
    except TransferFailed as error:
        say(f"{error} Nothing was imported.")
    except TurboError as error:
        say(f"{told(error, settings)} Nothing was imported.")
    return 1


def _from_tool(arguments: argparse.Namespace, settings: Settings, reading: Reading) -> int:
    report = asyncio.run(import_drafts(arguments, settings, reading))
    print("\n".join(report.lines(dry_run=arguments.dry_run)))
    return 0


def _from_export(arguments: argparse.Namespace, settings: Settings) -> int:
    with _input(arguments.path) as file:
        restored = asyncio.run(_restore(settings, file, dry_run=arguments.dry_run))
    counts = ", ".join(f"{name} {rows}" for name, rows in restored.rows.items() if rows)
    print(
        f"{'Checked' if arguments.dry_run else 'Imported'} {counts or 'an empty export'}: counts and hashes are equal."
    )
    if arguments.dry_run:
        print("Dry run: nothing was written.")
        return 0
    status = run_verb(["reindex"])  # what search reads is made from the rest: no export carries it
    _say_how_to_sign_in(restored)
    return status


async def _restore(settings: Settings, file: BinaryIO, *, dry_run: bool) -> Restored:
    async with connected(settings) as db:
        return await restore_from(db, file, dry_run=dry_run)


def _say_how_to_sign_in(restored: Restored) -> None:
    if restored.kept_keys:
        say(f"The {restored.kept_keys} keys that this database had stay valid; those of the export do not come along.")
    name = restored.people[0] if restored.people else "NAME"
    say(f"API keys are not part of an export. Make one: turbo-server keys create --name '{name}'")


@contextlib.contextmanager
def _input(name: str) -> Iterator[BinaryIO]:
    """Something that can be read twice: stdin goes through a file first."""
    try:
        with tempfile.TemporaryFile() if name == "-" else Path(name).open("rb") as file:
            if name == "-":
                shutil.copyfileobj(sys.stdin.buffer, file)
                file.seek(0)
            yield file
    except OSError as error:
        raise TransferFailed(f"{name} cannot be read: {error.strerror}.") from error
