"""Pages of plans, each row with its progress."""

from dataclasses import replace
from typing import Any

from turbo_server.issue.progress import Progress, progress_of
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Page, PageRequest
from turbo_server.kit.listing import leave_out_archived, newest_page, require_states
from turbo_server.kit.schema import to_seconds
from turbo_server.kit.sql import Conditions
from turbo_server.kit.text import clip_bytes

from .shape import Shape

COLUMNS = "p.key as project_key, t.number, t.title, t.status, o.name as owner, t.due"


async def page_of_plans(context: Context, shape: Shape, request: PageRequest) -> Page:
    page = await newest_page(
        context, request, (COLUMNS, shape.store.source), _conditions(context, shape, request),
        lambda row: plan_line(shape, row),
    )  # fmt: skip
    progress = await progress_of(context, shape.name, [row["id"] for row in page.items])
    return replace(page, items=[with_progress(row, progress) for row in page.items])


def _conditions(context: Context, shape: Shape, request: PageRequest) -> Conditions:
    states = require_states(request, shape.statuses, shape.name)
    where = Conditions(context.actor.workspace_id)
    where.add("t.workspace_id = $1")
    leave_out_archived(where, request)
    if states:
        where.add("t.status {among} $? {end_among}", states)
    if request.project_id is not None:
        where.add("t.project_id = $?", request.project_id)
    if request.text:
        where.add("{find}({fold}(t.title), $?) > 0", request.text.lower())
    return where


def plan_line(shape: Shape, row: Row) -> dict[str, Any]:
    """Leaves room for the progress: at most 350 bytes with it. The id is for finding that."""
    shown = {
        "id": row["id"],
        "key": shape.key(row["project_key"], row["number"]),
        "title": clip_bytes(row["title"], 70),
        "status": row["status"],
        "owner": clip_bytes(row["owner"], 24) if row["owner"] else None,
        "due": str(row["due"]) if row["due"] else None,
        "updated_at": to_seconds(row["updated_at"]),
    }
    return {name: value for name, value in shown.items() if value}


def with_progress(line: dict[str, Any], progress: dict[int, Progress]) -> dict[str, Any]:
    """In the place of the id."""
    counted = progress[line.pop("id")]
    return {**line, "progress": counted.model_dump(exclude_none=True)}
