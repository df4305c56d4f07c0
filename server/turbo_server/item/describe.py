"""Builds the full view of an item and keeps it within what a model's context should carry."""

from collections.abc import Sequence

from turbo_server.comment.tools import comment_count, latest_comments
from turbo_server.issue.find import require_issue
from turbo_server.issue.neighbours import Neighbours, neighbours_of, status_counts
from turbo_server.issue.types import PRIORITIES
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.text import clip
from turbo_server.project.tools import require_project
from turbo_server.work_log.tools import latest_work, work_totals

from .types import Cut, Item, Neighbour

RESULT_LIMIT = 20_000  # characters of JSON; a client saves longer answers to a file that nobody reads
DESCRIPTION_LIMIT = 12_000
SHOWN_NEIGHBOURS = 20
SHOWN_ENTRIES = 10


async def describe_issue(context: Context, key: str, include: frozenset[str], offset: int) -> Item:
    row = await require_issue(context, key)
    near = await neighbours_of(context, row["id"], SHOWN_NEIGHBOURS + 1)
    entries, minutes = await work_totals(context, row["id"])
    item = Item(
        key=key,
        kind="issue",
        title=row["title"],
        project=row["project_key"],
        type=row["type"],
        status=row["status"],
        priority=PRIORITIES[row["priority"]],
        assignee=row["assignee"],
        due=row["due"],
        labels=near.labels or None,
        parent=_neighbour(near.parent) if near.parent else None,
        sub_issues=_shown(near.parts),
        blocked_by=_shown(near.blockers),
        blocks=_shown(near.waiting),
        blocked=near.waits or row["status"] == "blocked" or None,
        created_by=row["created_by"],
        machine=row["machine"],
        session=row["session"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        minutes=minutes or None,
        work_logs=entries or None,
        comments=await comment_count(context, "issue", row["id"]) or None,
        left_out=_left_out(near),
        latest_comments=await latest_comments(context, "issue", row["id"], SHOWN_ENTRIES)
        if "comments" in include
        else None,
        latest_work=await latest_work(context, row["id"], SHOWN_ENTRIES) if "work_log" in include else None,
        url=context.page_of(key),
    )
    return _fitted(item, row["description"], offset)


async def describe_project(context: Context, key: str, offset: int) -> Item:
    row = await require_project(context, key)
    item = Item(
        key=key,
        kind="project",
        title=row["name"],
        issues=await status_counts(context, row["id"]),
        updated_at=row["updated_at"],
        url=context.page_of(key),
    )
    return _fitted(item, row["description"], offset)


def _neighbour(row: Row) -> Neighbour:
    return Neighbour(key=f"{row['project_key']}-{row['number']}", title=clip(row["title"], 80), status=row["status"])


def _shown(rows: Sequence[Row]) -> list[Neighbour] | None:
    return [_neighbour(row) for row in rows[:SHOWN_NEIGHBOURS]] or None


def _left_out(near: Neighbours) -> str | None:
    lists = {"sub_issues": near.parts, "blocked_by": near.blockers, "blocks": near.waiting}
    cut = [name for name, rows in lists.items() if len(rows) > SHOWN_NEIGHBOURS]
    advice = "list_issues(parent=KEY) shows all sub-issues"
    return f"more than {SHOWN_NEIGHBOURS} {', '.join(cut)}: {advice}" if cut else None


def _fitted(item: Item, description: str, offset: int) -> Item:
    """Puts in as much of the description as there is room for; when entries alone are too long, the oldest go first."""
    room = min(DESCRIPTION_LIMIT, len(description))
    while True:
        candidate = item.model_copy(update=_window(item.key, description, offset, room))
        if len(candidate.as_json().decode()) <= RESULT_LIMIT:
            return candidate
        if room > 1_000:
            room = room * 3 // 4
        else:
            item = _without_oldest(item)


def _window(key: str, description: str, offset: int, room: int) -> dict[str, object]:
    end = min(offset + room, len(description))
    if offset == 0 and end == len(description):
        return {"description": description or None}
    rest = f"get_item(key={key}, offset={end})" if end < len(description) else "nothing: this is the end"
    cut = Cut(shown_from=offset, shown_to=max(end, offset), total=len(description), next=rest)
    return {"description": description[offset:end], "description_cut": cut}


def _without_oldest(item: Item) -> Item:
    """Comments stand oldest first, work newest first."""
    note = "the oldest entries: include comments and work_log in separate calls to see more of each"
    if item.latest_comments and len(item.latest_comments) >= len(item.latest_work or []):
        return item.model_copy(update={"latest_comments": item.latest_comments[1:], "left_out": note})
    if item.latest_work:
        return item.model_copy(update={"latest_work": item.latest_work[:-1], "left_out": note})
    return item.model_copy(update={"sub_issues": None, "blocks": None, "left_out": note})
