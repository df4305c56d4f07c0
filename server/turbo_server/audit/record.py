"""The one way in which the audit is written: called inside the transaction that does what it tells of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from turbo_server.kit.context import Actor, Caller
from turbo_server.kit.database import Connection

from . import store

SAID_AGAIN_AFTER = timedelta(minutes=15)  # a program that goes on with a dead key fills no table
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Action(StrEnum):
    """What the audit tells beside all events. Add to it: what is written stays."""

    KEY_CREATED = "key_created"
    KEY_ADOPTED = "key_adopted"  # TURBO_API_KEY became a key of this database
    KEY_RENAMED = "key_renamed"
    KEY_ROTATED = "key_rotated"  # a new secret was made for it
    KEY_RENEWED = "key_renewed"  # that secret is in use, and the one before ends within a day
    KEY_REVOKED = "key_revoked"
    KEY_NEW_ADDRESS = "key_new_address"  # its first call from there
    KEY_REFUSED = "key_refused"  # expired, revoked or replaced; details.reason says which
    SIGNED_IN = "signed_in"  # a session of the web page began, with this key
    SIGNED_OUT = "signed_out"
    PERSON_INVITED = "person_invited"
    PERSON_JOINED = "person_joined"
    PERSON_REMOVED = "person_removed"
    ROLE_CHANGED = "role_changed"
    WEBHOOK_MADE = "webhook_made"  # from now on something is sent to where details.host says
    WEBHOOK_DELETED = "webhook_deleted"
    ACCESS_CHANGED = "access_changed"  # who may see a private project


@dataclass(frozen=True, slots=True)
class By:
    """Who did it, and from where. Nobody's fields: somebody at the server's own command line."""

    account_id: int | None = None
    key_id: int | None = None
    machine: str | None = None
    session: str | None = None
    address: str | None = None


OPERATOR = By()


def by_actor(actor: Actor) -> By:
    return By(actor.account_id, actor.key_id, actor.machine, actor.session, actor.address)


def by_key(account_id: int, key_id: int, caller: Caller) -> By:
    """Of a call that has no actor, or none yet."""
    return By(account_id, key_id, caller.machine, caller.session, caller.address)


@dataclass(frozen=True, slots=True)
class About:
    """What it was done to. `details` are plain values: names, scopes, roles; never a key or a text of an item."""

    account_id: int | None = None
    key_id: int | None = None
    details: Mapping[str, object] | None = None


NOTHING = About()


async def record(
    db: Connection, workspace_id: int, action: Action, by: By, now: datetime, about: About = NOTHING
) -> None:
    await store.insert(db, _values(workspace_id, action, by, about), now)


async def record_refusal(db: Connection, workspace_id: int, by: By, now: datetime, reason: str) -> None:
    """Of a key that was known and is dead. Outside of any transaction: the call is about to be refused."""
    about = About(by.account_id, by.key_id, {"reason": reason})
    values = _values(workspace_id, Action.KEY_REFUSED, by, about)
    await store.insert_new(db, values, now, now - SAID_AGAIN_AFTER)


async def record_address(db: Connection, workspace_id: int, by: By, now: datetime) -> None:
    """Once for each key and address."""
    about = About(by.account_id, by.key_id)
    await store.insert_new(db, _values(workspace_id, Action.KEY_NEW_ADDRESS, by, about), now, EVER)


def _values(workspace_id: int, action: Action, by: By, about: About) -> store.Values:
    details = json.dumps(dict(about.details), ensure_ascii=False, separators=(",", ":")) if about.details else None
    who = (by.account_id, by.key_id, by.machine, by.session, by.address)
    return (workspace_id, str(action), *who, about.account_id, about.key_id, details)
