"""A local SQLite database needs no set-up: each verb that uses it brings it to this version's schema first."""

from turbo_server.cli import say
from turbo_server.migrations.version import Schema, schema_of_file
from turbo_server.settings import Settings

_SIGNATURE = b"SQLite format 3\x00"


def is_made_ready(settings: Settings) -> bool:
    """False, with the reason said, when the file could not be migrated. A hosted database is left to `migrate`."""
    if not settings.is_local:
        return True
    if wrong := what_is_wrong(settings):
        say(wrong)
        return False
    if schema_of_file(settings.sqlite_path).serves_us:
        return True
    from turbo_server.cli.reindex import index  # this only when there is work for it

    return migrated(settings) is not None and index(settings, only_missing=True) == 0


def migrated(settings: Settings, revision: str = "head") -> Schema | None:
    """None, with the reason said. A file that is new is named: nobody shall miss a path that was mistyped."""
    from turbo_server.migrations.migrate import MigrationFailed, migrate  # Alembic: only when there is work for it

    is_new = settings.is_local and not settings.sqlite_path.exists()
    try:
        schema = migrate(settings.database_url, revision)
    except MigrationFailed as error:
        say(str(error))
        return None
    if is_new:
        say(f"Made a new database at {settings.sqlite_path.absolute()}")
    return schema


def what_is_wrong(settings: Settings) -> str | None:
    """With the file that DATABASE_URL names, as far as it can be seen without SQLite."""
    path = settings.sqlite_path
    if path.is_dir():
        named = settings.database_from
        return f"{named} names the folder {path}. It must name a file, such as sqlite:///{path / 'turbo.db'}"
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            begin = file.read(len(_SIGNATURE))
    except OSError as error:
        return f"The file {path}, which {settings.database_from} names, cannot be read: {error.strerror}."
    if begin and begin != _SIGNATURE:
        named = settings.database_from
        return f"{named} names {path}, which is no SQLite database. Name one, or a file that is not there yet."
    return None
