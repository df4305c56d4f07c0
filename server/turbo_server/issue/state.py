"""An issue's state in a caller's words: read under a lock, and written back in any part."""

import hashlib
import json
from datetime import datetime
from typing import Any

from turbo_server.account.tools import require_person
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.keys import require_key
from turbo_server.kit.kind import Found, State

from . import link_store, read_store, store
from .find import (
    refuse_dependency_cycle,
    refuse_milestone_elsewhere,
    refuse_parent_cycle,
    require_issue,
    require_issue_ids,
)
from .types import CLOSED, PRIORITIES

AS_THEY_ARE = (
    "title", "description", "type", "status", "due", "question", "rank", "started_at", "finished_at", "archived_at",
)  # fmt: skip
AS_JSON = ("handoff", "criteria")
BY_KEY = ("initiative", "milestone")


async def read_state(context: Context, issue_id: int) -> State:
    """Locks the issue, then reads it: a change in between by somebody else is not written over."""
    await store.RECORDS.lock(context.db, issue_id)
    row = await store.by_id(context.db, context.actor.workspace_id, issue_id)
    assert row is not None  # noqa: S101 - nothing is hard-deleted
    return {
        **{name: row[name] for name in ("version", "title", "description", "type", "status")},
        "priority": PRIORITIES[row["priority"]],
        "assignee": row["assignee"],
        "due": as_iso(row["due"]),
        "labels": await link_store.label_names(context.db, issue_id),
        "parent": row["parent"],
        "blocked_by": in_key_order(await read_store.blocker_keys(context.db, issue_id)),
        **{name: row[name] for name in (*BY_KEY, "question", "rank")},
        **{name: json.loads(row[name]) if row[name] else None for name in AS_JSON},
        **{name: as_iso(row[name]) for name in ("started_at", "finished_at", "archived_at")},
    }


def text_state(row: Row) -> State:
    """What search reads of an issue, from a row of list_store.texts."""
    return {
        **{name: row[name] for name in ("title", "description", "status", "archived_at")},
        **{name: json.loads(row[name]) if row[name] else None for name in AS_JSON},
        "labels": json.loads(row["labels"] or "[]"),
    }


async def write_state(context: Context, found: Found, state: State) -> None:
    """Raises what a name or key that is not there, or a circle, raises."""
    refuse_milestone_elsewhere(require_key(found.key).project, state.get("milestone"))
    values = await as_columns(context, state)
    if "parent" in state:
        values["parent_id"] = await _parent_id(context, found, state["parent"])
    await store.RECORDS.update(context.db, found.id, {**values, "updated_at": context.now})
    await write_lists(context, found.id, state)


async def as_columns(context: Context, state: State, met: dict[str, Found] | None = None) -> dict[str, Any]:
    """All but the parent, which depends on the issue, and the lists, which have tables of their own.

    `met` takes the initiative and milestone that were looked up on the way.
    """
    values: dict[str, Any] = {name: state[name] for name in AS_THEY_ARE if name in state}
    values |= {name: _json(state[name]) for name in AS_JSON if name in state}
    if "title" in state:
        values["title_key"] = title_key(state["title"])
    if "priority" in state:
        values["priority"] = PRIORITIES.index(state["priority"])
    if "assignee" in state:
        values["assignee_id"] = await require_person(context, state["assignee"]) if state["assignee"] else None
    for name in BY_KEY:
        if name in state:
            found = await context.find(state[name]) if state[name] else None
            values[f"{name}_id"] = found.id if found else None
            if met is not None and found:
                met[name] = found
    return values


async def write_lists(context: Context, issue_id: int, state: State) -> None:
    if "labels" in state:
        await link_store.set_labels(context.db, context.actor.workspace_id, issue_id, state["labels"])
    if "blocked_by" in state:
        await link_store.lock_graph(context.db, context.actor.workspace_id)
        blockers = await require_issue_ids(context, state["blocked_by"])
        await refuse_dependency_cycle(context, issue_id, blockers)
        await link_store.set_blockers(context.db, issue_id, blockers)


async def _parent_id(context: Context, found: Found, parent: str | None) -> int | None:
    if parent is None:
        return None
    await link_store.lock_graph(context.db, context.actor.workspace_id)
    parent_id = int((await require_issue(context, parent))["id"])
    await refuse_parent_cycle(context, found.id, found.key, parent_id)
    return parent_id


async def as_spelled(context: Context, names: list[str]) -> list[str]:
    """Labels in the spelling that came first, in order, each once."""
    known = await link_store.spellings(context.db, context.actor.workspace_id, names) if names else {}
    first = {name.casefold(): name for name in reversed(names)}
    return sorted(known.get(fold, name) for fold, name in first.items())


def in_key_order(keys: list[str]) -> list[str]:
    return sorted(set(keys), key=lambda key: (key.rpartition("-")[0], int(key.rpartition("-")[2])))


def _json(value: Any) -> str | None:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else None


def title_key(title: str) -> str:
    """Equal for titles that differ in letter case and blanks only."""
    return hashlib.blake2b(" ".join(title.casefold().split()).encode(), digest_size=8).hexdigest()


def moved(status: str, before: State, now: datetime) -> State:
    """The part of a state that a move to the status changes: the first start and the latest end count.

    To move on from blocked answers the question; what is closed stands in no order any more.
    """
    started, finished = before.get("started_at"), before.get("finished_at")
    moment = as_iso(now)
    if status in ("in_progress", "in_review", "done") and started is None:
        started = moment
    is_closed = status in CLOSED
    return {
        "status": status,
        "started_at": started,
        "finished_at": (finished or moment) if is_closed else None,
        "question": before.get("question") if status == "blocked" else None,
        "rank": None if is_closed else before.get("rank"),
    }


def found_issue(row: Row) -> Found:
    return Found(
        "issue", row["id"], f"{row['project_key']}-{row['number']}", row["title"], row["status"], row["project_id"],
        row["archived_at"] is not None,
    )  # fmt: skip
