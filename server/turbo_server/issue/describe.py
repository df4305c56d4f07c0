"""An issue in full."""

import json
from collections.abc import Sequence

from turbo_server.item.types import HandoffShown, Item, Neighbour
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Description, Found, View
from turbo_server.kit.text import clip
from turbo_server.work_log.tools import latest_work, work_totals

from . import store
from .neighbours import Neighbours, neighbours_of
from .progress import Progress, percent_of
from .types import PRIORITIES

SHOWN_NEIGHBOURS = 20
SHOWN_ENTRIES = 10


async def describe_issue(context: Context, found: Found, view: View) -> Description:
    row = await store.by_id(context.db, context.actor.workspace_id, found.id)
    assert row is not None  # noqa: S101 - just found
    near = await neighbours_of(context, found.id, SHOWN_NEIGHBOURS + 1)
    entries, minutes = await work_totals(context, found.id)
    item = Item(
        key=found.key,
        kind="issue",
        title=row["title"],
        handoff=HandoffShown.model_validate(json.loads(row["handoff"])) if row["handoff"] else None,
        question=row["question"],
        project=row["project_key"],
        type=row["type"],
        status=row["status"],
        priority=PRIORITIES[row["priority"]],
        due=row["due"],
        labels=near.labels or None,
        criteria=json.loads(row["criteria"]) if row["criteria"] else None,
        initiative=_plan(row, "initiative"),
        milestone=_plan(row, "milestone"),
        progress=_progress(near.parts),
        parent=_neighbour(near.parent) if near.parent else None,
        sub_issues=_shown(near.parts),
        blocked_by=_shown(near.blockers),
        blocks=_shown(near.waiting),
        blocked=near.waits or row["status"] == "blocked" or None,
        minutes=minutes or None,
        work_logs=entries or None,
        left_out=_left_out(near),
        latest_work=await latest_work(context, found.id, SHOWN_ENTRIES) if "work_log" in view.include else None,
        **{name: row[name] for name in PLAIN},
    )
    return Description(item, row["description"])


PLAIN = (
    "version", "assignee", "created_by", "machine", "session", "created_at", "updated_at",
    "started_at", "finished_at", "archived_at",
)  # fmt: skip


def _neighbour(row: Row) -> Neighbour:
    return Neighbour(key=f"{row['project_key']}-{row['number']}", title=clip(row["title"], 80), status=row["status"])


def _plan(row: Row, kind: str) -> Neighbour | None:
    if row[kind] is None:
        return None
    return Neighbour(key=row[kind], title=clip(row[f"{kind}_title"], 80), status=row[f"{kind}_status"])


def _progress(parts: Sequence[Row]) -> Progress | None:
    """Of all sub-issues, also of those that are not shown: each row has the counts."""
    if not parts:
        return None
    total, done = parts[0]["total"], parts[0]["done"]
    return Progress(total=total, done=done, percent=percent_of(done, total))


def _shown(rows: Sequence[Row]) -> list[Neighbour] | None:
    return [_neighbour(row) for row in rows[:SHOWN_NEIGHBOURS]] or None


def _left_out(near: Neighbours) -> str | None:
    lists = {"sub_issues": near.parts, "blocked_by": near.blockers, "blocks": near.waiting}
    cut = [name for name, rows in lists.items() if len(rows) > SHOWN_NEIGHBOURS]
    advice = "list_issues(parent=KEY) shows all sub-issues"
    return f"more than {SHOWN_NEIGHBOURS} {', '.join(cut)}: {advice}" if cut else None
