"""create_issue and update_issue."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from turbo_server.account.tools import person_name
from turbo_server.activity.record import Revision, record_creation, revise
from turbo_server.activity.types import as_changes
from turbo_server.comment.tools import write_comment
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import SeenVersion
from turbo_server.kit.keys import IssueKeyText, ProjectKey
from turbo_server.kit.kind import Found, State
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project

from . import link_store, store
from .find import refuse_milestone_elsewhere, require_issue, require_issue_ids, require_parent
from .place import Place, place_words, rank_at
from .state import as_columns, as_spelled, found_issue, in_key_order, moved, title_key
from .types import (
    Assignee,
    BlockedBy,
    Criteria,
    Description,
    Due,
    HandoffNote,
    Initiative,
    IssueReceipt,
    IssueType,
    Labels,
    Milestone,
    Note,
    Parent,
    Priority,
    Status,
    Title,
)

DUPLICATE_DAYS = 30
NO_FIELDS = frozenset({"key", "note", "version"})  # of the issue


class CreateIssue(Arguments):
    project: Annotated[ProjectKey, Field(description="Such as TURBO")]
    title: Title
    description: Description = ""
    type: IssueType = "task"
    status: Status = "backlog"
    priority: Priority = "none"
    assignee: Assignee | None = None
    due: Due = None
    labels: Labels = []
    parent: Parent = None
    blocked_by: BlockedBy = []
    initiative: Initiative = None
    milestone: Milestone = None
    criteria: Criteria = []


@tool("Create an issue", Effect.CREATE)
async def create_issue(context: Context, arguments: CreateIssue) -> IssueReceipt:
    """Creates one issue in a project and returns its key, such as TURBO-12. Search with list_issues first when it may
    exist already; list_projects shows the project keys."""
    refuse_milestone_elsewhere(arguments.project, arguments.milestone)
    blockers = await require_issue_ids(context, arguments.blocked_by)
    state = await _first_state(context, arguments)
    parent = await require_parent(context, arguments.parent) if arguments.parent else None
    met: dict[str, Found] = {}
    values = {**await as_columns(context, state, met), "parent_id": parent, **context.actor.author}
    made = await store.create(context.db, context.actor.workspace_id, arguments.project, values, context.now)
    if made is None:
        await require_project(context, arguments.project)
        raise AssertionError("a project that is there numbers its issues")
    key = f"{arguments.project}-{made['number']}"
    found = Found("issue", made["id"], key, arguments.title, arguments.status, made["project_id"], is_archived=False)
    if state["labels"]:
        await link_store.put_labels(context.db, context.actor.workspace_id, found.id, state["labels"])
    if blockers:  # nothing waits for a new issue: it closes no circle
        await link_store.put_blockers(context.db, found.id, blockers)
    await record_creation(context, found, state)
    return IssueReceipt(
        key=key,
        title=arguments.title,
        status=arguments.status,
        version=1,
        created=True,
        possible_duplicate_of=await _same_title(context, arguments, made),
        warning=_closed(met.get("milestone")),
        url=context.page_of(key),
    )


def _closed(milestone: Found | None) -> str | None:
    """Allowed, for work that was done in its time; but most often not meant."""
    if milestone is None or milestone.status != "closed":
        return None
    return f"{milestone.key} is closed: update_milestone(key={milestone.key}, status=open) opens it again"


async def _first_state(context: Context, arguments: CreateIssue) -> State:
    given = arguments.model_dump(exclude={"project"}, mode="json")
    return {
        **given,
        **moved(arguments.status, {}, context.now),
        "assignee": await _whose(context, arguments.assignee, arguments.status),
        "labels": await as_spelled(context, arguments.labels),
        "blocked_by": in_key_order(arguments.blocked_by),
    }


async def _same_title(context: Context, arguments: CreateIssue, made: Row) -> str | None:
    """A title that repeats a recent one is most often a call that was made twice."""
    since = context.now - timedelta(days=DUPLICATE_DAYS)
    same = await store.same_title(context.db, made["project_id"], title_key(arguments.title), made["id"], since)
    return f"{arguments.project}-{same}" if same else None


async def _whose(context: Context, name: str | None, status: str) -> str | None:
    """Work in progress is somebody's: without a name it is the caller's."""
    if name is None:
        return context.actor.name if status == "in_progress" else None
    return None if name.strip().lower() == "none" else await person_name(context, name)


class UpdateIssue(Arguments):
    key: IssueKeyText
    title: Title | None = None
    description: Description | None = None
    type: IssueType | None = None
    status: Status | None = None
    priority: Priority | None = None
    assignee: Assignee | None = None
    due: Due = None
    labels: Labels | None = None
    parent: Parent = None
    blocked_by: Annotated[BlockedBy | None, Field(description="All keys it waits for; an empty list clears")] = None
    initiative: Initiative = None
    milestone: Milestone = None
    criteria: Criteria | None = None
    handoff: HandoffNote | None = None
    place: Place | None = None
    note: Note | None = None
    version: SeenVersion | None = None


@tool("Update an issue", Effect.UPDATE)
async def update_issue(context: Context, arguments: UpdateIssue) -> IssueReceipt:
    """Changes any fields of an issue, its status included, and tells which changed. What is not given stays; none
    clears assignee, due and parent; labels and blocked_by replace the whole list. Starting work (in_progress) on an
    issue that is nobody's makes it yours."""
    if arguments.model_fields_set <= {"key", "version"}:
        raise InvalidArguments("update_issue: nothing to change was given.", "Give at least one field, or a note.")
    found = found_issue(await require_issue(context, arguments.key))
    revision = await revise(
        context, found, lambda before: _wanted(context, arguments, found, before), seen=arguments.version
    )
    if arguments.note:
        await write_comment(context, found, arguments.note)
    receipt = _receipt(context, found, revision, note=arguments.note is not None)
    if arguments.milestone and "milestone" in revision.changes:
        receipt = receipt.model_copy(update={"warning": _closed(await context.find(arguments.milestone))})
    if arguments.place is None:
        return receipt
    return receipt.model_copy(update={"place": await place_words(context, found)})


def _receipt(context: Context, found: Found, revision: Revision, *, note: bool) -> IssueReceipt:
    after: dict[str, Any] = {name: value for name, (_, value) in revision.changes.items()}
    return IssueReceipt(
        key=found.key,
        title=after.get("title", found.title),
        status=str(after.get("status", found.status)),
        version=revision.version,
        changed=as_changes(revision.changes),
        note="added as a comment" if note else None,
        url=context.page_of(found.key),
    )


async def set_status(context: Context, key: str, status: str) -> IssueReceipt:
    """For other entities' verbs that move an issue along."""
    return await update_issue.run(context, UpdateIssue.model_validate({"key": key, "status": status}))  # type: ignore[return-value]


async def _wanted(context: Context, arguments: UpdateIssue, found: Found, before: State) -> State:
    """The state that the call asks for; what it leaves open is not in it."""
    given = arguments.model_fields_set - {*NO_FIELDS, "handoff", "place", "labels", "blocked_by", "assignee"}
    wanted: State = arguments.model_dump(include=given, mode="json")
    if arguments.handoff is not None:
        wanted["handoff"] = arguments.handoff.as_state() or None
    if arguments.criteria is not None:
        wanted["criteria"] = arguments.criteria or None
    if arguments.labels is not None:
        wanted["labels"] = await as_spelled(context, arguments.labels)
    if arguments.blocked_by is not None:
        wanted["blocked_by"] = in_key_order(arguments.blocked_by)
    if arguments.status:
        wanted |= moved(arguments.status, before, context.now)
    if arguments.place:
        status = arguments.status or before["status"]
        wanted["rank"] = await rank_at(context, found, arguments.place, status)
    if arguments.assignee or (arguments.status and not before["assignee"]):
        wanted["assignee"] = await _whose(context, arguments.assignee, arguments.status or before["status"])
    return wanted
