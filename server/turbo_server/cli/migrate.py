"""`turbo-server migrate`."""

import argparse

from turbo_server.cli import say
from turbo_server.cli.local_database import migrated, what_is_wrong
from turbo_server.cli.reindex import index
from turbo_server.migrations.version import head
from turbo_server.settings import Settings


def configure(_parser: argparse.ArgumentParser) -> None:
    """It takes no options: the database is DATABASE_URL's."""


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    if settings.is_local and (wrong := what_is_wrong(settings)):
        say(wrong)
        return 1
    schema = migrated(settings)
    if schema is None:
        return 1
    if schema.is_newer:
        say(f"The database is at migration {schema.version_num}. This server is of {head()} and can work with it.")
        return 0
    say(f"The database is at migration {head()}.")
    return index(settings, only_missing=True)
