"""Mentors as every verb knows them that takes any key: theirs is @architect."""

from turbo_server.item.types import Item
from turbo_server.kit.context import Context
from turbo_server.kit.keys import is_key_of
from turbo_server.kit.kind import Description, Found, Kind, State, View

from . import store
from .lists import page_of_mentors
from .state import found_mentor, in_dollars, read_state, require_mentor, write_state

SHOWN_TALKS = 20


async def _find(context: Context, key: str) -> Found:
    return found_mentor(await require_mentor(context, key.removeprefix("@").lower()))


async def _find_by_id(context: Context, ids: list[int]) -> list[Found]:
    return [found_mentor(row) for row in await store.by_id(context.db, context.actor.workspace_id, ids)]


async def _describe(context: Context, found: Found, _view: View) -> Description:
    (row,) = await store.by_id(context.db, context.actor.workspace_id, [found.id])
    plain = (
        "watches",
        "model",
        "version",
        "created_by",
        "machine",
        "session",
        "created_at",
        "updated_at",
        "archived_at",
    )
    item = Item(
        key=found.key,
        kind="mentor",
        title=row["role"],
        may_propose=bool(row["may_propose"]),
        daily_budget=in_dollars(row["daily_cents"]),
        conversations=await store.talks(context.db, context.actor.workspace_id, found.id, SHOWN_TALKS) or None,
        **{name: row[name] or None for name in plain},
    )
    return Description(item, row["instructions"], "instructions")


async def _dependants(context: Context, mentor_id: int) -> list[str]:
    """Whoever has asked it something keeps it."""
    return await store.talks(context.db, context.actor.workspace_id, mentor_id, SHOWN_TALKS)


def _search_text(state: State) -> str:
    return "\n".join((state["watches"], state["instructions"]))


KIND = Kind(
    name="mentor",
    is_key=is_key_of("mentor"),
    find=_find,
    find_by_id=_find_by_id,
    describe=_describe,
    state=read_state,
    write=write_state,
    search_text=_search_text,
    page=page_of_mentors,
    dependants=_dependants,
)
