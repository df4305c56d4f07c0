"""create_issue and update_issue."""

from typing import Annotated, Any

from pydantic import Field

from turbo_server.account.tools import require_person
from turbo_server.comment.tools import write_comment
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_day, as_moment
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.keys import IssueKeyText, OptionalIssueKey, ProjectKey
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project

from . import store
from .change import Before, as_changes, moved, read_before
from .find import refuse_dependency_cycle, refuse_parent_cycle, require_issue, require_issue_ids
from .types import (
    PRIORITIES,
    Assignee,
    BlockedBy,
    Description,
    Due,
    IssueReceipt,
    IssueType,
    Labels,
    Note,
    Priority,
    Status,
    Title,
    key_of,
)

Parent = Annotated[OptionalIssueKey, Field(description="Key of the issue this is a part of, or none")]


class CreateIssue(Arguments):
    project: Annotated[ProjectKey, Field(description="Key of the project, such as TURBO")]
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


@tool("Create an issue", Effect.CREATE)
async def create_issue(context: Context, arguments: CreateIssue) -> IssueReceipt:
    """Creates one issue in a project and returns its key, such as TURBO-12. Search with list_issues first when it may
    exist already; list_projects shows the project keys."""
    blockers = await require_issue_ids(context, arguments.blocked_by)
    started, finished = moved(arguments.status, None, None, context.now)
    fields = store.Fields(
        title=arguments.title,
        description=arguments.description,
        type=arguments.type,
        status=arguments.status,
        priority=PRIORITIES.index(arguments.priority),
        assignee_id=await _assignee(context, arguments.assignee, arguments.status),
        parent_id=(await require_issue(context, arguments.parent))["id"] if arguments.parent else None,
        due=arguments.due,
        started_at=started,
        finished_at=finished,
    )
    actor = context.actor
    author = (actor.account_id, actor.machine, actor.session)
    made = await store.create(context.db, actor.workspace_id, arguments.project, fields, author, context.now)
    if made is None:
        await require_project(context, arguments.project)
        raise AssertionError("a project that is there numbers its issues")
    if arguments.labels:
        await store.set_labels(context.db, actor.workspace_id, made["id"], arguments.labels)
    if blockers:
        await store.set_blockers(context.db, made["id"], blockers)
    key = f"{arguments.project}-{made['number']}"
    return IssueReceipt(key=key, title=arguments.title, status=arguments.status, created=True, url=context.page_of(key))


async def _assignee(context: Context, name: str | None, status: str) -> int | None:
    """Work in progress is somebody's: without a name it is the caller's."""
    if name is None:
        return context.actor.account_id if status == "in_progress" else None
    return None if name.strip().lower() == "none" else await require_person(context, name)


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
    note: Note | None = None


@tool("Update an issue", Effect.UPDATE)
async def update_issue(context: Context, arguments: UpdateIssue) -> IssueReceipt:
    """Changes any fields of an issue, its status included, and tells which changed. What is not given stays; none
    clears assignee, due and parent; labels and blocked_by replace the whole list. Starting work (in_progress) on an
    issue that is nobody's makes it yours."""
    if arguments.model_fields_set == {"key"}:
        raise InvalidArguments("update_issue: nothing to change was given.", "Give at least one field, or a note.")
    before = await read_before(context, await require_issue(context, arguments.key))
    fields = await _fields(context, arguments, before.row)
    await store.update(context.db, before.row["id"], fields, context.now)
    await _replace_lists(context, arguments, before)
    if arguments.note:
        await write_comment(context, "issue", before.row["id"], arguments.note)
    after = await read_before(context, before.row)
    return IssueReceipt(
        key=arguments.key,
        title=fields.title,
        status=fields.status,
        changed=as_changes(before, after),
        note="added as a comment" if arguments.note else None,
        url=context.page_of(arguments.key),
    )


async def set_status(context: Context, key: str, status: str) -> IssueReceipt:
    """For other entities' verbs that move an issue along."""
    return await update_issue.run(context, UpdateIssue.model_validate({"key": key, "status": status}))  # type: ignore[return-value]


async def _fields(context: Context, arguments: UpdateIssue, row: Row) -> store.Fields:
    status = arguments.status or row["status"]
    started, finished = moved(status, as_moment(row["started_at"]), as_moment(row["finished_at"]), context.now)
    priority = row["priority"] if arguments.priority is None else PRIORITIES.index(arguments.priority)
    due = arguments.due if arguments.was_given("due") else row["due"]
    return store.Fields(
        title=row["title"] if arguments.title is None else arguments.title,
        description=row["description"] if arguments.description is None else arguments.description,
        type=arguments.type or row["type"],
        status=status,
        priority=priority,
        assignee_id=await _new_assignee(context, arguments, row),
        parent_id=await _new_parent(context, arguments, row),
        due=as_day(due),
        started_at=started,
        finished_at=finished,
    )


async def _new_assignee(context: Context, arguments: UpdateIssue, row: Row) -> int | None:
    if arguments.assignee is None and (row["assignee_id"] is not None or arguments.status != "in_progress"):
        present: int | None = row["assignee_id"]
        return present
    return await _assignee(context, arguments.assignee, arguments.status or row["status"])


async def _new_parent(context: Context, arguments: UpdateIssue, row: Row) -> int | None:
    if not arguments.was_given("parent"):
        present: int | None = row["parent_id"]
        return present
    if arguments.parent is None:
        return None
    await store.lock_graph(context.db, context.actor.workspace_id)
    parent: Any = (await require_issue(context, arguments.parent))["id"]
    await refuse_parent_cycle(context, row["id"], key_of(row), parent)
    return int(parent)


async def _replace_lists(context: Context, arguments: UpdateIssue, before: Before) -> None:
    issue_id = before.row["id"]
    if arguments.labels is not None:
        await store.set_labels(context.db, context.actor.workspace_id, issue_id, arguments.labels)
    if arguments.blocked_by is not None:
        await store.lock_graph(context.db, context.actor.workspace_id)
        blockers = await require_issue_ids(context, arguments.blocked_by)
        await refuse_dependency_cycle(context, issue_id, blockers)
        await store.set_blockers(context.db, issue_id, blockers)
