"""A conversation's state: found by its key, read under a lock, and written back in any part."""

from typing import Any

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.keys import CONVERSATION_PREFIX, require_key
from turbo_server.kit.kind import Found, State

from . import store
from .types import ConversationNotFound

FIELDS = ("version", "title", "archived_at")
SEARCHED = 200_000  # characters of what was said that search reads


async def require_conversation(context: Context, key: str) -> Row:
    """By a key that is well formed. Raises ConversationNotFound with the nearest keys."""
    workspace, number = context.actor.workspace_id, require_key(key).number or 0
    row = await store.by_number(context.db, workspace, number)
    if row is None:
        near = await store.nearest_numbers(context.db, workspace, number)
        last = await store.last_number(context.db, workspace)
        raise ConversationNotFound(key, last, [key_of(each) for each in near])
    return row


def key_of(number: int) -> str:
    return f"{CONVERSATION_PREFIX}-{number}"


def found_conversation(row: Row) -> Found:
    is_archived = row["archived_at"] is not None
    key = key_of(row["number"])
    return Found("conversation", row["id"], key, row["title"], row["status"], row["project_id"], is_archived)


async def what_about(context: Context, row: Row) -> Found | None:
    """The item that the conversation was begun about."""
    if row["about_kind"] is None:
        return None
    found = await context.kinds[row["about_kind"]].find_by_id(context, [row["about_id"]])
    return found[0] if found else None


async def read_state(context: Context, conversation_id: int) -> State:
    """Locks the conversation, then reads it."""
    await store.RECORDS.lock(context.db, conversation_id)
    return (await read_states(context, [conversation_id]))[conversation_id]


async def read_states(context: Context, ids: list[int]) -> dict[int, State]:
    """Without locks. `said` is what search finds it by, and nobody sets."""
    workspace = context.actor.workspace_id
    rows = await store.by_id(context.db, workspace, ids)
    said = await store.texts(context.db, workspace, [row["id"] for row in rows])
    return {
        row["id"]: {**{name: as_iso(row[name]) for name in FIELDS}, "said": said[row["id"]][-SEARCHED:]} for row in rows
    }


async def write_state(context: Context, found: Found, state: State) -> None:
    values: dict[str, Any] = {**state, "updated_at": context.now}
    await store.RECORDS.update(context.db, found.id, values)
