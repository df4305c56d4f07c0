"""A decision's state in a caller's words: found by its key, read under a lock, and written back in any part."""

import json
from typing import Any

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.keys import DECISION_PREFIX, require_key
from turbo_server.kit.kind import Found, State

from . import store
from .types import DecisionCycle, DecisionNotFound

TEXTS = ("title", "context", "outcome", "reason", "impact")
AS_THEY_ARE = (*TEXTS, "status", "decided_at", "archived_at")


async def require_decision(context: Context, key: str) -> Row:
    """The decision's row by a key that is well formed. Raises DecisionNotFound with the nearest keys."""
    workspace, number = context.actor.workspace_id, require_key(key).number or 0
    row = await store.by_number(context.db, workspace, number)
    if row is None:
        near = await store.nearest_numbers(context.db, workspace, number)
        raise DecisionNotFound(key, await store.last_number(context.db, workspace), [key_of(each) for each in near])
    return row


def key_of(number: int) -> str:
    return f"{DECISION_PREFIX}-{number}"


def found_decision(row: Row) -> Found:
    return Found(
        "decision", row["id"], key_of(row["number"]), row["title"], row["status"], row["project_id"],
        row["archived_at"] is not None,
    )  # fmt: skip


async def read_state(context: Context, decision_id: int) -> State:
    """Locks the decision, then reads it."""
    await store.RECORDS.lock(context.db, decision_id)
    row = await store.by_id(context.db, context.actor.workspace_id, decision_id)
    assert row is not None  # noqa: S101 - nothing is hard-deleted
    return {
        **{name: row[name] for name in ("version", *TEXTS, "status", "project", "superseded_by")},
        "options": json.loads(row["options"]),
        "paths": json.loads(row["paths"]) if row["paths"] else [],
        **{name: as_iso(row[name]) for name in ("decided_at", "archived_at")},
    }


async def write_state(context: Context, found: Found, state: State) -> None:
    """Raises what a key that is not there, or a circle, raises."""
    values = await as_columns(context, state)
    if "superseded_by" in state:
        values["superseded_by_id"] = await _superseding_id(context, found, state["superseded_by"])
    await store.RECORDS.update(context.db, found.id, {**values, "updated_at": context.now})


async def as_columns(context: Context, state: State) -> dict[str, Any]:
    """All but superseded_by, which depends on the decision."""
    values: dict[str, Any] = {name: state[name] for name in AS_THEY_ARE if name in state}
    if "options" in state:
        values["options"] = _json(state["options"])
    if "paths" in state:
        values["paths"] = _json(state["paths"]) if state["paths"] else None
    if "project" in state:
        values["project_id"] = (await context.find(state["project"])).id if state["project"] else None
    return values


async def _superseding_id(context: Context, found: Found, key: str | None) -> int | None:
    if key is None:
        return None
    await store.lock_succession(context.db, context.actor.workspace_id)
    newer = await require_decision(context, key)
    line = await store.line_after(context.db, newer["id"], found.id)
    if line[-1][0] == found.id:
        seen = {
            row["id"] for row in await store.brief(context.db, context.actor.workspace_id, [each for each, _ in line])
        }
        raise DecisionCycle([found.key, *(key_of(number) for each, number in line if each in seen)])
    return int(newer["id"])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
