"""get_status: where things stand, on one screen."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from turbo_server.issue.types import PRIORITIES, key_of
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.schema import Arguments
from turbo_server.kit.text import clip_bytes
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project
from turbo_server.queue.offer import queue_of
from turbo_server.queue.rank import due_words

from . import store
from .types import Line, Logged, Section, Status

LIMIT = 4_000  # characters of JSON: it is read at the start of a session
SHOWN_STARTED = 5
SECTIONS = ("questions", "in_progress", "overdue", "due_in_7_days", "queue")


class GetStatus(Arguments):
    project: Annotated[ProjectKey | None, Field(description="One project only")] = None


@tool("Show the status", Effect.READ)
async def get_status(context: Context, arguments: GetStatus) -> Status:
    """One screen on where things stand, for one project or all: open questions to a person, your issues in progress
    with their handoff, what is overdue or due in the next 7 days, the top of the work queue with the reason of each
    rank, and recent work."""
    project = (await require_project(context, arguments.project))["id"] if arguments.project else None
    workspace, today = context.actor.workspace_id, context.today
    scope = (workspace, context.actor.account_id, today, today + timedelta(days=7))
    counts = await store.counts(context.db, scope, project)
    rows = await store.sections(context.db, scope, project, context.now)
    queue = [each for each in await queue_of(context, project) if not each.is_started][: store.SHOWN]
    questions = _section("questions", rows, counts, _asked)
    status = Status(
        me=clip_bytes(context.actor.name, 40),
        today=today,
        scope=arguments.project or "all projects",
        open=min(counts["open"], store.OPEN_CAP),
        more_open=counts["open"] > store.OPEN_CAP or None,
        blocked=counts["blocked"],
        more_blocked=counts["open"] > store.BLOCKED_AMONG or None,
        questions=questions if questions.items else None,
        in_progress=_section("in_progress", rows, counts, _handoff, SHOWN_STARTED),
        overdue=_section("overdue", rows, counts, lambda row: {"why": due_words(row["due"], today)}),
        due_in_7_days=_section("due_in_7_days", rows, counts, lambda row: {"why": due_words(row["due"], today)}),
        queue=_counted("queue", [_line(each.row, why=each.why) for each in queue], counts),
        recent_work=[_logged(row) for row in await store.recent_work(context.db, workspace, project)],
        next=_next_step(counts["projects"], counts["open"]),
    )
    return _fitted(status)


def _section(
    name: str, rows: list[Row], counts: Row, more: Callable[[Row], dict[str, Any]], limit: int = store.SHOWN
) -> Section:
    own = sorted((row for row in rows if row["section"] == name), key=lambda row: _order(name, row))
    return _counted(name, [_line(row, claimed_by=_holder(row), **more(row)) for row in own[:limit]], counts)


def _order(name: str, row: Row) -> tuple[str, int, int]:
    """By day, by status or not at all; then, but for questions, by priority."""
    first = {"overdue": row["due"], "due_in_7_days": row["due"], "in_progress": row["status"]}.get(name)
    return (str(first), 0 if name == "questions" else row["priority"], row["id"])


def _counted(name: str, items: list[Line], counts: Row) -> Section:
    total: int = counts[name]
    return Section(total=min(total, store.SECTION_CAP), more=total > store.SECTION_CAP or None, items=items)


def _line(row: Row, **more: Any) -> Line:
    return Line(
        key=key_of(row),
        title=clip_bytes(row["title"], 70),
        status=row["status"],
        priority=PRIORITIES[row["priority"]],
        due=row["due"],
        assignee=clip_bytes(row["assignee"], 24) if row["assignee"] else None,
        **more,
    )


def _holder(row: Row) -> str | None:
    """`laptop/session` of a live claim."""
    return clip_bytes(f"{row['machine'] or '?'}/{row['session'] or '?'}", 60) if row["holder"] else None


def _asked(row: Row) -> dict[str, Any]:
    return {"question": clip_bytes(row["question"], 200)}


def _handoff(row: Row) -> dict[str, Any]:
    note = json.loads(row["handoff"]) if row["handoff"] else {}
    return {name: clip_bytes(note[name], 100) for name in ("state", "next_step") if note.get(name)}


def _logged(row: Row) -> Logged:
    return Logged(
        at=row["created_at"],
        by=clip_bytes(row["author"], 24),
        issue=key_of(row) if row["number"] else None,
        minutes=row["minutes"],
        text=clip_bytes(row["text"], 100),
    )


def _next_step(projects: int, anything_open: int) -> str | None:
    if not projects:
        return "There is no project yet: create_project makes one."
    return None if anything_open else "Nothing is open: create_issue writes down what comes next."


def _fitted(status: Status) -> Status:
    """Shortens the longest list until the screen holds it; the totals still tell how many there are."""
    while len(status.as_json().decode()) > LIMIT:
        sections = {name: section for name in SECTIONS if (section := getattr(status, name))}
        name, longest = max(sections.items(), key=lambda entry: len(entry[1].items))
        status = status.model_copy(update={name: longest.model_copy(update={"items": longest.items[:-1]})})
    return status
