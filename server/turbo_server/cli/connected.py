"""One connection for the length of a verb."""

import contextlib
from collections.abc import AsyncIterator

from turbo_server.kit.database import Connection, open_database
from turbo_server.kit.patience import OF_COMMANDS
from turbo_server.settings import Settings


@contextlib.asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[Connection]:
    """Raises DatabaseUnavailable."""
    database = open_database(settings.database_url, OF_COMMANDS)
    await database.connect()
    try:
        async with database.connection() as db:
            yield db
    finally:
        await database.disconnect()
