"""What is wrong with the database, and the command or setting that mends it."""

from turbo_server.cli.database_words import place, told
from turbo_server.kit.database_errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseNotMigrated,
    DatabaseReadOnly,
    DatabaseRefused,
    DatabaseTooNew,
    ServerBusy,
)
from turbo_server.kit.errors import TurboError
from turbo_server.settings import Settings

__all__ = ["remedy_of", "told", "where"]


def where(settings: Settings) -> str:
    return place(settings)


def remedy_of(error: TurboError, settings: Settings) -> str:
    match error:
        case DatabaseRefused():
            return "Mend user, password and database name in DATABASE_URL; behind a pooler, add ?pgbouncer=true."
        case DatabaseDamaged():
            return f"Set DATABASE_URL to the right file, or restore a backup. Now it is {place(settings)}."
        case DatabaseNotMigrated():
            return "turbo-server migrate"
        case DatabaseTooNew():
            return "Install the turbo-server that migrated it, or a newer one."
        case DatabaseFull():
            return "Free some space where the database lies."
        case DatabaseReadOnly():
            return "Make the database writable."
        case DatabaseBusy() | ServerBusy():
            return "Wait until whoever holds it is done, and run doctor again."
    if settings.is_local:
        return f"Make {settings.sqlite_path} readable, or set DATABASE_URL."
    return "Start the database, or mend host and port in DATABASE_URL."
