"""A mentor's state: found by its handle, read under a lock, and written back in any part."""

from typing import Any

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.kind import Found, State
from turbo_server.search.indexing import index_item

from . import store
from .seeds import SEEDS
from .types import MentorNotFound

FIELDS = ("version", "instructions", "watches", "model", "archived_at")


def key_of(handle: str) -> str:
    return f"@{handle}"


async def require_mentor(context: Context, handle: str) -> Row:
    """The mentor's row; the first that is asked for brings those that Turbo comes with. Raises MentorNotFound."""
    workspace = context.actor.workspace_id
    row = await store.by_handle(context.db, workspace, handle)
    if row is None:
        await make_seeds(context)  # or waits for a call that is making them, and makes none
        row = await store.by_handle(context.db, workspace, handle)
    if row is None:
        known = await store.every_one(context.db, workspace)
        raise MentorNotFound(key_of(handle), [key_of(each["handle"]) for each in known if not each["archived_at"]])
    return row


async def known_mentor(context: Context, handle: str) -> Row | None:
    """Only reads. None for one that comes with Turbo and was not asked yet. Raises MentorNotFound."""
    row = await store.by_handle(context.db, context.actor.workspace_id, handle)
    if row is None:
        known = [each["handle"] for each in await store.every_one(context.db, context.actor.workspace_id)]
        known = known or [seed.handle for seed in SEEDS]
        if handle not in known:
            raise MentorNotFound(key_of(handle), [key_of(each) for each in known])
    return row


async def make_seeds(context: Context) -> bool:
    """Whether that made any: a workspace that has a mentor gets none."""
    made = await store.seed(context.db, context.actor.workspace_id, SEEDS, context.now)
    by_handle = {seed.handle: seed for seed in SEEDS}
    for row in made:
        seed = by_handle[row["handle"]]
        found = Found("mentor", row["id"], key_of(seed.handle), seed.role, None, None, is_archived=False)
        await index_item(context, found, {"instructions": seed.instructions, "watches": seed.watches})
    return bool(made)


def found_mentor(row: Row) -> Found:
    is_archived = row["archived_at"] is not None
    return Found("mentor", row["id"], key_of(row["handle"]), row["role"], None, None, is_archived)


async def read_state(context: Context, mentor_id: int) -> State:
    """Locks the mentor, then reads it."""
    await store.RECORDS.lock(context.db, mentor_id)
    (row,) = await store.by_id(context.db, context.actor.workspace_id, [mentor_id])
    return state_of(row)


def state_of(row: Row) -> State:
    """Its role is its title: what it is called in lists and found by. Its budget is in dollars, as people give it."""
    return {
        "title": row["role"],
        "daily_budget": in_dollars(row["daily_cents"]),
        **{name: as_iso(row[name]) for name in FIELDS},
        "may_propose": bool(row["may_propose"]),
    }


async def write_state(context: Context, found: Found, state: State) -> None:
    values = as_columns(state)
    values["updated_at"] = context.now
    await store.RECORDS.update(context.db, found.id, values)


def as_columns(state: State) -> dict[str, Any]:
    """Any part of a state, as its table has it."""
    columns = {"role" if name == "title" else name: value for name, value in state.items() if name != "daily_budget"}
    if "daily_budget" in state:
        dollars = state["daily_budget"]
        columns["daily_cents"] = None if dollars is None else round(dollars * 100)
    return columns


def in_dollars(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
