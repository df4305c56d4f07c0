"""Inviting somebody by a one-time key: it is shown once, and stored only as an HMAC."""

from datetime import timedelta

from turbo_server.audit.record import OPERATOR, About, Action, by_actor, record
from turbo_server.kit.context import Context
from turbo_server.kit.role import Role

from . import people_store
from .people_types import Invitation
from .token import INVITATION, mint

DAYS, MOST_DAYS = 7, 30


async def invite(context: Context, name: str, role: Role, days: int) -> Invitation:
    """In place of an earlier one for that name."""
    assert context.hash_key is not None  # noqa: S101 - whoever calls a tool through a door has come with a key
    token = mint(INVITATION)
    workspace, until = context.actor.workspace_id, context.now + timedelta(days=days)
    await people_store.withdraw(context.db, workspace, name, context.now)
    hashed = await context.hash_key(context.db, token)
    inviting = context.actor.account_id or None  # nobody, in the server's own shell
    await people_store.invite(context.db, workspace, (name, role), hashed, inviting, (context.now, until))
    by = by_actor(context.actor) if inviting else OPERATOR
    about = About(details={"name": name, "role": str(role)})
    await record(context.db, workspace, Action.PERSON_INVITED, by, context.now, about)
    return Invitation(name=name, role=role, invitation=token, expires_at=until)
