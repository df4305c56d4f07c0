"""Projects as every verb knows them that takes any key."""

from turbo_server.issue.neighbours import SHOWN_DEPENDANTS, status_counts
from turbo_server.item.types import Item
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.keys import is_key_of
from turbo_server.kit.kind import Description, Found, Kind, State, View

from . import store
from .tools import require_project

STATE = ("version", "name", "description", "archived_at")


def found_project(row: Row) -> Found:
    return Found("project", row["id"], row["key"], row["name"], None, row["id"], row["archived_at"] is not None)


async def _find(context: Context, key: str) -> Found:
    return found_project(await require_project(context, key))


async def _find_by_id(context: Context, ids: list[int]) -> list[Found]:
    return [found_project(row) for row in await store.by_id(context.db, context.actor.workspace_id, ids)]


async def _describe(context: Context, found: Found, _view: View) -> Description:
    row = await require_project(context, found.key)
    item = Item(
        key=found.key,
        kind="project",
        title=row["name"],
        version=row["version"],
        issues=await status_counts(context, found.id),
        updated_at=row["updated_at"],
        archived_at=row["archived_at"],
    )
    return Description(item, row["description"])


async def _state(context: Context, project_id: int) -> State:
    await store.RECORDS.lock(context.db, project_id)
    (row,) = await store.by_id(context.db, context.actor.workspace_id, [project_id])
    return {name: as_iso(row[name]) for name in STATE}


async def _write(context: Context, found: Found, state: State) -> None:
    await store.RECORDS.update(context.db, found.id, {**state, "updated_at": context.now})


async def _dependants(context: Context, project_id: int) -> list[str]:
    return await store.live_keys(context.db, context.actor.workspace_id, project_id, SHOWN_DEPENDANTS)


KIND = Kind(
    name="project",
    is_key=is_key_of("project"),
    find=_find,
    find_by_id=_find_by_id,
    describe=_describe,
    state=_state,
    write=_write,
    search_text=lambda state: str(state["description"]),
    dependants=_dependants,
)
