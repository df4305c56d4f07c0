"""What the readers of other tools' files make of them: neutral drafts, and what did not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

# A draft's name in its own tool: unique among the drafts of its kind.
Origin = str


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was not taken, or not as it was. Notes of the same field and reason are told together."""

    origin: Origin
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as it stood in the other tool."""

    text: str
    author: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An item to be made. `fields` are arguments of the tool that creates its kind, in that tool's words.

    Other drafts are named by their origins. `started` and `closed` are replayed as moves of an issue, so that its
    dates and its history are true.
    """

    kind: str
    origin: Origin
    fields: Mapping[str, object]
    author: str | None = None
    created: datetime | None = None
    updated: datetime | None = None
    started: datetime | None = None
    closed: datetime | None = None
    address: str | None = None
    parent: Origin | None = None
    milestone: Origin | None = None
    blocked_by: tuple[Origin, ...] = ()
    relations: tuple[tuple[str, Origin], ...] = ()
    remarks: tuple[Remark, ...] = ()
    is_archived: bool = False


@dataclass
class Reading:
    """All that a reader found, in the order of the file."""

    source: str
    drafts: list[Draft] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def note(self, origin: Origin, field_name: str, why: str) -> None:
        self.notes.append(Note(origin, field_name, why))
