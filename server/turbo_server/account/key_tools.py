"""What a person's programs do with that person's keys: a key for each machine, and the end of it.

A key sees, names and ends only keys that may do no more than itself, and makes none that may do more or last longer. An
owner's key that is limited in nothing sees and ends those of everybody, and gets no secret of theirs.
"""

import json
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from turbo_server.audit.record import About, Action, by_actor, record
from turbo_server.kit.context import Actor, Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.fields import LARGEST_ID, Line, WholeOnly, Word, Words
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.role import Role
from turbo_server.kit.schema import Arguments
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, tool
from turbo_server.project.tools import require_project
from turbo_server.project.types import ProjectNotFound

from . import key_store
from .grants import DAYS, MOST_DAYS, Grant, Lifetime, until_day, usual
from .key_audit import revoke, tell_made
from .key_types import (
    MOST_KEYS,
    KeyNotFound,
    KeyOver,
    KeyReceipt,
    KeyReplaced,
    Keys,
    KeyShown,
    KeyTooLasting,
    KeyTooWide,
    NewKey,
    NewSecret,
    NotAnOwner,
    TooManyKeys,
)
from .token import mint

KeyId = Annotated[int, Field(ge=1, le=LARGEST_ID), WholeOnly]
KeyName = Annotated[Line, Field(max_length=80)]


class MakeKey(Arguments):
    name: KeyName | None = None
    machine: Annotated[KeyName | None, Field(description="The machine that it is for; its name without another")] = None
    scope: Annotated[Scope | None, Word, Field(description="That of the key which asks, or less")] = None
    projects: Annotated[
        list[ProjectKey] | None, Words, Field(min_length=1, max_length=20, description="All that it may see")
    ] = None
    days: Annotated[
        int | None, Field(ge=1, le=MOST_DAYS, description="Its end for good; else 90, renewable"), WholeOnly
    ] = None  # fmt: skip


class ListKeys(Arguments):
    everyone: Annotated[bool, Field(description="All of the workspace, for its owners; else those of who asks")] = False


class RenameKey(Arguments):
    id: KeyId
    name: KeyName


class RevokeKey(Arguments):
    id: KeyId


class RotateKey(Arguments):
    id: Annotated[
        KeyId | None, Field(description="Another key of the same person; else the one that the request comes with")
    ] = None  # fmt: skip


@tool("Make a key", Effect.CREATE, scope=Scope.READ, tells_secret=True)
async def make_key(context: Context, arguments: MakeKey) -> NewKey:
    """A key of the same person, for a machine say: with the scope, the projects and the end of the key that asks, or
    less. It lasts 90 days and may be renewed; with `days`, or an end of the asking key, no longer than that."""
    grant = await _grant(context, arguments)
    if await key_store.count(context.db, *_owner(context.actor), context.now) >= MOST_KEYS:
        raise TooManyKeys
    token, secret = await _mint(context)
    name = arguments.name or arguments.machine or "key"
    made = await key_store.add(context.db, _owner(context.actor), name, secret, context.now, grant.columns)
    assert made is not None  # noqa: S101 - 238 random bits do not repeat
    if grant.project_ids:
        await key_store.limit(context.db, made, sorted(grant.project_ids))
    by = by_actor(context.actor)
    await tell_made(context.db, _owner(context.actor), made, name, grant, context.now, by=by)
    return NewKey(
        id=made, key=token, name=name, machine=grant.machine, scope=grant.scope,
        expires_at=grant.lifetime.expires_at, is_renewable=grant.lifetime.renewal_days is not None,
    )  # fmt: skip


@tool("List keys", Effect.READ)
async def list_keys(context: Context, arguments: ListKeys) -> Keys:
    """The person's keys that were not revoked and may do no more than the one that asks: expired ones too."""
    if arguments.everyone:
        if not _oversees(context.actor):
            raise NotAnOwner
        everybodys = await key_store.of_workspace(context.db, context.actor.workspace_id)
        return Keys(items=[_shown(row, context.actor) for row in everybodys])
    rows = await key_store.of_account(context.db, *_owner(context.actor))
    return Keys(items=[_shown(row, context.actor) for row in rows if covers(context.actor, row)])


@tool("Rename a key", Effect.UPDATE, scope=Scope.READ)
async def rename_key(context: Context, arguments: RenameKey) -> KeyReceipt:
    """What it is called in lists; nothing else changes."""
    row = await _require(context, arguments.id)
    await key_store.rename(context.db, arguments.id, arguments.name)
    await _tell(context, Action.KEY_RENAMED, arguments.id, {"before": row["name"], "after": arguments.name})
    return KeyReceipt(id=arguments.id, name=arguments.name, revoked=False)


@tool("Revoke a key", Effect.UPDATE, scope=Scope.READ)
async def revoke_key(context: Context, arguments: RevokeKey) -> KeyReceipt:
    """Its next call is refused: at once, and for good. A key may revoke itself, and an owner anybody's."""
    row = await _require(context, arguments.id, anybodys=True)
    await revoke(context.db, arguments.id, context.now, by=by_actor(context.actor))
    return KeyReceipt(id=arguments.id, name=row["name"], revoked=True)


@tool("Rotate a key", Effect.UPDATE, scope=Scope.READ, tells_secret=True)
async def rotate_key(context: Context, arguments: RotateKey) -> NewSecret:
    """A new secret for the very key that asks, or for another that may do no more and lasts no longer. When it is first
    used it takes the old one's place, which works a day longer, and the key's 90 days begin anew; an end that was set
    stays."""
    key_id = arguments.id or context.actor.key_id
    if key_id != context.actor.key_id:
        _refuse_lasting(context, await _require(context, key_id))
    elif context.actor.key_is_replaced:
        raise KeyReplaced
    token, secret = await _mint(context)
    await key_store.offer_next(context.db, key_id, secret)
    await _tell(context, Action.KEY_ROTATED, key_id)
    return NewSecret(id=key_id, key=token)


ENDPOINTS = (
    Endpoint("POST", "/v1/keys", make_key),
    Endpoint("GET", "/v1/keys", list_keys),
    Endpoint("DELETE", "/v1/keys", revoke_key),
    Endpoint("POST", "/v1/keys/rename", rename_key),
    Endpoint("POST", "/v1/keys/rotate", rotate_key),
)


async def _tell(context: Context, action: Action, key_id: int, details: dict[str, object] | None = None) -> None:
    workspace_id, account_id = _owner(context.actor)
    about = About(account_id, key_id, details)
    await record(context.db, workspace_id, action, by_actor(context.actor), context.now, about)


async def _grant(context: Context, arguments: MakeKey) -> Grant:
    """Raises KeyTooWide and ProjectNotFound."""
    giver = context.actor
    scope = arguments.scope or giver.scope
    if not giver.scope.includes(scope):
        raise KeyTooWide(scope, giver.scope)
    projects = giver.only_projects
    if arguments.projects is not None:
        projects = frozenset([await _project(context, key) for key in arguments.projects])
    return Grant(scope, _lifetime(giver, arguments.days, context.now), arguments.machine, projects, giver.key_id)


async def _project(context: Context, key: str) -> int:
    project_id = int((await require_project(context, key))["id"])
    if context.actor.only_projects is not None and project_id not in context.actor.only_projects:
        raise ProjectNotFound(key, [])
    return project_id


def _lifetime(giver: Actor, days: int | None, now: datetime) -> Lifetime:
    """What ends for good gives nothing that could be renewed past that; what is renewed, nothing that lasts longer."""
    end, renewal = giver.key_expires_at, giver.key_renewal_days
    if end is None:
        return until_day(now, days) if days else usual(now)
    if renewal is not None:
        return until_day(now, min(days, renewal)) if days else usual(now)
    return Lifetime(min(end, now + timedelta(days=days or DAYS)))


async def _mint(context: Context) -> tuple[str, tuple[str, str]]:
    """A new key, and what is stored of it."""
    assert context.hash_key is not None  # noqa: S101 - whoever calls a tool through a door has come with a key
    token = mint()
    return token, (await context.hash_key(context.db, token), token[-4:])


async def _require(context: Context, key_id: int, *, anybodys: bool = False) -> Row:
    """Raises KeyNotFound."""
    actor = context.actor
    if anybodys and _oversees(actor):
        row = await key_store.one_of_workspace(context.db, actor.workspace_id, key_id)
    else:
        row = await key_store.one_of_account(context.db, *_owner(actor), key_id)
    if row is None or (row["account_id"] == actor.account_id and not covers(actor, row)):
        raise KeyNotFound(key_id)
    return row


def _refuse_lasting(context: Context, row: Row) -> None:
    """Raises KeyOver and KeyTooLasting."""
    lifetime = Lifetime(as_moment(row["expires_at"]), row["renewal_days"])
    if lifetime.is_over(context.now):
        raise KeyOver(row["name"])
    if lifetime.outlasts(Lifetime(context.actor.key_expires_at, context.actor.key_renewal_days), context.now):
        raise KeyTooLasting(row["name"])


def _oversees(actor: Actor) -> bool:
    return actor.role is Role.OWNER and actor.scope is Scope.ADMIN and actor.only_projects is None


def covers(actor: Actor, row: Row) -> bool:
    """Whether the key may do no more than the actor's."""
    if row["id"] == actor.key_id:
        return True
    projects = set(json.loads(row["ids"] or "[]"))
    within = actor.only_projects is None or (row["is_limited"] and projects <= actor.only_projects)
    return within and actor.scope.includes(Scope(row["scope"]))


def _shown(row: Row, actor: Actor) -> KeyShown:
    return KeyShown(
        id=row["id"], person=row["person"], name=row["name"], machine=row["machine"], scope=Scope(row["scope"]),
        last4=row["last4"], client_version=row["client_version"],
        projects=sorted(json.loads(row["projects"] or "[]")) if row["is_limited"] else None,
        created_at=as_moment(row["created_at"]), last_used_at=as_moment(row["last_used_at"]),
        expires_at=as_moment(row["expires_at"]), is_renewable=row["renewal_days"] is not None,
        is_current=row["id"] == actor.key_id,
    )  # fmt: skip


def _owner(actor: Actor) -> tuple[int, int]:
    return actor.workspace_id, actor.account_id
