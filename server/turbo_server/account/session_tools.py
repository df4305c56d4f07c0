"""Signing in to the web page, and the end of it. Only sessions of keys that may do no more than the asking one."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from turbo_server.audit.record import Action, by_actor
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.fields import LARGEST_ID, Line, WholeOnly
from turbo_server.kit.schema import Arguments
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import key_store, session_store
from .key_audit import tell_session
from .key_tools import covers
from .session_types import KeyNeeded, Link, SessionNotFound, Sessions, SessionsEnded, SessionShown, SignedIn
from .sessions import IDLE, make_code

SIGNED_OUT = {"Turbo-Signed-Out": "true"}  # to the door: this very session has ended, and its cookie goes too


class SignIn(Arguments):
    """One of the two."""

    key: Annotated[Line | None, Field(description="An API key: turbo_pat_...")] = None
    code: Annotated[Line | None, Field(description="What `turbo-client web` put behind #code=")] = None

    @model_validator(mode="after")
    def _one_of_the_two(self) -> Self:
        if (self.key is None) is (self.code is None):
            raise PydanticCustomError("one_of_two", "give `key` or `code`, one of the two")
        return self


class ListSessions(Arguments):
    """Those of the person who asks."""


class EndSession(Arguments):
    id: Annotated[
        int | None, Field(ge=1, le=LARGEST_ID, description="Without: the one that asks; of a key, all of its own"),
        WholeOnly,
    ] = None  # fmt: skip


class MakeLink(Arguments):
    """For the key that the request comes with."""


@tool("Sign in to the web page", Effect.CREATE, takes_secret=True)
async def sign_in(_context: Context, arguments: SignIn) -> SignedIn:
    """Begins a session with a key, or with the code of a link, and sets its cookie. Scope and projects are the key's;
    the session ends with it, after 8 hours in which it is not used, and after 30 days."""
    raise AssertionError(f"who signs in does not call a tool: {arguments.model_fields_set}")


@tool("List sessions", Effect.READ)
async def list_sessions(context: Context, arguments: ListSessions) -> Sessions:  # noqa: ARG001 - every verb gets them
    """Where the person is signed in to the web page."""
    return Sessions(items=[_shown(row, context) for row in await _seen(context)])


@tool("End a session", Effect.UPDATE, scope=Scope.READ)
async def end_session(context: Context, arguments: EndSession) -> SessionsEnded:
    """Signs out of the web page: the session that asks, or another of the same person. With a key and no `id`, all
    sessions that began with it."""
    actor, own = context.actor, context.actor.web_session_id
    session_id = arguments.id or own
    if session_id is None:
        ended = await session_store.end_of_key(context.db, actor.workspace_id, actor.key_id)
    elif session_id == own or session_id in {row["id"] for row in await _seen(context)}:
        ended = await session_store.end(context.db, actor.workspace_id, session_id)
    else:
        raise SessionNotFound(session_id)
    if ended:
        await tell_session(context.db, Action.SIGNED_OUT, by_actor(actor), actor.workspace_id, context.now)
    if session_id == own and own is not None:
        context.answer_headers.update(SIGNED_OUT)
    return SessionsEnded(ended=ended)


@tool("Make a link to sign in", Effect.CREATE, scope=Scope.READ, tells_secret=True)
async def link_session(context: Context, arguments: MakeLink) -> Link:  # noqa: ARG001 - every verb gets them
    """A code that signs in to the web page once, within a minute, as the key that asks: it belongs behind
    `/sign-in#code=`, the part of an address that no server sees."""
    if context.actor.web_session_id is not None:
        raise KeyNeeded
    assert context.hash_key is not None  # noqa: S101 - whoever calls a tool through a door has come with a key
    code, until = await make_code(context.db, context.actor, context.hash_key, context.now)
    return Link(code=code, page=context.web_url, expires_at=until)


SIGN_IN = Endpoint("POST", "/v1/session", sign_in)  # takes no key in a header, and has a door of its own
ENDPOINTS = (
    Endpoint("GET", "/v1/session", list_sessions),
    Endpoint("DELETE", "/v1/session", end_session),
    Endpoint("POST", "/v1/session/link", link_session),
)


async def _seen(context: Context) -> list[Row]:
    """The person's sessions, of the keys that this one covers."""
    owner = (context.actor.workspace_id, context.actor.account_id)
    keys = {row["id"] for row in await key_store.of_account(context.db, *owner) if covers(context.actor, row)}
    sessions = await session_store.of_account(context.db, *owner, context.now, context.now - IDLE)
    return [row for row in sessions if row["key_id"] in keys]


def _shown(row: Row, context: Context) -> SessionShown:
    return SessionShown(
        id=row["id"], key_id=row["key_id"], key_name=row["key_name"], created_at=row["created_at"],
        last_used_at=row["used_at"], expires_at=row["expires_at"], is_current=row["id"] == context.actor.web_session_id,
    )  # fmt: skip
