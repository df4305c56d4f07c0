"""Decisions as every verb knows them that takes any key."""

from turbo_server.issue.neighbours import SHOWN_DEPENDANTS
from turbo_server.kit.context import Context
from turbo_server.kit.keys import is_key_of
from turbo_server.kit.kind import Found, Kind, State

from . import store
from .describe import describe_decision
from .lists import page_of_decisions
from .state import found_decision, key_of, read_state, require_decision, write_state


async def _find(context: Context, key: str) -> Found:
    return found_decision(await require_decision(context, key))


async def _find_by_id(context: Context, ids: list[int]) -> list[Found]:
    return [found_decision(row) for row in await store.brief(context.db, context.actor.workspace_id, ids)]


async def _dependants(context: Context, decision_id: int) -> list[str]:
    """What it took the place of."""
    numbers = await store.live_superseded_numbers(context.db, decision_id, SHOWN_DEPENDANTS)
    return [key_of(number) for number in numbers]


def _search_text(state: State) -> str:
    options = [text for option in state["options"] for text in option.values()]
    return "\n".join([*(state[name] for name in ("context", "outcome", "reason", "impact")), *options, *state["paths"]])


KIND = Kind(
    name="decision",
    is_key=is_key_of("decision"),
    find=_find,
    find_by_id=_find_by_id,
    describe=describe_decision,
    state=read_state,
    write=write_state,
    search_text=_search_text,
    page=page_of_decisions,
    dependants=_dependants,
)
