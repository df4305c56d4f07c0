"""Conversations as every verb knows them that takes any key."""

from turbo_server.kit.context import Context
from turbo_server.kit.keys import is_key_of
from turbo_server.kit.kind import Found, Kind

from . import store
from .describe import describe_conversation
from .lists import page_of_conversations
from .state import found_conversation, read_state, read_states, require_conversation, write_state


async def _find(context: Context, key: str) -> Found:
    return found_conversation(await require_conversation(context, key))


async def _find_by_id(context: Context, ids: list[int]) -> list[Found]:
    return [found_conversation(row) for row in await store.by_id(context.db, context.actor.workspace_id, ids)]


KIND = Kind(
    name="conversation",
    is_key=is_key_of("conversation"),
    find=_find,
    find_by_id=_find_by_id,
    describe=describe_conversation,
    state=read_state,
    write=write_state,
    search_text=lambda state: str(state["said"]),
    page=page_of_conversations,
    states=read_states,
)
