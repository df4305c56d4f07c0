"""What is wrong with the database, for whoever runs the server: what DATABASE_URL names, and never user or password."""

from urllib.parse import parse_qs, urlsplit

from turbo_server.kit.database_errors import (
    DatabaseDamaged,
    DatabaseNotMigrated,
    DatabaseRefused,
    DatabaseUnavailable,
    OutcomeUnknown,
)
from turbo_server.kit.errors import TurboError
from turbo_server.settings import Settings


def told(error: TurboError, settings: Settings) -> str:
    where, named = place(settings), settings.database_from
    match error:
        case DatabaseUnavailable() if settings.is_local:
            return f"The SQLite file {where}, which {named} names, cannot be opened or read."
        case DatabaseUnavailable():
            return f"There is no answer from the database at {where} ({named}). Is it running, and in reach?"
        case DatabaseRefused():
            return f"The database at {where} lets nobody in with the user, password and database name of {named}."
        case DatabaseDamaged() if settings.is_local:
            return f"{where}, which {named} names, is damaged or is no SQLite database. {error.hint}"
        case OutcomeUnknown():
            return f"{error.message} Look first whether it is there before you do it again."
        case DatabaseNotMigrated():
            return f"{error.message} Run `turbo-server migrate`."
    return f"{error.message} {error.hint}".strip()


def place(settings: Settings) -> str:
    """The file, or host:port."""
    if settings.is_local:
        return str(settings.sqlite_path)
    parts = urlsplit(settings.database_url)
    more = parse_qs(parts.query)
    host = parts.hostname or more.get("host", ["localhost"])[0]
    port = parts.port or more.get("port", ["5432"])[0]
    return f"{host}:{port}"
