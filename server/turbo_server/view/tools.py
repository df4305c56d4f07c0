"""What the page does with saved views: lists, saves, changes, orders and deletes them."""

from typing import Annotated
from urllib.parse import parse_qsl

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import InvalidArguments, NotFound
from turbo_server.kit.fields import LARGEST_ID, WholeOnly
from turbo_server.kit.keys import read_key
from turbo_server.kit.schema import Arguments
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, tool
from turbo_server.project.tools import require_project

from . import store
from .types import (
    MOST_VIEWS,
    NotYourView,
    Page,
    Query,
    SavedView,
    SavedViews,
    Shared,
    TooManyViews,
    ViewDeleted,
    ViewName,
    ViewNameTaken,
    ViewNotFound,
    ViewOfSeveralProjects,
)

Id = Annotated[int, Field(ge=1, le=LARGEST_ID), WholeOnly]


class ListViews(Arguments):
    """Those that the caller may open."""


class SaveView(Arguments):
    name: ViewName
    page: Page
    query: Query = ""
    shared: Shared = False


class ChangeView(Arguments):
    id: Id
    name: ViewName | None = None
    page: Page | None = None
    query: Query | None = None
    shared: Shared | None = None


class OrderViews(Arguments):
    ids: Annotated[
        list[Id], Field(min_length=1, max_length=MOST_VIEWS, description="Your own, in the order that they shall have")
    ]


class DeleteView(Arguments):
    id: Id


@tool("List saved views", Effect.READ)
async def list_views(context: Context, arguments: ListViews) -> SavedViews:  # noqa: ARG001 - every verb gets them
    """The caller's own, in his order, and those that others share with the workspace."""
    owner = (context.actor.workspace_id, context.actor.account_id)
    rows = [*await store.own(context.db, owner), *await store.shared_by_others(context.db, owner)]
    return SavedViews(items=[_shown(context, row) for row in rows])


@tool("Save a view", Effect.CREATE)
async def save_view(context: Context, arguments: SaveView) -> SavedView:
    """Keeps the filters of a page under a name, as the last of the caller's own views."""
    db, owner = context.db, (context.actor.workspace_id, context.actor.account_id)
    count, last = await store.count(db, owner[1])
    if count >= MOST_VIEWS:
        raise TooManyViews
    project = await _project_of(context, arguments.query, is_shared=arguments.shared)
    shared_at = context.now if arguments.shared else None
    named = (arguments.name, arguments.page, arguments.query)
    made = await store.add(db, owner, named, project, last + 1, shared_at, context.now)
    if made is None:
        raise ViewNameTaken(arguments.name)
    return _shown(context, await _require(context, made))


@tool("Change a saved view", Effect.UPDATE)
async def change_view(context: Context, arguments: ChangeView) -> SavedView:
    """Renames one of the caller's own, gives it other filters, shares it or ends that. What is not given stays."""
    if arguments.model_fields_set <= {"id"}:
        raise InvalidArguments("change_view: nothing to change was given.", "Give name, page, query or shared.")
    row = await _require(context, arguments.id)
    if row["account_id"] != context.actor.account_id:
        raise NotYourView(row["name"], row["person"])
    name = arguments.name or row["name"]
    if await store.is_named(context.db, context.actor.account_id, name, arguments.id):
        raise ViewNameTaken(name)
    query = row["query"] if arguments.query is None else arguments.query
    is_shared = row["shared_at"] is not None if arguments.shared is None else arguments.shared
    shared_at = as_moment(row["shared_at"] or context.now) if is_shared else None
    project = await _project_of(context, query, is_shared=is_shared)
    view = (context.actor.workspace_id, arguments.id)
    await store.change(context.db, view, (name, arguments.page or row["page"], query), project, shared_at)
    return _shown(context, await _require(context, arguments.id))


@tool("Order saved views", Effect.UPDATE)
async def order_views(context: Context, arguments: OrderViews) -> SavedViews:
    """Puts the caller's own into this order; those that are not named come after them, as they stood."""
    own = [row["id"] for row in await store.own(context.db, (context.actor.workspace_id, context.actor.account_id))]
    for view_id in arguments.ids:
        if view_id not in own:
            raise ViewNotFound(view_id)
    rest = [view_id for view_id in own if view_id not in arguments.ids]
    for place, view_id in enumerate([*dict.fromkeys(arguments.ids), *rest], 1):
        await store.put(context.db, context.actor.account_id, view_id, place)
    return await list_views.run(context, ListViews())  # type: ignore[return-value]


@tool("Delete a saved view", Effect.UPDATE)
async def delete_view(context: Context, arguments: DeleteView) -> ViewDeleted:
    """One of the caller's own; with the scope admin also one that somebody else shares, who may have left."""
    row = await _require(context, arguments.id)
    if row["account_id"] != context.actor.account_id and not context.actor.scope.includes(Scope.ADMIN):
        raise NotYourView(row["name"], row["person"])
    await store.delete(context.db, context.actor.workspace_id, arguments.id)
    return ViewDeleted(id=arguments.id, name=row["name"])


ENDPOINTS = (
    Endpoint("GET", "/v1/views", list_views),
    Endpoint("POST", "/v1/views", save_view),
    Endpoint("DELETE", "/v1/views", delete_view),
    Endpoint("POST", "/v1/views/change", change_view),
    Endpoint("POST", "/v1/views/order", order_views),
)


async def _require(context: Context, view_id: int) -> Row:
    """One that the caller may open. Raises ViewNotFound."""
    row = await store.one(context.db, context.actor.workspace_id, view_id)
    if row is None or (row["account_id"] != context.actor.account_id and row["shared_at"] is None):
        raise ViewNotFound(view_id)
    return row


async def _project_of(context: Context, query: str, *, is_shared: bool) -> int | None:
    """The project that the filters name, be it by the key of something in it: a private one's key must not be told.
    Raises ProjectNotFound and ViewOfSeveralProjects."""
    named = [await _project_named(context, name, value) for name, value in parse_qsl(query)]
    projects = list(dict.fromkeys(each for each in named if each is not None))
    if is_shared and len(projects) > 1:
        raise ViewOfSeveralProjects
    return projects[0] if projects else None


async def _project_named(context: Context, name: str, value: str) -> int | None:
    key = value.strip().upper()
    if name == "project":
        return int((await require_project(context, key))["id"])
    found = read_key(key)
    if found is None or found.number is None:
        return None
    try:
        return (await context.find(key)).project_id
    except NotFound:
        return None


def _shown(context: Context, row: Row) -> SavedView:
    return SavedView(
        id=row["id"], name=row["name"], page=row["page"], query=row["query"], shared=row["shared_at"] is not None,
        mine=row["account_id"] == context.actor.account_id, person=row["person"],
    )  # fmt: skip
