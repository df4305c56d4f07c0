"""log_work, and how other verbs show what was logged."""

from datetime import UTC, datetime, time
from typing import Annotated

from pydantic import Field

from turbo_server.activity.record import record
from turbo_server.activity.types import Changes
from turbo_server.issue.find import require_issue
from turbo_server.issue.state import found_issue
from turbo_server.issue.tools import set_status
from turbo_server.issue.types import Status
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import Line, SomeText, WholeOnly
from turbo_server.kit.keys import IssueKeyText, ProjectKey
from turbo_server.kit.kind import Found
from turbo_server.kit.schema import Arguments
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project

from . import store
from .types import Minutes, WorkLog, WorkReceipt, WrongProject

SHOWN_TEXT = 1_000
BELONGS_TO_NOTHING = (
    "This belongs to no issue and no project, so neither shows it: give issue=KEY, such as issue=TURBO-12, or"
    " project=KEY. undo(session=mine) shows how to take it back."
)


class LogWork(Arguments):
    text: Annotated[SomeText, Field(description="What was done or found out")]
    issue: Annotated[IssueKeyText | None, Field(description="Issue it was done on")] = None
    project: Annotated[ProjectKey | None, Field(description="For work that belongs to no issue")] = None
    minutes: Annotated[int, Field(ge=0, le=10_080), WholeOnly, Minutes] | None = None
    commit: Annotated[Line | None, Field(description="Commit hash")] = None
    branch: Line | None = None
    status: Annotated[Status | None, Field(description="Moves the issue there as well")] = None


@tool("Log work", Effect.CREATE)
async def log_work(context: Context, arguments: LogWork) -> WorkReceipt:
    """Records what was done, with the minutes it took if known, on an issue or for a project, and may move the issue's
    status along in the same step. Returns the totals."""
    if arguments.status and not arguments.issue:
        raise InvalidArguments("log_work: `status` needs `issue`.", "Say which issue moves, or leave status out.")
    issue = await require_issue(context, arguments.issue) if arguments.issue else None
    project_id = await _project_id(context, arguments, issue)
    details = (arguments.minutes, arguments.commit, arguments.branch)
    place = (project_id, issue["id"] if issue else None)
    entry = await store.insert(context.db, context.actor, place, arguments.text, details, context.now)
    moves = issue and arguments.status and arguments.status != issue["status"]
    moved = await set_status(context, str(arguments.issue), str(arguments.status)) if moves else None
    logged = {"work_log": entry, "text": arguments.text, "minutes": arguments.minutes}
    changes: Changes = {name: (None, value) for name, value in logged.items() if value}
    await record(context, await _subject(context, arguments, issue, entry), "logged", changes)
    totals = await store.of_issue(context.db, issue["id"]) if issue else None
    return WorkReceipt(
        logged=clip(arguments.text, 120),
        issue=arguments.issue,
        project=arguments.project,
        status=moved.status if moved else issue["status"] if issue else None,
        status_before=issue["status"] if issue and moved else None,
        minutes=arguments.minutes,
        minutes_today=await store.minutes_since(context.db, context.actor.account_id, _midnight(context)),
        minutes_total=totals["minutes"] if totals else None,
        entries=totals["entries"] if totals else None,
        next=None if arguments.issue or arguments.project else BELONGS_TO_NOTHING,
        url=context.page_of(arguments.issue) if arguments.issue else None,
    )


async def _subject(context: Context, arguments: LogWork, issue: Row | None, entry: int) -> Found:
    """What the work was done on; of work on no item that we know, the entry itself, which has no key."""
    if issue:
        return found_issue(issue)
    if arguments.project:
        return await context.find(arguments.project)
    return Found("work_log", entry, "", clip(arguments.text, 120), None, None, is_archived=False)


async def _project_id(context: Context, arguments: LogWork, issue: Row | None) -> int | None:
    of_issue: int | None = issue["project_id"] if issue else None
    if arguments.project is None:
        return of_issue
    named: int = (await require_project(context, arguments.project))["id"]
    if issue and named != of_issue:
        raise WrongProject(str(arguments.issue), arguments.project)
    return named


def _midnight(context: Context) -> datetime:
    """The start of the caller's day, in UTC."""
    return datetime.combine(context.today, time(), UTC) - context.utc_offset


async def latest_work(context: Context, issue_id: int, limit: int) -> list[WorkLog]:
    """Newest first, long texts cut."""
    rows = await store.latest(context.db, context.actor.workspace_id, issue_id, limit)
    return [
        WorkLog(
            author=row["author"],
            machine=row["machine"],
            session=row["session"],
            at=row["created_at"],
            text=clip(row["text"], SHOWN_TEXT),
            minutes=row["minutes"],
            commit=row["commit_hash"],
            branch=row["branch"],
        )
        for row in rows
    ]


async def work_totals(context: Context, issue_id: int) -> tuple[int, int]:
    """(entries, minutes) of an issue."""
    row = await store.of_issue(context.db, issue_id)
    return row["entries"], row["minutes"]


async def put_work_away(context: Context, entry_id: int, *, away: bool) -> bool:
    """Out of sight, or back. Answers whether that changed anything; writes no event itself."""
    workspace = context.actor.workspace_id
    if away:
        return await store.put_away(context.db, workspace, entry_id, context.now)
    return await store.bring_back(context.db, workspace, entry_id)
