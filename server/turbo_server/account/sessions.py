"""A session of the web page: how long it lasts, and what it and a link to it are made of."""

import secrets
from datetime import datetime, timedelta

from turbo_server.kit.context import Actor, HashKey
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import Conflict, TurboError, Unauthenticated
from turbo_server.kit.token import SessionSecret

from . import session_store

IDLE = timedelta(hours=8)
LASTS = timedelta(days=30)
CODE_LASTS = timedelta(seconds=60)


class SessionEnded(Unauthenticated):
    """The same words for one that is unknown, signed out, unused for too long, or whose key has ended."""

    code = "session_ended"

    def __init__(self) -> None:
        TurboError.__init__(
            self,
            "This session is over, or was never there.",
            "Sign in again: with a key, or by `turbo-client web`.",
        )


class LinkRefused(Unauthenticated):
    """The same words for a code that is unknown, used or too old."""

    code = "sign_in_refused"

    def __init__(self) -> None:
        TurboError.__init__(
            self,
            "This link is not valid, or not any more: each can be used once, for a minute.",
            "Run `turbo-client web` again, or sign in with a key.",
        )


class SignedInAlready(Conflict):
    """Whoever knows this server could send somebody a link of theirs: what is written then is in their name."""

    code = "signed_in_already"

    def __init__(self, name: str) -> None:
        super().__init__(
            f"This browser is signed in as {name}, and the link is another person's; nothing was changed.",
            "Is it meant so, sign out first, then open a new link. Did you not ask for it, leave it.",
        )


def new_secret() -> SessionSecret:
    return SessionSecret(secrets.token_urlsafe(32))


async def make_code(db: Connection, actor: Actor, hash_key: HashKey, now: datetime) -> tuple[str, datetime]:
    """And when it ends."""
    code, until = secrets.token_urlsafe(32), now + CODE_LASTS
    hashed = await hash_key(db, code)
    await session_store.add(db, (actor.workspace_id, actor.key_id), now, until, code=hashed)
    return code, until
