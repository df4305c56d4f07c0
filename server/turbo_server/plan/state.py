"""A plan's state in a caller's words: found by key, read under a lock, and written back in any part."""

from typing import Any

from turbo_server.account.tools import require_person
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.keys import require_key
from turbo_server.kit.kind import Found, State
from turbo_server.project.tools import require_project

from .shape import Shape

FIELDS = ("version", "title", "description", "status", "owner", "due", "archived_at")


async def find_plan(context: Context, shape: Shape, key: str) -> Found:
    """Raises ProjectNotFound, or the shape's own NotFound with the nearest keys."""
    parsed = require_key(key)
    number = parsed.number or 0
    row = await shape.store.by_key(context.db, context.actor.workspace_id, parsed.project, number)
    if row is None:
        await require_project(context, parsed.project)
        near = await shape.store.nearest_numbers(context.db, context.actor.workspace_id, parsed.project, number)
        raise shape.not_found(key, [shape.key(parsed.project, each) for each in near])
    return found_plan(shape, row)


async def find_plans(context: Context, shape: Shape, ids: list[int]) -> list[Found]:
    rows = await shape.store.by_id(context.db, context.actor.workspace_id, ids)
    return [found_plan(shape, row) for row in rows]


async def plan_row(context: Context, shape: Shape, plan_id: int) -> Row:
    """Of one that was just found."""
    (row,) = await shape.store.by_id(context.db, context.actor.workspace_id, [plan_id])
    return row


async def read_state(context: Context, shape: Shape, plan_id: int) -> State:
    await shape.store.records.lock(context.db, plan_id)
    row = await plan_row(context, shape, plan_id)
    return {name: as_iso(row[name]) for name in FIELDS}


async def write_state(context: Context, shape: Shape, plan_id: int, state: State) -> None:
    values = await as_columns(context, state)
    await shape.store.records.update(context.db, plan_id, {**values, "updated_at": context.now})


async def as_columns(context: Context, state: State) -> dict[str, Any]:
    values = {name: value for name, value in state.items() if name != "owner"}
    if "owner" in state:
        values["owner_id"] = await require_person(context, state["owner"]) if state["owner"] else None
    return values


def found_plan(shape: Shape, row: Row) -> Found:
    key = shape.key(row["project_key"], row["number"])
    archived = row["archived_at"] is not None
    return Found(shape.name, row["id"], key, row["title"], row["status"], row["project_id"], archived)
