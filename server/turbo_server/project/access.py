"""Which projects are private, and to whom they are open. For programs, and not for a model."""

from typing import Annotated

from pydantic import Field

from turbo_server.account.tools import person_name, require_person
from turbo_server.activity.record import record
from turbo_server.kit.context import Context
from turbo_server.kit.errors import Conflict, InvalidArguments
from turbo_server.kit.fields import Line, Words
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.kind import Found
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.scope import Scope
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import access_store
from .tools import require_project

MOST_NAMES = 100


class Access(Result):
    """`members` are those who see a private project; a project that is not private has none, and all see it."""

    project: str
    private: bool
    members: list[str] | None = None


class ShowAccess(Arguments):
    project: ProjectKey


@tool("Show who sees a project", Effect.READ)
async def show_access(context: Context, arguments: ShowAccess) -> Access:
    """Whether a project is private, and to whom it is open then."""
    project = await require_project(context, arguments.project)
    return await _access(context, project["id"], project["key"])


Names = Annotated[list[Line], Words, Field(max_length=MOST_NAMES)]


class SetAccess(Arguments):
    project: ProjectKey
    private: Annotated[bool | None, Field(description="true: its members alone know of it; false: all see it")] = None
    add: Annotated[Names, Field(description="People who see it from now on")] = []
    remove: Annotated[Names, Field(description="People who do not any more")] = []


@tool("Set who sees a project", Effect.UPDATE, scope=Scope.ADMIN)
async def set_access(context: Context, arguments: SetAccess) -> Access:
    """Makes a project private or open to all, and changes whom a private one is open to. Whoever makes it private is
    one of them. At least one stays."""
    project = await require_project(context, arguments.project)
    found = Found("project", project["id"], project["key"], project["name"], None, project["id"],
                  project["archived_at"] is not None)  # fmt: skip
    before = await _access(context, found.id, found.key)
    is_private = before.private if arguments.private is None else arguments.private
    if not is_private and (arguments.add or arguments.remove):
        raise InvalidArguments(
            f"set_access: {found.key} is not private, so that all see it.", "Give private=true as well, or no names."
        )
    await _set(context, found, arguments, before, is_private=is_private)
    after = await _access(context, found.id, found.key)
    if is_private and not after.members:
        raise Conflict(f"Nobody would see {found.key} any more.", "Add somebody else first, or private=false.")
    changes = {
        name: (getattr(before, name), getattr(after, name))
        for name in ("private", "members") if getattr(before, name) != getattr(after, name)
    }  # fmt: skip
    if changes:
        await record(context, found, "access_changed", dict(changes))
    return after


async def _set(context: Context, found: Found, arguments: SetAccess, before: Access, *, is_private: bool) -> None:
    db, workspace, me = context.db, context.actor.workspace_id, context.actor.account_id
    if is_private != before.private:
        await access_store.set_private(db, workspace, found.id, context.now if is_private else None)
        if is_private:
            await access_store.add(db, workspace, found.id, me, me, context.now)
        else:
            await access_store.clear(db, workspace, found.id)
    for name in arguments.add:
        person = await require_person(context, await person_name(context, name))
        await access_store.add(db, workspace, found.id, person, me, context.now)
    for name in arguments.remove:
        await access_store.take_off(db, workspace, found.id, await require_person(context, name))


async def _access(context: Context, project_id: int, key: str) -> Access:
    workspace = context.actor.workspace_id
    if not await access_store.is_private(context.db, workspace, project_id):
        return Access(project=key, private=False)
    return Access(project=key, private=True, members=await access_store.members(context.db, workspace, project_id))


async def leave_all_projects(context: Context, account_id: int) -> int:
    """Of somebody who is removed; how many private projects the caller now has, because nobody else is left to see
    them."""
    actor = context.actor
    return await access_store.leave_all(context.db, actor.workspace_id, account_id, actor.account_id, context.now)


ENDPOINTS = (
    Endpoint("GET", "/v1/access", show_access),
    Endpoint("POST", "/v1/access", set_access),
)
