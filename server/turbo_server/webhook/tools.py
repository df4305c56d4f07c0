"""What a workspace's owners do with its webhooks: every verb needs the scope admin."""

import json
import secrets
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field

from turbo_server.activity.feed import known_kind
from turbo_server.activity.following import latest_place
from turbo_server.audit.record import About, Action, by_actor, record
from turbo_server.job.queue import enqueue_each
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.fields import LARGEST_ID, Limit, Line, WholeOnly, Word, Words
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.role import Role
from turbo_server.kit.schema import Arguments
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, tool
from turbo_server.project.tools import require_project

from . import store
from .addresses import read_target
from .filters import PAUSED
from .pump import DELIVER, WEBHOOKS, new_message
from .signature import secret_of
from .types import (
    MOST_WEBHOOKS,
    Deliveries,
    DeliveryShown,
    NewWebhook,
    Redelivered,
    TestReceipt,
    TooManyWebhooks,
    WebhookNotFound,
    WebhookReceipt,
    Webhooks,
    WebhookShown,
)

Id = Annotated[int, Field(ge=1, le=LARGEST_ID), WholeOnly]
State = Literal["waiting", "delivered", "dead"]


class MakeWebhook(Arguments):
    url: Annotated[str, Field(description="https://...; http only to the same machine, on a developer's server")]
    name: Annotated[Line | None, Field(max_length=80)] = None
    kinds: Annotated[
        list[Line] | None, Words, Field(min_length=1, max_length=20, description="issue, project, ...; else all")
    ] = None
    actions: Annotated[
        list[Line] | None, Words, Field(min_length=1, max_length=20, description="created, commented, ...; else all")
    ] = None
    projects: Annotated[
        list[ProjectKey] | None, Words, Field(min_length=1, max_length=20, description="else all that its maker sees")
    ] = None  # fmt: skip


class ListWebhooks(Arguments):
    """Those of the workspace."""


class OneWebhook(Arguments):
    id: Id


class ListDeliveries(Arguments):
    id: Id
    state: Annotated[State | None, Word] = None
    before: Annotated[Id | None, Field(description="A delivery: those that are older")] = None
    limit: Limit = 50


class Redeliver(Arguments):
    id: Id
    delivery: Annotated[Id | None, Field(description="Else all that are dead")] = None


@tool("Make a webhook", Effect.CREATE, scope=Scope.ADMIN, tells_secret=True)
async def make_webhook(context: Context, arguments: MakeWebhook) -> NewWebhook:
    """From now on what happens is sent to the address, signed with the secret that this answer alone shows: what its
    maker sees, and no more."""
    target = read_target(arguments.url, is_hosted=context.traits.is_hosted)
    owner = (context.actor.workspace_id, context.actor.account_id)
    if await store.count(context.db, owner[0]) >= MOST_WEBHOOKS:
        raise TooManyWebhooks
    assert context.hash_key is not None  # noqa: S101 - whoever calls a verb through a door has come with a key
    salt, name = secrets.token_hex(16), arguments.name or target.host
    filters = await _filters(context, arguments)
    place = await latest_place(context)
    made = await store.add(context.db, owner, (name, arguments.url, salt), filters, place, context.now)
    await _tell(context, Action.WEBHOOK_MADE, {"webhook": made, "host": target.host})
    context.db.after_commit(WEBHOOKS.ring)
    secret = await secret_of(context.db, context.hash_key, salt)
    return NewWebhook(id=made, name=name, url=arguments.url, secret=secret)


@tool("List webhooks", Effect.READ, scope=Scope.ADMIN)
async def list_webhooks(context: Context, arguments: ListWebhooks) -> Webhooks:  # noqa: ARG001 - every verb gets them
    """With what waits to be sent, and what was given up."""
    rows = [row for row in await store.shown(context.db, context.actor.workspace_id) if _covers(context, row)]
    ids = {project for row in rows for project in json.loads(row["project_ids"] or "[]")}
    found = await context.kinds["project"].find_by_id(context, sorted(ids)) if ids else []
    keys = {each.id: each.key for each in found}
    return Webhooks(items=[_shown(row, keys) for row in rows])


@tool("Delete a webhook", Effect.UPDATE, scope=Scope.ADMIN)
async def delete_webhook(context: Context, arguments: OneWebhook) -> WebhookReceipt:
    """Nothing is sent any more, nor what was still to be; the list of its deliveries is gone too."""
    row = await _require(context, arguments.id)
    await store.delete(context.db, context.actor.workspace_id, arguments.id)
    host = urlsplit(row["url"]).hostname
    await _tell(context, Action.WEBHOOK_DELETED, {"webhook": arguments.id, "host": host})
    return WebhookReceipt(id=arguments.id, name=row["name"], deleted=True)


@tool("Test a webhook", Effect.CREATE, scope=Scope.ADMIN)
async def test_webhook(context: Context, arguments: OneWebhook) -> TestReceipt:
    """Sends a message of the type webhook.test, as any other is sent."""
    await _require(context, arguments.id)
    workspace = context.actor.workspace_id
    made = await store.deliver_test(context.db, (workspace, arguments.id), f"{new_message()}test", context.now)
    await enqueue_each(context.db, workspace, DELIVER, [made], context.now)
    return TestReceipt(id=arguments.id, delivery=made)


@tool("List deliveries", Effect.READ, scope=Scope.ADMIN)
async def list_deliveries(context: Context, arguments: ListDeliveries) -> Deliveries:
    """What was sent lately, what waits, and what was given up after more than a day."""
    await _require(context, arguments.id)
    webhook = (context.actor.workspace_id, arguments.id)
    rows = await store.deliveries(
        context.db, webhook, arguments.state or "", arguments.before or 0, arguments.limit + 1
    )
    return Deliveries(items=[_delivery(row) for row in rows[: arguments.limit]], more=len(rows) > arguments.limit)


@tool("Deliver again", Effect.UPDATE, scope=Scope.ADMIN)
async def redeliver(context: Context, arguments: Redeliver) -> Redelivered:
    """One delivery, be it dead or done, or all that are dead: under the ids that they had."""
    await _require(context, arguments.id)
    workspace = context.actor.workspace_id
    ids = await store.revive(context.db, (workspace, arguments.id), arguments.delivery or 0)
    await enqueue_each(context.db, workspace, DELIVER, ids, context.now)
    return Redelivered(deliveries=len(ids))


ENDPOINTS = (
    Endpoint("POST", "/v1/webhooks", make_webhook),
    Endpoint("GET", "/v1/webhooks", list_webhooks),
    Endpoint("DELETE", "/v1/webhooks", delete_webhook),
    Endpoint("POST", "/v1/webhooks/test", test_webhook),
    Endpoint("GET", "/v1/webhooks/deliveries", list_deliveries),
    Endpoint("POST", "/v1/webhooks/redeliver", redeliver),
)


async def _filters(context: Context, arguments: MakeWebhook) -> store.Filters:
    """Of a key that is limited to projects, no more than those."""
    projects = context.actor.only_projects
    if arguments.projects is not None:
        projects = frozenset([int((await require_project(context, key))["id"]) for key in arguments.projects])
    kinds = [known_kind(context, kind) for kind in arguments.kinds] if arguments.kinds else None
    actions = [action.lower() for action in arguments.actions] if arguments.actions else None
    return _written(kinds), _written(actions), _written(None if projects is None else sorted(projects))


def _written(values: list[str] | list[int] | None) -> str | None:
    return None if values is None else json.dumps(values)


async def _tell(context: Context, action: Action, details: dict[str, object]) -> None:
    about = About(details=details)
    await record(context.db, context.actor.workspace_id, action, by_actor(context.actor), context.now, about)


async def _require(context: Context, webhook_id: int) -> Row:
    row = await store.one(context.db, context.actor.workspace_id, webhook_id)
    if row is None or not _covers(context, row):
        raise WebhookNotFound(webhook_id)
    return row


def _covers(context: Context, row: Row) -> bool:
    """Whether the key that asks may see as much as the webhook."""
    only = context.actor.only_projects
    return only is None or (row["project_ids"] is not None and only.issuperset(json.loads(row["project_ids"])))


def _shown(row: Row, keys: dict[int, str]) -> WebhookShown:
    projects, may_have = _list(row["project_ids"]), row["removed_at"] is None and row["role"] == Role.OWNER
    return WebhookShown(
        id=row["id"], name=row["name"], url=row["url"], person=row["person"], kinds=_list(row["kinds"]),
        actions=_list(row["actions"]),
        projects=None if projects is None else sorted(keys[each] for each in projects if each in keys),
        created_at=as_moment(row["created_at"]), failing_since=as_moment(row["failing_since"]), waiting=row["waiting"],
        dead=row["dead"], paused=None if may_have else PAUSED.format(row["person"]),
    )  # fmt: skip


def _list(text: str | None) -> list[Any] | None:
    return None if text is None else json.loads(text)


def _delivery(row: Row) -> DeliveryShown:
    return DeliveryShown(
        id=row["id"], message=row["message"], event=row["event_id"], state=row["state"], attempts=row["attempts"],
        status=row["status"], error=row["error"], created_at=as_moment(row["created_at"]),
        attempted_at=as_moment(row["attempted_at"]),
    )  # fmt: skip
