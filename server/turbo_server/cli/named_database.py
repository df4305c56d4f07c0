"""Databases that an option names: an address without a password, or the variable that holds one with it."""

import os
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from turbo_server.cli import say
from turbo_server.cli.local_database import migrated, what_is_wrong
from turbo_server.settings import BadSettings, Settings, read_database_url

FORMS = """\
A database is named as
  sqlite:///PATH                       a file
  postgres://user@host:5432/name       without a password: what else is needed, PGPASSWORD or ~/.pgpass tell
  env:NAME                             the variable NAME holds the address, with its password
An address with a password is refused here: everybody on this machine can list the words that programs were started
with, and the shell writes them into its history. To set a variable without either:
  read -rs TARGET_DATABASE_URL && export TARGET_DATABASE_URL
"""
_SECRETS = ("password", "sslpassword")


def named(word: str, option: str, settings: Settings) -> Settings:
    """The settings with that database. Raises BadSettings, which holds nothing of an address."""
    given = word
    if word.startswith("env:"):
        option = word.removeprefix("env:")
        given = os.environ.get(option, "").strip()
        if not given:
            raise BadSettings(f"The variable {option or 'NAME'} is not set here: export it first.")
    elif has_password(word):
        raise BadSettings(
            f"{option} must not hold a password: everybody on this machine can read the words of a command line."
            " Put the address into a variable (`read -rs TARGET_DATABASE_URL && export TARGET_DATABASE_URL`) and say"
            f" {option} env:TARGET_DATABASE_URL. This password was seen already: better change it."
        )
    return replace(settings, database_url=read_database_url(given, option), database_from=option)


def has_password(address: str) -> bool:
    if address.startswith("sqlite:"):
        return False
    try:
        parts = urlsplit(address)
        return bool(parts.password) or any(name in parse_qs(parts.query) for name in _SECRETS)
    except ValueError:  # what cannot be read is taken for the worst
        return "@" in address


def is_there(settings: Settings) -> bool:
    """False, with the reason said: what is only read is not made by asking for it."""
    if not settings.is_local:
        return True
    if wrong := what_is_wrong(settings):
        say(wrong)
        return False
    if settings.sqlite_path.exists():
        return True
    say(f"There is no database at {settings.sqlite_path}. {settings.database_from} names it.")
    return False


def has_tables(settings: Settings, revision: str, found: str | None) -> bool:
    """Makes them, of that revision, where there are none (`found`). False, with the reason said."""
    if settings.is_local and (wrong := what_is_wrong(settings)):
        say(wrong)
        return False
    if found == revision:
        return True
    if found is None:
        return migrated(settings, revision) is not None
    say(
        f"The database of {settings.database_from} has tables of schema {found}, and {revision} is needed."
        " Name a database that has none: they are made."
        if found > revision
        else f"The database of {settings.database_from} is at {found}, and {revision} is needed:"
        " run `turbo-server migrate` on it first (DATABASE_URL says which)."
    )
    return False
