"""Issues as every verb knows them that takes any key."""

from turbo_server.kit.context import Context
from turbo_server.kit.keys import is_key_of
from turbo_server.kit.kind import Found, Kind, State

from . import list_store, store
from .describe import describe_issue
from .find import require_issue
from .neighbours import dependants_of
from .state import found_issue, read_state, text_state, write_state


async def _find(context: Context, key: str) -> Found:
    return found_issue(await require_issue(context, key))


async def _find_by_id(context: Context, ids: list[int]) -> list[Found]:
    return [found_issue(row) for row in await store.brief(context.db, context.actor.workspace_id, ids)]


def _search_text(state: State) -> str:
    notes = [*(state.get("handoff") or {}).values(), *(state.get("criteria") or []), *state["labels"]]
    return "\n".join([state["description"], *notes])


async def _states(context: Context, ids: list[int]) -> dict[int, State]:
    return {row["id"]: text_state(row) for row in await list_store.texts(context.db, context.actor.workspace_id, ids)}


KIND = Kind(
    name="issue",
    is_key=is_key_of("issue"),
    find=_find,
    find_by_id=_find_by_id,
    describe=describe_issue,
    state=read_state,
    write=write_state,
    search_text=_search_text,
    dependants=dependants_of,
    states=_states,
)
