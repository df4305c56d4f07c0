"""What the readers of other tools' files make of them: neutral drafts, and what did not fit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from .errors import TooManyRecords

NOTES_OF_A_RECORD = 10  # what is far more than that is no file of any tool
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
class WorkEntry:
    """An entry of a work log; of an issue, or of the draft's project."""

    text: str
    minutes: int | None = None
    at: datetime | None = None
    commit: str | None = None
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An item to be made. `fields` are arguments of the tool that creates its kind, in that tool's words.

    Other drafts are named by their origins. `started` and `closed` are replayed as moves of an issue, so that its
    dates and its history are true. `links` are (relation, kind, origin).
    `project` and `number` are for those that bring projects and keys along; without them the importer says which
    project, and the next number is taken. Neither is part of what tells whether the record has changed.
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
    initiative: Origin | None = None
    superseded_by: Origin | None = None
    links: tuple[tuple[str, str, Origin], ...] = ()
    logs: tuple[WorkEntry, ...] = ()
    project: Origin | None = field(default=None, repr=False)
    number: int | None = field(default=None, repr=False)
    is_everywhere: bool = field(default=False, repr=False)  # of the whole workspace, as a decision can be


@dataclass(frozen=True, slots=True)
class Place:
    """A project that comes along. `key` is what it should be called, which may be no key here; `next_numbers` are
    those that its items of a kind would get next."""

    origin: Origin
    key: str
    name: str
    description: str = ""
    created: datetime | None = None
    updated: datetime | None = None
    remarks: tuple[Remark, ...] = ()
    logs: tuple[WorkEntry, ...] = ()
    is_archived: bool = False
    next_numbers: Mapping[str, int] = field(default_factory=dict)


@dataclass
class Reading:
    """All that a reader found, in the order of the file. `words` counts how states and the like were understood:
    (field, their word, ours)."""

    source: str
    drafts: list[Draft] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    words: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    most: int | None = None  # of drafts with what was said and logged about them; None: as many as there are
    _parts: int = 0

    def add(self, draft: Draft) -> None:
        """Raises TooManyRecords, before many more can take the memory."""
        self._parts += 1 + len(draft.remarks) + len(draft.logs)
        self._require_room(self._parts)
        self.drafts.append(draft)

    def note(self, origin: Origin, field_name: str, why: str) -> None:
        self._require_room(len(self.notes) // NOTES_OF_A_RECORD)
        self.notes.append(Note(origin, field_name, why))

    def _require_room(self, number: int) -> None:
        if self.most is not None and number > self.most:
            raise TooManyRecords(self.most)
