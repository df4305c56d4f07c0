"""How other entities find a person by name."""

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import NotFound, closest

from . import store


class PersonNotFound(NotFound):
    code = "person_not_found"

    def __init__(self, name: str, known: list[str]) -> None:
        people = f"People: {', '.join(known[:20])}."
        super().__init__(f"There is nobody called {name}.", f"{closest(name, known)} {people} `me` is you.".strip())


async def require_person(context: Context, name: str) -> int:
    """The account's id; `me` is the caller. Raises PersonNotFound with the nearest names."""
    if _is_caller(context, name):
        return context.actor.account_id
    return int((await _named(context, name))["id"])


async def person_name(context: Context, name: str) -> str:
    """As the person is spelled. Raises PersonNotFound."""
    if _is_caller(context, name):
        return context.actor.name
    return str((await _named(context, name))["name"])


def _is_caller(context: Context, name: str) -> bool:
    return name.strip() == context.actor.name or name.strip().lower() == "me"


async def _named(context: Context, name: str) -> Row:
    workspace = context.actor.workspace_id
    row = await store.account_named(context.db, workspace, name.strip())
    if row is None:
        raise PersonNotFound(name.strip(), await store.account_names(context.db, workspace))
    return row
