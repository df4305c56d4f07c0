"""How other entities find a person by name."""

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import Conflict, NotFound, closest

from . import store


class PersonNotFound(NotFound):
    code = "person_not_found"

    def __init__(self, name: str, known: list[str]) -> None:
        people = f"People: {', '.join(known[:20])}."
        super().__init__(f"There is nobody called {name}.", f"{closest(name, known)} {people} `me` is you.".strip())


class PersonGone(Conflict):
    code = "person_gone"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"{name} does not belong to this workspace any more.", f"People: {', '.join(known[:20])}.")


async def require_person(context: Context, name: str) -> int:
    """The account's id, also of somebody who was removed; `me` is the caller. Raises PersonNotFound."""
    if _is_caller(context, name):
        return context.actor.account_id
    return int((await _named(context, name))["id"])


async def person_name(context: Context, name: str) -> str:
    """As the person is spelled, to whom something is to be given. Raises PersonNotFound and PersonGone."""
    if _is_caller(context, name):
        return context.actor.name
    row = await _named(context, name)
    if row["removed_at"] is not None:
        raise PersonGone(row["name"], await store.account_names(context.db, context.actor.workspace_id))
    return str(row["name"])


def _is_caller(context: Context, name: str) -> bool:
    return name.strip() == context.actor.name or name.strip().lower() == "me"


async def _named(context: Context, name: str) -> Row:
    workspace = context.actor.workspace_id
    row = await store.account_named(context.db, workspace, name.strip())
    if row is None:
        raise PersonNotFound(name.strip(), await store.account_names(context.db, workspace))
    return row
