"""get_status: where things stand, on one screen."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from turbo_server.issue.types import PRIORITIES, key_of
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.schema import Arguments
from turbo_server.kit.text import clip_bytes
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project

from . import store
from .reason import due_words, queue_reason
from .types import Line, Logged, Section, Status

LIMIT = 4_000  # characters of JSON: it is read at the start of a session
LONG_AGO = date(1, 1, 1)
SECTIONS = ("in_progress", "overdue", "due_in_7_days", "queue")


class GetStatus(Arguments):
    project: Annotated[ProjectKey | None, Field(description="One project only")] = None


@tool("Show the status", Effect.READ)
async def get_status(context: Context, arguments: GetStatus) -> Status:
    """One screen on where things stand, for one project or all: your issues in progress, what is overdue or due in the
    next 7 days, the top of the work queue with the reason of each rank, and recent work."""
    project = (await require_project(context, arguments.project))["id"] if arguments.project else None
    workspace, today = context.actor.workspace_id, context.today
    scope = (workspace, project, context.actor.account_id)
    counts = await store.counts(context.db, workspace, project)
    overdue = await store.due(context.db, scope, LONG_AGO, today - timedelta(days=1), 6)
    soon = await store.due(context.db, scope, today, today + timedelta(days=7), 6)
    queue = await store.queue(context.db, scope, today, 6)
    status = Status(
        me=clip_bytes(context.actor.name, 40),
        today=today,
        scope=arguments.project or "all projects",
        open=counts["open"],
        blocked=counts["blocked"],
        in_progress=_section(await store.in_progress(context.db, scope, 5)),
        overdue=_section(overdue, lambda row: due_words(row["due"], today)),
        due_in_7_days=_section(soon, lambda row: due_words(row["due"], today)),
        queue=_section(queue, lambda row: queue_reason(row, today, context.now)),
        recent_work=[_logged(row) for row in await store.recent_work(context.db, workspace, project, 4)],
        next=_next_step(counts["projects"], counts["open"]),
    )
    return _fitted(status)


def _section(rows: list[Row], why: Callable[[Row], str] | None = None) -> Section:
    return Section(total=rows[0]["total"] if rows else 0, items=[_line(row, why) for row in rows])


def _line(row: Row, why: Callable[[Row], str] | None) -> Line:
    return Line(
        key=key_of(row),
        title=clip_bytes(row["title"], 70),
        status=row["status"],
        priority=PRIORITIES[row["priority"]],
        due=row["due"],
        assignee=clip_bytes(row["assignee"], 24) if row["assignee"] else None,
        why=why(row) if why else None,
    )


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
        sections = {name: getattr(status, name) for name in SECTIONS}
        name, longest = max(sections.items(), key=lambda entry: len(entry[1].items))
        status = status.model_copy(update={name: longest.model_copy(update={"items": longest.items[:-1]})})
    return status
