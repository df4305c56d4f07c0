"""Joining a workspace by a one-time key: stored only as an HMAC, good for some days, and for one person only.

Who joins makes the key of his machine himself and sends it along. So an answer that got lost is no loss: the same
invitation with the same key is told the same again, and with any other key it is used up.
"""

from datetime import datetime, timedelta

from turbo_server.kit.context import Context
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import Conflict, InvalidArguments, TurboError, Unauthenticated
from turbo_server.kit.role import Role
from turbo_server.kit.schema import Result
from turbo_server.kit.scope import Scope

from . import key_store, people_store, store
from .grants import Grant, usual
from .identity import Identity
from .people_types import Invitation
from .token import INVITATION, is_well_formed, mint

DAYS, MOST_DAYS = 7, 30


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
            "Ask an owner of the workspace for a new one: turbo-client people invite NAME.",
        )


async def invite(context: Context, name: str, role: Role, days: int) -> Invitation:
    token = mint(INVITATION)
    workspace, until = context.actor.workspace_id, context.now + timedelta(days=days)
    await people_store.withdraw(context.db, workspace, name, context.now)
    assert context.hash_key is not None  # noqa: S101 - the runner gives it
    hashed = await context.hash_key(context.db, token)
    who = context.actor.account_id or None  # nobody's in the server's own shell
    await people_store.invite(context.db, workspace, (name, role), hashed, who, (context.now, until))
    return Invitation(name=name, role=role, invitation=token, expires_at=until)


async def join(
    db: Connection, identity: Identity, invitation: str | None, key: str, machine: str | None, now: datetime
) -> Joined:
    """Makes the key one of the person who is invited. Raises InvitationRefused and Conflict."""
    if invitation is None or not is_well_formed(invitation, INVITATION):
        raise InvitationRefused
    if not is_well_formed(key):
        raise InvalidArguments("join: `key` is no API key.", "`turbo-client login` makes one.")
    async with db.transaction():
        secret = await identity.hash(db, invitation)
        row = await people_store.use_invitation(db, secret, now)
        if row is None:
            return await _joined_before(db, secret, await identity.hash(db, key))
        workspace, role = row["workspace_id"], Role(row["role"])
        there = await store.account_named(db, workspace, row["name"])
        if there is not None and there["removed_at"] is None:  # made since: an invitation is no way into it
            raise InvitationRefused
        account = await store.ensure_account(db, workspace, row["name"], now, role)
        await store.bring_back(db, workspace, account, role)
        scope = Scope.ADMIN if role is Role.OWNER else Scope.WRITE
        grant = Grant(scope, usual(now), machine)
        key_id = await identity.keep(db, key, (workspace, account), machine or "key", grant, now)
        if key_id is None:
            raise Conflict("This key is in use already.", "Log in again: a new key is made each time.")
        await people_store.keep_joined(db, secret, key_id)
        return await _joined_before(db, secret, await identity.hash(db, key))


async def _joined_before(db: Connection, secret: str, key_hash: str) -> Joined:
    """By this call, or by the same one before, whose answer got lost. Raises InvitationRefused."""
    row = await key_store.by_hash(db, key_hash)
    if row is None or row["revoked_at"] or await people_store.joined_with(db, secret) != row["key_id"]:
        raise InvitationRefused
    return Joined(name=row["name"], workspace=row["workspace"], role=row["role"], key_id=row["key_id"])
