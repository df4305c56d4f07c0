"""What an update did to an issue: its state before and after, and the difference in words."""

from dataclasses import dataclass
from datetime import datetime

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row

from . import store
from .read_store import blocker_keys, parent_key
from .types import CLOSED, PRIORITIES, Change

Time = datetime | None


@dataclass(frozen=True, slots=True)
class Before:
    """An issue's row, and its fields as a caller writes them."""

    row: Row
    fields: dict[str, str | None]


async def read_before(context: Context, row: Row) -> Before:
    """Locks the issue, then reads it anew: a change in between by somebody else is not written over."""
    db, issue_id = context.db, row["id"]
    await store.lock(db, issue_id)
    fresh = await store.by_id(db, context.actor.workspace_id, issue_id)
    assert fresh is not None  # noqa: S101 - nothing is hard-deleted
    return Before(
        fresh,
        {
            "title": fresh["title"],
            "description": fresh["description"],
            "type": fresh["type"],
            "status": fresh["status"],
            "priority": PRIORITIES[fresh["priority"]],
            "assignee": fresh["assignee"],
            "due": str(fresh["due"]) if fresh["due"] else None,
            "labels": ", ".join(await store.label_names(db, issue_id)) or None,
            "parent": await parent_key(db, issue_id),
            "blocked_by": ", ".join(await blocker_keys(db, issue_id)) or None,
        },
    )


def as_changes(before: Before, after: Before) -> list[Change]:
    """One entry per changed field; of a description only that it changed."""
    changes = []
    for name, old in before.fields.items():
        new = after.fields[name]
        if old == new:
            continue
        shown = name not in ("title", "description")
        changes.append(Change(field=name, before=old if shown else None, after=new if shown else None))
    return changes


def moved(status: str, started: Time, finished: Time, now: datetime) -> tuple[Time, Time]:
    """When the work began and ended, after a move to the status: the first start and the latest end count."""
    if status in ("in_progress", "in_review", "done") and started is None:
        started = now
    return started, (finished or now) if status in CLOSED else None
