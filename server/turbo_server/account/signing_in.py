"""How a session of the web page begins: with a key, or with the code of a link, which that uses up."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from turbo_server.audit.record import Action, by_actor
from turbo_server.kit.context import Actor, Caller
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.errors import Unauthenticated
from turbo_server.kit.token import SessionSecret

from . import session_store
from .identity import Identity
from .key_audit import tell_session
from .session_tools import SignIn
from .session_types import SignedIn
from .sessions import IDLE, LASTS, LinkRefused, SignedInAlready, new_secret

Begin = Callable[
    [Connection, Actor | None, SignIn, SessionSecret | None, Caller, datetime],
    Coroutine[Any, Any, tuple[SessionSecret, SignedIn]],
]


def signing_in(identity: Identity) -> Begin:
    """What the door of SIGN_IN calls: with the person whose key was sent, or None and a code."""

    async def begin(
        db: Connection, actor: Actor | None, arguments: SignIn, before: SessionSecret | None, caller: Caller,
        now: datetime,
    ) -> tuple[SessionSecret, SignedIn]:  # fmt: skip
        secret = new_secret()
        hashed = await identity.hash(db, secret)
        async with db.transaction():
            present = None
            if before is not None:
                earlier = await identity.hash(db, before)
                present = await session_store.by_hash(db, earlier, now, now - IDLE)
                await session_store.end_secret(db, earlier)
            if actor is not None:
                owner = (actor.workspace_id, actor.key_id)
                session_id = await session_store.add(db, owner, now, now + LASTS, secret=hashed)
            else:
                actor = await _actor_of_code(db, identity, arguments.code or "", (secret, hashed), caller, now)
                _require_same_person(present, actor)
                session_id = actor.web_session_id or 0
            await tell_session(db, Action.SIGNED_IN, by_actor(actor), actor.workspace_id, now)
        return secret, SignedIn(
            id=session_id, name=actor.name, workspace=actor.workspace, scope=actor.scope, expires_at=now + LASTS
        )

    return begin


def _require_same_person(present: Row | None, actor: Actor) -> None:
    """Who pastes a key knows whose it is; a link may come from anybody. Raises SignedInAlready."""
    if present is not None and present["account_id"] != actor.account_id:
        raise SignedInAlready(present["name"])


async def _actor_of_code(
    db: Connection, identity: Identity, code: str, secret: tuple[SessionSecret, str], caller: Caller, now: datetime
) -> Actor:
    """`secret` is the session's, and its hash. Raises LinkRefused, also where the key has ended since."""
    if not await session_store.use_code(db, await identity.hash(db, code), secret[1], now, now + LASTS):
        raise LinkRefused
    try:
        return await identity.actor(db, secret[0], caller, now)
    except Unauthenticated:
        raise LinkRefused from None
