"""Joining a workspace with an invitation.

Who joins makes the key of his machine himself and sends it along. So an answer that got lost is no loss: the same
invitation with the same key is told the same again, and with any other key it is used up.
"""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from turbo_server.audit.record import About, Action, By, record
from turbo_server.kit.context import Context
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import Conflict, InvalidArguments, TurboError, Unauthenticated
from turbo_server.kit.fields import Line
from turbo_server.kit.role import Role
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import caller_store, people_store, store
from .grants import Grant, usual
from .identity import Identity
from .token import INVITATION, is_well_formed


class Join(Arguments):
    key: Annotated[Line, Field(description="The key of this machine, which it made itself: turbo_pat_...")]
    machine: Annotated[Line | None, Field(max_length=80, description="What the machine is called")] = None


class Joined(Result):
    name: str
    workspace: str
    role: str
    key_id: int


class InvitationRefused(Unauthenticated):
    """The same words for one that is unknown, used, withdrawn or too old."""

    code = "invitation_refused"

    def __init__(self) -> None:
        TurboError.__init__(
            self,
            "This invitation is not valid, or not any more: each can be used once, and only for some days.",
            "Ask an owner of the workspace for a new one: `turbo-client people invite NAME`.",
        )


@tool("Join a workspace", Effect.CREATE, takes_secret=True)
async def join_workspace(_context: Context, arguments: Join) -> Joined:
    """Makes the key that is sent along one of the person who is invited; the bearer is the invitation. With the same
    key it may be repeated, with any other the invitation is used up."""
    raise AssertionError(f"who joins has no key yet to call with: {arguments.machine}")


JOIN = Endpoint("POST", "/v1/join", join_workspace)


def admitting(identity: Identity) -> Callable[[Connection, str | None, Join, datetime], Coroutine[Any, Any, Joined]]:
    """What the door of JOIN calls."""

    async def admit(db: Connection, invitation: str | None, arguments: Join, now: datetime) -> Joined:
        if invitation is None or not is_well_formed(invitation, INVITATION):
            raise InvitationRefused
        if not is_well_formed(arguments.key):
            raise InvalidArguments("join: `key` is no API key.", "`turbo-client login` makes one.")
        secrets = (await identity.hash(db, invitation), await identity.hash(db, arguments.key))
        async with db.transaction():
            await _join(db, identity, secrets[0], arguments, now)
            return await _joined(db, *secrets)

    return admit


async def _join(db: Connection, identity: Identity, secret: str, arguments: Join, now: datetime) -> None:
    """Does nothing for an invitation that is not valid, or not any more. Raises InvitationRefused and Conflict."""
    row = await people_store.use_invitation(db, secret, now)
    if row is None:
        return
    workspace, role = row["workspace_id"], Role(row["role"])
    there = await store.account_named(db, workspace, row["name"])
    if there is not None and there["removed_at"] is None:  # made since: an invitation is no way into it
        raise InvitationRefused
    account = await store.ensure_account(db, workspace, row["name"], now, role)
    await store.bring_back(db, workspace, account, role)
    grant = Grant(Scope.ADMIN if role is Role.OWNER else Scope.WRITE, usual(now), arguments.machine)
    key_id = await identity.keep(db, arguments.key, (workspace, account), arguments.machine or "key", grant, now)
    if key_id is None:
        raise Conflict("This key is in use already.", "Log in again: a new key is made each time.")
    await people_store.keep_joined(db, secret, key_id)
    about = About(account, key_id, {"role": str(role)})
    await record(db, workspace, Action.PERSON_JOINED, By(account, key_id, arguments.machine), now, about)


async def _joined(db: Connection, secret: str, key_hash: str) -> Joined:
    """By this call, or by the same one before, whose answer got lost. Raises InvitationRefused."""
    row = await caller_store.by_hash(db, key_hash)
    if row is None or row["ended_at"] is not None or await people_store.joined_with(db, secret) != row["key_id"]:
        raise InvitationRefused
    workspace = await store.workspace_name(db, row["workspace_id"])
    return Joined(name=row["name"], workspace=workspace, role=row["role"], key_id=row["key_id"])
