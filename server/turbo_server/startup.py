"""What must be settled before the first request is served."""

from turbo_server.account import key_store
from turbo_server.account.identity import Identity
from turbo_server.kit.database import Database
from turbo_server.migrations.version import stored_schema
from turbo_server.settings import Settings


class CannotStart(Exception):
    """The server must not run like this: the text says why, and what to do."""


async def admit_owner(settings: Settings, database: Database, identity: Identity) -> None:
    """Makes TURBO_API_KEY the owner's key. In production some key must open the door. Raises CannotStart."""
    if settings.api_key:
        async with database.connection() as db:
            await identity.adopt_key(db, settings.api_key)
    elif settings.environment == "production":
        async with database.connection() as db:
            if not await key_store.has_any(db):
                raise CannotStart(
                    "There is no API key: nobody could sign in. Set TURBO_API_KEY to what `turbo-server keys generate`"
                    " prints, or run `turbo-server keys create --name NAME`."
                )


async def what_is_missing(database: Database) -> str | None:
    """What keeps everybody from being served, though the server runs. Raises TurboError."""
    async with database.connection() as db:
        (await stored_schema(db)).require_use()
        if not await key_store.has_any(db):
            return "There is no API key yet, so nobody can sign in: run `turbo-server keys create --name NAME`."
    return None
