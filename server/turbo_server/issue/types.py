"""What an issue looks like to a caller, the names of its states, and what can go wrong with one."""

import re
from typing import Annotated, Any, Literal, NotRequired, Self, get_args

from pydantic import BeforeValidator, Field, SkipValidation, model_validator
from pydantic_core import PydanticCustomError, from_json, to_json
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from turbo_server.activity.types import Change
from turbo_server.kit.database import Row
from turbo_server.kit.errors import Conflict, NotFound, nearest
from turbo_server.kit.fields import Day, Line, Meant, Object, SomeText, Text, Word, Words
from turbo_server.kit.json_text import read_json
from turbo_server.kit.keys import IssueKeyText, OptionalInitiativeKey, OptionalIssueKey, OptionalMilestoneKey
from turbo_server.kit.schema import Arguments, Listing, Result, to_seconds
from turbo_server.kit.text import clip_bytes

TypeName = Literal["task", "bug", "feature", "discovery"]
StatusName = Literal["backlog", "ready", "in_progress", "blocked", "in_review", "done", "cancelled"]
PriorityName = Literal["urgent", "high", "medium", "low", "none"]
_BOX = re.compile(r"\s*(?:[-*]\s+)?\[([ xX])\]")
SortName = Literal["updated", "created", "priority", "due", "key"]


def _lines(value: Any) -> Any:
    """A text is read as a JSON list, or as one criterion a line: criteria have commas in them."""
    if not isinstance(value, str):
        return value
    if value.strip().startswith("[") and not _BOX.match(value):
        try:
            return read_json(value)
        except ValueError as error:
            raise PydanticCustomError("list_type", "must be a list of texts") from error
    return [line for line in value.splitlines() if line.strip()]


def as_criterion(value: Any) -> Any:
    """`[ ] text` or `[x] text`, also where the box was left out or written otherwise."""
    if not isinstance(value, str):
        return value
    box = _BOX.match(value)
    text = value[box.end() :].strip() if box else value.strip()
    return f"[{'x' if box and box[1] in 'xX' else ' '}] {text}" if text else text


PRIORITIES: tuple[PriorityName, ...] = get_args(PriorityName)  # stored as the position, so that it sorts
LABELS_ROOM = 40  # bytes of a list row
CLOSED: frozenset[str] = frozenset({"done", "cancelled"})
OPEN = tuple(name for name in get_args(StatusName) if name not in CLOSED)

IssueType = Annotated[
    TypeName,
    Meant(
        get_args(TypeName), story="feature", epic="feature", enhancement="feature", defect="bug", chore="task",
        spike="discovery", research="discovery", question="discovery",
    ),
    Word,
]  # fmt: skip
Status = Annotated[
    StatusName,
    Meant(
        get_args(StatusName), closed="done", resolved="done", fixed="done", completed="done", complete="done",
        finished="done", todo="backlog", to_do="backlog", new="backlog", open="backlog", doing="in_progress",
        started="in_progress", wip="in_progress", review="in_review", canceled="cancelled", wontfix="cancelled",
        waiting="blocked",
    ),
    Word,
]  # fmt: skip
Priority = Annotated[
    PriorityName,
    Meant(get_args(PriorityName), critical="urgent", highest="urgent", normal="medium", minor="low", lowest="low"),
    Word,
]
Statuses = Annotated[list[Annotated[Literal[StatusName, "open", "closed", "archived"], Word]], Words]
Types = Annotated[list[IssueType], Words]
Priorities = Annotated[list[Priority], Words]
Labels = Annotated[
    list[Annotated[Line, Field(max_length=50)]], Words, Field(max_length=20, description="All of its labels")
]
MOST_BLOCKERS = 50
BlockedBy = Annotated[
    list[IssueKeyText], Words, Field(max_length=MOST_BLOCKERS, description="Issues that must be done first")
]
Title = Line
Description = Annotated[Text, Field(description="Markdown")]
Assignee = Annotated[Line, Field(description="A person's name, me, or none")]
Due = Annotated[Day, Field(description="2026-12-31, friday, +3d, or none")]
Note = Annotated[SomeText, Field(description="Why; kept as a comment")]
Parent = Annotated[OptionalIssueKey, Field(description="Issue this is a part of, or none")]
Initiative = Annotated[OptionalInitiativeKey, Field(description="Such as TURBO-I2, or none")]
Milestone = Annotated[OptionalMilestoneKey, Field(description="Such as TURBO-M3, or none")]
Criterion = Annotated[Line, BeforeValidator(as_criterion)]
Criteria = Annotated[
    list[Criterion],
    BeforeValidator(_lines),
    Field(max_length=50, description="Acceptance criteria, all of them; `[x] text` is met"),
]
HANDOFF_LIMIT = 1_500


class Handoff(Arguments):
    """What the next session must know first."""

    state: Text | None = None
    last_finding: Text | None = None
    next_step: Text | None = None
    open_question: Text | None = None

    @model_validator(mode="after")
    def keep_short(self) -> Self:
        """Raises for a note that nobody would read to its end."""
        length = sum(map(len, self.as_state().values()))
        if length > HANDOFF_LIMIT:
            raise PydanticCustomError("long", f"has {length} characters of at most {HANDOFF_LIMIT:,}: shorten it")
        return self

    def as_state(self) -> dict[str, str]:
        """What has something in it: an empty text clears as nothing does."""
        return {name: text for name, text in self.model_dump(exclude_none=True).items() if text.strip()}


HandoffNote = Annotated[
    Handoff,
    Object("state"),
    Field(description=f"For the next session: at most {HANDOFF_LIMIT:,} characters in all; replaces the last"),
]


class IssueRow(TypedDict):
    """One line of a list: at most 350 bytes, so long texts are cut here and whole in get_item.

    A dictionary and no model: a page has up to a hundred of them, and they go straight into JSON.
    """

    key: str
    title: str
    type: str
    status: str
    priority: str
    assignee: NotRequired[str]
    due: NotRequired[str]
    labels: NotRequired[list[str]]
    blocked: NotRequired[bool]
    updated_at: str


class IssueList(Listing):
    items: SkipValidation[list[IssueRow]]
    total_is_capped: bool | None = None
    archived: str | None = None

    def as_json(self) -> bytes:
        said = {"total_is_capped": self.total_is_capped, "archived": self.archived}
        given = {name: value for name, value in said.items() if value}
        return to_json({"items": self.items, "total": self.total, **given, "next_cursor": self.next_cursor})


class IssueReceipt(Result):
    """What a write answers: the key, and what it did."""

    key: str
    title: str
    status: str
    version: int
    created: bool | None = None
    changed: list[Change] | None = None
    note: str | None = None
    place: str | None = None
    possible_duplicate_of: str | None = None
    warning: str | None = None
    url: str | None = None


class IssueNotFound(NotFound):
    code = "issue_not_found"

    def __init__(self, key: str, last: int, near: list[str]) -> None:
        project = key.partition("-")[0]
        numbered = f"{project} goes up to {project}-{last}." if last else f"{project} has no issues yet."
        hint = " ".join(part for part in (numbered, nearest(near), "list_issues finds issues by text.") if part)
        super().__init__(f"There is no issue {key}.", hint)


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


class MilestoneElsewhere(Conflict):
    code = "milestone_elsewhere"

    def __init__(self, milestone: str, project: str) -> None:
        super().__init__(
            f"{milestone} is no milestone of {project}, and an issue goes by its own project's milestones.",
            f"list_items(kind=milestone, project={project}) shows them; an initiative may span projects.",
        )


def key_of(row: Row) -> str:
    return f"{row['project_key']}-{row['number']}"


def issue_row(row: Row) -> IssueRow:
    """From a row of list_store.page."""
    shown: IssueRow = {
        "key": key_of(row),
        "title": clip_bytes(row["title"], 84),
        "type": row["type"],
        "status": row["status"],
        "priority": PRIORITIES[row["priority"]],
        "updated_at": to_seconds(row["updated_at"]),
    }
    if row["assignee"]:
        shown["assignee"] = clip_bytes(row["assignee"], 24)
    if row["due"]:
        shown["due"] = str(row["due"])
    labels = row["labels"]
    if labels and labels != "[]":
        names = from_json(labels)
        shown["labels"] = names if len(labels) <= LABELS_ROOM and labels.isascii() else _fitting(names, LABELS_ROOM)
    if row["waits"] or row["status"] == "blocked":
        shown["blocked"] = True
    return shown


def _fitting(names: list[str], limit: int) -> list[str]:
    """As many labels as have room; `…` stands for the rest."""
    shown: list[str] = []
    for name in names:
        limit -= len(name.encode()) + 3
        if limit < 6:
            return [*shown, "…"]
        shown.append(name)
    return shown
