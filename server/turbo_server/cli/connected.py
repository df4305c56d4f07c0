"""One connection for the length of a verb."""

import contextlib
from collections.abc import AsyncIterator

from turbo_server.kit.database import Connection, open_database
from turbo_server.kit.patience import OF_COMMANDS, Patience
from turbo_server.settings import Settings


@contextlib.asynccontextmanager
async def connected(settings: Settings, patience: Patience = OF_COMMANDS) -> AsyncIterator[Connection]:
    """Raises DatabaseUnavailable."""
    database = open_database(settings.database_url, patience)
    await database.connect()
    try:
        async with database.connection() as db:
            yield db
    finally:
        await database.disconnect()
