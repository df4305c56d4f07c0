"""Projects: list, create, and how other entities find one by its key."""

from typing import Annotated

from pydantic import Field

from turbo_server.activity.record import record_creation
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import Conflict
from turbo_server.kit.fields import Cursor, Limit, Line, Text
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.kind import Found
from turbo_server.kit.paging import Position, fingerprint, read_cursor, write_cursor
from turbo_server.kit.schema import Arguments
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, tool

from . import store
from .types import RESERVED_KEYS, Project, ProjectKeyKept, ProjectKeyTaken, ProjectList, ProjectNotFound, ProjectReceipt


class ListProjects(Arguments):
    archived: Annotated[bool, Field(description="Those that were put away instead")] = False
    limit: Limit = 50
    cursor: Cursor | None = None


@tool("List projects", Effect.READ, may_lag=True)
async def list_projects(context: Context, arguments: ListProjects) -> ProjectList:
    """All projects with their key, name and how many issues are open and done. Look here for the right project key
    before creating an issue."""
    workspace = context.actor.workspace_id
    of = fingerprint("projects", workspace, arguments.archived)
    if arguments.cursor:
        position = read_cursor(arguments.cursor, of, (str,))
    else:
        position = Position(await store.total(context.db, workspace, archived=arguments.archived), ("",))
    after = str(position.values[0])
    rows = await store.page(context.db, workspace, after, arguments.limit + 1, archived=arguments.archived)
    shown = rows[: arguments.limit]
    more = len(rows) > len(shown)
    return ProjectList(
        items=[_project(row) for row in shown],
        total=position.total,
        next_cursor=write_cursor(Position(position.total, (shown[-1]["key"],)), of) if more else None,
    )


def _project(row: Row) -> Project:
    return Project(
        key=row["key"],
        name=clip(row["name"], 60),
        description=clip(row["description"], 100) or None,
        open=row["open"],
        done=row["done"],
        updated_at=row["updated_at"],
    )


class CreateProject(Arguments):
    key: Annotated[ProjectKey, Field(description="2 to 10 letters and digits, a letter first, such as TURBO; for good")]
    name: Line
    description: Text = ""


@tool("Create a project", Effect.CREATE)
async def create_project(context: Context, arguments: CreateProject) -> ProjectReceipt:
    """Starts a project. Its key heads the keys of its issues (TURBO-1, TURBO-2, ...) and cannot be changed later."""
    if arguments.key in RESERVED_KEYS:
        raise ProjectKeyKept(arguments.key)
    if context.actor.sight.only is not None:
        raise Conflict(
            "This API key is for certain projects, and a new one would not be among them.",
            "Ask the user to start the project with another key: `turbo-client call create_project key=... name=...`.",
        )
    made = await store.insert(
        context.db, context.actor.workspace_id, arguments.key, arguments.name, arguments.description, context.now
    )
    if made is None:
        taken = await store.find(context.db, context.actor.workspace_id, arguments.key)
        if taken is None:  # taken by what the caller does not see
            raise ProjectKeyKept(arguments.key)
        raise ProjectKeyTaken(arguments.key, clip(taken["name"], 60))
    found = Found("project", made, arguments.key, arguments.name, None, made, is_archived=False)
    await record_creation(context, found, {"name": arguments.name, "description": arguments.description})
    return ProjectReceipt(key=arguments.key, name=arguments.name, url=context.page_of(arguments.key))


async def require_project(context: Context, key: str) -> Row:
    """The project's row. Raises ProjectNotFound with the nearest keys."""
    row = await store.find(context.db, context.actor.workspace_id, key)
    if row is None:
        raise ProjectNotFound(key, await store.keys(context.db, context.actor.workspace_id))
    return row


async def take_number(context: Context, project: str, kind: str) -> tuple[int, int]:
    """(project id, number) of the project's next initiative, milestone or document. Raises ProjectNotFound."""
    row = await store.take_number(context.db, context.actor.workspace_id, project, kind, context.now)
    if row is None:
        row = await require_project(context, project)
    return row["id"], row["number"]
