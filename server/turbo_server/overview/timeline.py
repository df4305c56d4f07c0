"""GET /v1/timeline: initiatives, milestones and issues with their days, for drawing along weeks."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import Field

from turbo_server.initiative.kind import SHAPE as INITIATIVE
from turbo_server.issue.progress import Progress, progress_of
from turbo_server.issue.types import PRIORITIES, key_of
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_day, as_moment
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import Day
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.sql import Conditions
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, Endpoint, tool
from turbo_server.milestone.kind import SHAPE as MILESTONE
from turbo_server.plan.shape import Shape
from turbo_server.project.tools import require_project

from . import timeline_store as store

MOST_PLANS = 200
MOST_ISSUES = 500
MOST_DAYS = 800
BEFORE, AFTER = timedelta(weeks=4), timedelta(weeks=26)
SHOWN_TITLE = 100


class TimelinePlan(Result):
    key: Annotated[str, Field(description="Of an initiative or a milestone")]
    kind: Literal["initiative", "milestone"]
    title: Annotated[str, Field(description="Its first 100 characters")]
    status: str
    start: Annotated[date, Field(description="The day on which it was created")]
    due: date | None = None
    owner: str | None = None
    progress: Progress


class TimelineIssue(Result):
    key: str
    title: Annotated[str, Field(description="Its first 100 characters")]
    status: str
    priority: str
    start: Annotated[date | None, Field(description="The day on which work on it began")] = None
    due: date
    assignee: str | None = None
    initiative: Annotated[str | None, Field(description="Its key")] = None
    milestone: Annotated[str | None, Field(description="Its key")] = None


class Timeline(Result):
    first: Annotated[date, Field(description="The first day that was looked at")]
    last: Annotated[date, Field(description="The last day that was looked at")]
    plans: Annotated[list[TimelinePlan], Field(description="By their due day; those without one last")]
    issues: Annotated[list[TimelineIssue], Field(description="Open ones, by their due day")]
    left_out: Annotated[str | None, Field(description="What found no room, in words")] = None


class ShowTimeline(Arguments):
    project: Annotated[ProjectKey | None, Field(description="Its key; without one, all projects")] = None
    first: Annotated[Day, Field(alias="from", description="The first day; without one, four weeks ago")] = None
    last: Annotated[Day, Field(alias="to", description="The last day; without one, in 26 weeks")] = None


@tool("Show the timeline", Effect.READ)
async def show_timeline(context: Context, arguments: ShowTimeline) -> Timeline:
    """What is planned in a span of days, of one project or of all: initiatives and milestones that run in it or are
    due in it, with their progress, and open issues that are due in it."""
    first, last = _span(arguments, context.today)
    project_id = (await require_project(context, arguments.project))["id"] if arguments.project else None
    initiatives = await _plans(context, INITIATIVE, project_id, (first, last))
    milestones = await _plans(context, MILESTONE, project_id, (first, last))
    where = Conditions(context.actor.workspace_id)
    where.add("i.workspace_id = $1")
    if project_id is not None:
        where.add("i.project_id = $?", project_id)
    issues = await store.issues(context.db, where, (first, last), MOST_ISSUES + 1)
    found = {"initiatives": initiatives, "milestones": milestones}
    left_out = [f"more than {MOST_PLANS} {name}" for name, rows in found.items() if len(rows) > MOST_PLANS]
    left_out += [f"more than {MOST_ISSUES} issues: the earliest are shown"] if len(issues) > MOST_ISSUES else []
    plans = [*initiatives[:MOST_PLANS], *milestones[:MOST_PLANS]]
    return Timeline(
        first=first,
        last=last,
        plans=sorted(plans, key=lambda plan: plan.due or date.max),
        issues=[_issue(context, row) for row in issues[:MOST_ISSUES]],
        left_out="; ".join(left_out) or None,
    )


def _span(arguments: ShowTimeline, today: date) -> tuple[date, date]:
    """Raises InvalidArguments."""
    first = arguments.first or min(arguments.last or today, today) - BEFORE
    last = arguments.last or max(first, today) + AFTER
    if last < first:
        raise InvalidArguments(f"`to`, {last}, is before `from`, {first}.", "Turn the two around.")
    if (last - first).days > MOST_DAYS:
        raise InvalidArguments(f"From {first} to {last} are over {MOST_DAYS} days.", "Ask for a shorter span.")
    return first, last


async def _plans(context: Context, shape: Shape, project_id: int | None, span: tuple[date, date]) -> list[TimelinePlan]:
    where = Conditions(context.actor.workspace_id)
    where.add("t.workspace_id = $1")
    if project_id is not None:
        where.add("t.project_id = $?", project_id)
    end = datetime.combine(span[1], time.max, UTC) - context.utc_offset
    rows = await store.plans(context.db, where, shape.store.source, (*span, end), shape.over, MOST_PLANS + 1)
    progress = await progress_of(context, shape.name, [row["id"] for row in rows])
    return [
        TimelinePlan(
            key=shape.key(row["project_key"], row["number"]),
            kind=shape.name,  # type: ignore[arg-type]
            title=clip(row["title"], SHOWN_TITLE),
            status=row["status"],
            start=_day(context, row["created_at"]),
            due=as_day(row["due"]),
            owner=row["owner"],
            progress=progress[row["id"]],
        )
        for row in rows
    ]


def _issue(context: Context, row: Row) -> TimelineIssue:
    milestone, initiative = row["milestone_number"], row["initiative_number"]
    return TimelineIssue(
        key=key_of(row),
        title=clip(row["title"], SHOWN_TITLE),
        status=row["status"],
        priority=PRIORITIES[row["priority"]],
        start=_day(context, row["started_at"]) if row["started_at"] else None,
        due=as_day(row["due"]),
        assignee=row["assignee"],
        initiative=INITIATIVE.key(row["initiative_project"], initiative) if initiative else None,
        milestone=MILESTONE.key(row["project_key"], milestone) if milestone else None,
    )


def _day(context: Context, moment: datetime | str) -> date:
    return (as_moment(moment) + context.utc_offset).date()


ENDPOINT = Endpoint("GET", "/v1/timeline", show_timeline)
