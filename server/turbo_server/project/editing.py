"""A project's name and description, changed. For programs, and not for a model: it is done once in a long time."""

from turbo_server.activity.record import revise
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import Line, SeenVersion, Text
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.kind import State
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, Endpoint, tool

from .types import ProjectChanged


class UpdateProject(Arguments):
    project: ProjectKey
    name: Line | None = None
    description: Text | None = None
    version: SeenVersion | None = None


@tool("Update a project", Effect.UPDATE)
async def update_project(context: Context, arguments: UpdateProject) -> ProjectChanged:
    """Changes a project's name and description, and tells which changed; its key stays for good. archive_item puts a
    project away."""
    wanted = {name: text for name in ("name", "description") if (text := getattr(arguments, name)) is not None}
    if not wanted:
        raise InvalidArguments("update_project: nothing to change was given.", "Give a name, or a description.")
    found = await context.find(arguments.project)

    async def changed(before: State) -> State:
        return {**before, **wanted}

    revision = await revise(context, found, changed, seen=arguments.version)
    name = arguments.name or found.title
    return ProjectChanged(key=found.key, name=name, version=revision.version, changed=list(revision.changes))


ENDPOINT = Endpoint("POST", "/v1/projects", update_project)
