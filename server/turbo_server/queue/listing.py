"""The queue as a person sees and orders it: for programs, and above all for the web page."""

from datetime import date
from typing import Annotated, cast

from pydantic import Field

from turbo_server.issue.tools import UpdateIssue, update_issue
from turbo_server.issue.types import PRIORITIES, IssueReceipt
from turbo_server.kit.context import Context
from turbo_server.kit.errors import Conflict
from turbo_server.kit.keys import IssueKeyText, ProjectKey
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project

from .offer import queue_of
from .rank import Ranked

MOST = 100


class QueueArguments(Arguments):
    project: Annotated[ProjectKey | None, Field(description="Of one project only")] = None


class QueueEntry(Result):
    """`why` are the reasons for its place; `placed`: somebody put it there by hand."""

    key: str
    title: str
    status: str
    priority: str
    due: date | None = None
    assignee: str | None = None
    why: str
    placed: bool


class Queue(Result):
    """The caller's: his own and nobody's, as next_issue would give them one after the other."""

    items: list[QueueEntry]
    more: bool


class PlaceInQueue(Arguments):
    key: IssueKeyText
    after: Annotated[IssueKeyText | None, Field(description="Behind which issue; else it comes first")] = None
    project: Annotated[ProjectKey | None, Field(description="Of which project's queue that is said")] = None


class Placed(Result):
    """`held` are issues that had an automatic place above that spot, and now keep it by hand."""

    key: str
    place: str
    held: list[str]


class NotInQueue(Conflict):
    code = "not_in_queue"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"{key} is not in your queue any more, so nothing was moved.",
            "Somebody took it up, or changed it: look at the queue again, and move what you meant to.",
        )


@tool("Show the queue", Effect.READ)
async def show_queue(context: Context, arguments: QueueArguments) -> Queue:
    """What to take up next, best first, with the reasons: the first hundred."""
    queue = await queue_of(context, await _project(context, arguments.project))
    return Queue(items=[_entry(each) for each in queue[:MOST]], more=len(queue) > MOST)


@tool("Move an issue in the queue", Effect.UPDATE)
async def place_in_queue(context: Context, arguments: PlaceInQueue) -> Placed:
    """Puts an issue right behind another, or first. What stands above it and had an automatic place keeps that place by
    hand: else it could not stay above. All or nothing."""
    queue = await queue_of(context, await _project(context, arguments.project))
    above = _above([each for each in queue[:MOST] if each.key != arguments.key], arguments.after)
    held = [each.key for each in above if each.row["rank"] is None]
    for key in held:
        await _put(context, key, "bottom")
    receipt = await _put(context, arguments.key, f"after {above[-1].key}" if above else _first(queue, arguments))
    return Placed(key=arguments.key, place=receipt.place or "automatic", held=held)


async def _project(context: Context, key: str | None) -> int | None:
    return (await require_project(context, key))["id"] if key else None


def _above(others: list[Ranked], after: str | None) -> list[Ranked]:
    """Those above the spot, best first. Raises NotInQueue."""
    if after is None:
        return []
    for number, each in enumerate(others, 1):
        if each.key == after:
            return others[:number]
    raise NotInQueue(after)


def _first(queue: list[Ranked], arguments: PlaceInQueue) -> str:
    """In one project's queue it goes no further up among those of others than it must."""
    if arguments.project is None:
        return "top"
    placed = [each.key for each in queue if each.row["rank"] is not None and each.key != arguments.key]
    return f"before {placed[0]}" if placed else "bottom"


async def _put(context: Context, key: str, place: str) -> IssueReceipt:
    moved = await update_issue.run(context, UpdateIssue.model_validate({"key": key, "place": place}))
    return cast("IssueReceipt", moved)


def _entry(each: Ranked) -> QueueEntry:
    row = each.row
    return QueueEntry(
        key=each.key, title=clip(row["title"], 300), status=row["status"], priority=PRIORITIES[row["priority"]],
        due=row["due"], assignee=row["assignee"], why=each.why, placed=row["rank"] is not None,
    )  # fmt: skip
