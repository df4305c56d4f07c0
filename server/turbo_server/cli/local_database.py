"""A local SQLite database needs no set-up: each verb that uses it brings it to this version's schema first."""

from turbo_server.cli import say
from turbo_server.migrations.version import is_current
from turbo_server.settings import Settings


def is_made_ready(settings: Settings) -> bool:
    """False, with the reason said, when the file could not be migrated. A hosted database is left to `migrate`."""
    if not settings.is_local or is_current(settings.sqlite_path):
        return True
    from turbo_server.cli.reindex import index  # these two only when there is work for them
    from turbo_server.migrations.migrate import MigrationFailed, migrate

    try:
        migrate(settings.database_url)
    except MigrationFailed as error:
        say(str(error))
        return False
    return index(settings, only_missing=True) == 0
