"""What an issue looks like to a caller, the names of its states, and what can go wrong with one."""

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field, Json

from turbo_server.kit.database import Row
from turbo_server.kit.errors import Conflict, NotFound
from turbo_server.kit.fields import Day, Line, SomeText, Text, Word, Words
from turbo_server.kit.keys import IssueKeyText
from turbo_server.kit.schema import Listing, Moment, Result
from turbo_server.kit.text import clip_bytes

TypeName = Literal["task", "bug", "feature", "discovery"]
StatusName = Literal["backlog", "ready", "in_progress", "blocked", "in_review", "done", "cancelled"]
PriorityName = Literal["urgent", "high", "medium", "low", "none"]
SortName = Literal["updated", "created", "priority", "due", "key"]

PRIORITIES: tuple[PriorityName, ...] = get_args(PriorityName)  # stored as the position, so that it sorts
CLOSED: frozenset[str] = frozenset({"done", "cancelled"})
OPEN = tuple(name for name in get_args(StatusName) if name not in CLOSED)

IssueType = Annotated[TypeName, Word]
Status = Annotated[StatusName, Word]
Priority = Annotated[PriorityName, Word]
Statuses = Annotated[list[Annotated[Literal[StatusName, "open", "closed"], Word]], Words]
Types = Annotated[list[IssueType], Words]
Priorities = Annotated[list[Priority], Words]
Labels = Annotated[
    list[Annotated[Line, Field(max_length=50)]], Words, Field(max_length=20, description="All of its labels")
]
BlockedBy = Annotated[
    list[IssueKeyText], Words, Field(max_length=50, description="Keys of the issues that must be done first")
]
Title = Annotated[Line, Field(description="One line, at most 300 characters")]
Description = Annotated[Text, Field(description="Markdown, kept byte for byte")]
Assignee = Annotated[Line, Field(description="A person's name, me, or none")]
Due = Annotated[Day, Field(description="2026-12-31, today, tomorrow, friday, +3d, +2w, or none")]
Note = Annotated[SomeText, Field(description="Why; kept as a comment")]


class IssueRow(Result):
    """One line of a list: at most 350 bytes, so long texts are cut here and whole in get_item."""

    key: str
    title: str
    type: str
    status: str
    priority: str
    assignee: str | None = None
    due: date | None = None
    labels: list[str] | None = None
    blocked: bool | None = None
    updated_at: Moment


class IssueList(Listing):
    items: list[IssueRow]
    total_is_capped: bool | None = None


class Change(Result):
    field: str
    before: str | None = None
    after: str | None = None


class IssueReceipt(Result):
    """What a write answers: the key, and what it did."""

    key: str
    title: str
    status: str
    created: bool | None = None
    changed: list[Change] | None = None
    note: str | None = None
    url: str | None = None


class IssueNotFound(NotFound):
    code = "issue_not_found"

    def __init__(self, key: str, last: int, near: list[str]) -> None:
        project = key.partition("-")[0]
        numbered = f"{project} goes up to {project}-{last}." if last else f"{project} has no issues yet."
        nearest = f" Nearest: {', '.join(near)}." if near else ""
        super().__init__(f"There is no issue {key}.", f"{numbered}{nearest} list_issues finds issues by text.")


class DependencyCycle(Conflict):
    code = "dependency_cycle"

    def __init__(self, path: list[str]) -> None:
        super().__init__(
            f"That would close a circle: {' waits for '.join(path)}.", "Leave one of these out of blocked_by."
        )


class ParentCycle(Conflict):
    code = "parent_cycle"

    def __init__(self, key: str, parent: str) -> None:
        super().__init__(f"{parent} lies below {key}, or is it: it cannot be its parent.", "Choose another parent.")


class LabelNames(Result):
    """Reads the JSON text in which both databases answer a list."""

    names: Json[list[str]]


def key_of(row: Row) -> str:
    return f"{row['project_key']}-{row['number']}"


def issue_row(row: Row) -> IssueRow:
    """From a row of store.page."""
    return IssueRow(
        key=key_of(row),
        title=clip_bytes(row["title"], 84),
        type=row["type"],
        status=row["status"],
        priority=PRIORITIES[row["priority"]],
        assignee=clip_bytes(row["assignee"], 24) if row["assignee"] else None,
        due=row["due"],
        labels=_fitting(label_names(row), 40),
        blocked=bool(row["waits"]) or row["status"] == "blocked" or None,
        updated_at=row["updated_at"],
    )


def label_names(row: Row) -> list[str]:
    return LabelNames(names=row["labels"]).names if row["labels"] not in (None, "[]") else []


def _fitting(names: list[str], limit: int) -> list[str] | None:
    """As many labels as have room; `…` stands for the rest."""
    shown: list[str] = []
    for name in names:
        limit -= len(name.encode()) + 3
        if limit < 6:
            return [*shown, "…"]
        shown.append(name)
    return shown or None
