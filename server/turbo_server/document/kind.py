"""Documents as every verb knows them that takes any key."""

from turbo_server.kit.context import Context
from turbo_server.kit.keys import is_key_of
from turbo_server.kit.kind import Found, Kind

from . import store
from .describe import PARTS, describe_document
from .lists import page_of_documents
from .state import found_document, read_state, require_document, write_state


async def _find_by_id(context: Context, ids: list[int]) -> list[Found]:
    return [found_document(row) for row in await store.by_id(context.db, context.actor.workspace_id, ids)]


KIND = Kind(
    name="document",
    is_key=is_key_of("document"),
    find=require_document,
    find_by_id=_find_by_id,
    describe=describe_document,
    state=read_state,
    write=write_state,
    search_text=lambda state: str(state["text"]),
    page=page_of_documents,
    parts=PARTS,
)
