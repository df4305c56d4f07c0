"""list_issues: every filter combines, and a page says how to get the next."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from turbo_server.account.tools import require_person
from turbo_server.kit.context import Context
from turbo_server.kit.fields import Cursor, Day, Limit, SomeText
from turbo_server.kit.keys import InitiativeKey, IssueKeyText, MilestoneKey, ProjectKey
from turbo_server.kit.paging import TOTAL_CAP, Position, fingerprint, read_cursor, write_cursor
from turbo_server.kit.schema import Arguments
from turbo_server.kit.sql import Conditions
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project

from . import list_store
from .conditions import WAITS
from .types import (
    CLOSED,
    OPEN,
    PRIORITIES,
    Assignee,
    IssueList,
    Labels,
    Priorities,
    SortName,
    Statuses,
    Types,
    issue_row,
)


class ListIssues(Arguments):
    project: ProjectKey | None = None
    status: Annotated[
        Statuses | None,
        Field(description="Any of these; open, closed and archived stand for all such"),
    ] = None
    type: Types | None = None
    priority: Priorities | None = None
    assignee: Assignee | None = None
    label: Annotated[Labels | None, Field(description="All of these")] = None
    initiative: InitiativeKey | None = None
    milestone: MilestoneKey | None = None
    parent: Annotated[IssueKeyText | None, Field(description="Sub-issues of this issue")] = None
    due_before: Annotated[Day, Field(description="Due on or before this day")] = None
    due_after: Annotated[Day, Field(description="Due on or after this day")] = None
    blocked: Annotated[bool | None, Field(description="Waits for an open issue, or its status is blocked")] = None
    text: Annotated[SomeText | None, Field(description="Stands in title or description")] = None
    sort: SortName = "updated"
    limit: Limit = 20
    cursor: Cursor | None = None


@tool("List issues", Effect.READ, may_lag=True)
async def list_issues(context: Context, arguments: ListIssues) -> IssueList:
    """Issues that fit all given filters, in short rows: newest change first unless sorted otherwise. Done and cancelled
    issues are included unless status says open. Use get_item for the whole of one."""
    order = list_store.ORDERS[arguments.sort]
    where = await _conditions(context, arguments)
    of = fingerprint(arguments.sort, *where.parameters, str(where))
    if arguments.cursor is None:
        position, after = Position(await list_store.total(context.db, where), ()), None
    else:
        position = read_cursor(arguments.cursor, of, order.cursor_kinds)
        after = (order.read(position.values[0]), int(position.values[1]))
    rows = await list_store.page(context.db, where, order, after, arguments.limit + 1) if position.total else []
    archived = await _archived(context, arguments) if not rows and arguments.project else None
    shown = rows[: arguments.limit]
    return IssueList(
        items=[issue_row(row) for row in shown],
        total=min(position.total, TOTAL_CAP),
        total_is_capped=position.total > TOTAL_CAP or None,
        archived=archived,
        next_cursor=_next(shown[-1], position.total, of) if len(rows) > len(shown) else None,
    )


async def _archived(context: Context, arguments: ListIssues) -> str | None:
    """Why a project's list is empty, where that is why. Raises ProjectNotFound."""
    key = arguments.project or ""
    project = await require_project(context, key)
    if project["archived_at"] is None or "archived" in (arguments.status or []):
        return None
    return f"{key} is archived: status=archived lists its issues, restore_item(key={key}) brings it back"


def _next(last: Any, total: int, of: str) -> str:
    return write_cursor(Position(total, (list_store.cursor_value(last["sort_value"]), last["id"])), of)


async def _conditions(context: Context, arguments: ListIssues) -> Conditions:
    where = Conditions(context.actor.workspace_id)
    where.add("i.workspace_id = $1")
    if arguments.project:
        # Looked up by the list itself: a round trip less, and only an empty list asks whether the project is there.
        where.add("i.project_id = (select id from projects where workspace_id = $1 and key = $?)", arguments.project)
    _add_states(where, arguments.status or [])
    if arguments.type:
        where.add("i.type {among} $? {end_among}", list(arguments.type))
    if arguments.priority:
        where.add("i.priority {among} $? {end_among}", [PRIORITIES.index(name) for name in arguments.priority])
    if arguments.assignee:
        await _add_assignee(context, where, arguments.assignee)
    for label in arguments.label or []:
        where.add(
            "exists (select 1 from issue_labels il join labels l on l.id = il.label_id"
            " where il.issue_id = i.id and l.folded = $?)",
            label.casefold(),
        )
    for name in ("initiative", "milestone", "parent"):
        if key := getattr(arguments, name):
            where.add(f"i.{name}_id = $?", (await context.find(key)).id)
    _add_due(where, arguments.due_after, arguments.due_before)
    if arguments.blocked is not None:
        waits = f"(i.status = 'blocked' or {WAITS})"
        where.add(waits if arguments.blocked else f"not {waits}")
    if arguments.text:
        part = where.bind(arguments.text.lower())
        where.add(f"{{find}}({{fold}}(i.title), {part}) > 0 or {{find}}({{fold}}(i.description), {part}) > 0")
    return where


def _add_states(where: Conditions, names: list[Any]) -> None:
    """What is archived, by itself or with its project, is left out, or asked for by name."""
    present = "i.archived_at is null and p.archived_at is null"
    where.add(f"not ({present})" if "archived" in names else present)
    if states := _states([name for name in names if name != "archived"]):
        where.add("i.status {among} $? {end_among}", states)


def _states(names: list[Any]) -> list[str]:
    groups = {"open": OPEN, "closed": tuple(sorted(CLOSED))}
    return sorted({state for name in names for state in groups.get(name, (name,))})


async def _add_assignee(context: Context, where: Conditions, name: str) -> None:
    if name.strip().lower() == "none":
        where.add("i.assignee_id is null")
    else:
        where.add("i.assignee_id = $?", await require_person(context, name))


def _add_due(where: Conditions, after: date | None, before: date | None) -> None:
    if after:
        where.add("i.due >= $?", after)
    if before:
        where.add("i.due <= $?", before)
