"""One searchable text: an item with its title and text, a comment, or a piece of logged work."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from turbo_server.kit.kind import Found, State

from .asking import KEY, TAG, TITLE
from .near import is_correctable
from .words import Spelling, fitting, spellings, words_of

CLOSED = frozenset({"done", "cancelled", "completed", "rejected", "superseded", "closed"})


@dataclass(frozen=True, slots=True)
class Entry:
    """`state` is open, closed or archived; empty where the item's counts. `item` is (kind, id) of what a hit shows."""

    kind: str
    subject_id: int
    item: tuple[str, int]
    workspace_id: int
    project_id: int | None
    key: str | None
    title: str
    text: str
    state: str
    at: datetime

    def as_row(self) -> dict[str, Any]:
        """The columns, as JSON carries them; blanks and line ends count for one blank."""
        title, text = " ".join(self.title.split()), " ".join(self.text.split())
        in_title = [word for spelling in self._title_spellings() for word in spelling.words]
        in_text = words_of(text)
        marked = [TITLE + word for word in dict.fromkeys(in_title)]
        return {
            "workspace_id": self.workspace_id,
            "kind": self.kind,
            "subject_id": self.subject_id,
            "item_kind": self.item[0],
            "item_id": self.item[1],
            "project_id": self.project_id,
            "key": self.key,
            "title": title,
            "title_words": f" {' '.join(in_title)} ",
            "text": text,
            "state": self.state,
            "at": self.at.isoformat(timespec="microseconds"),
            "words": " ".join(fitting([*self._tags(), *marked, *in_title, *in_text])),
        }

    def correctable_words(self) -> set[str]:
        """Those of the title, and a project's key, that a mistyped word may have meant."""
        known = [*spellings(self.title), *spellings(self.key or "")]
        return {word for spelling in known if spelling.whole for word in spelling.words if is_correctable(word)}

    def _title_spellings(self) -> list[Spelling]:
        """Of the key only the whole, and marked: else every issue of TURBO would be about turbo."""
        key = [key_spelling(each) if each.pieces else each for each in spellings(self.key or "")]
        return [*key, *spellings(self.title)]

    def _tags(self) -> list[str]:
        kinds = {self.kind, self.item[0]}
        project = [] if self.project_id is None else [f"p{self.project_id}"]
        marks = [f"w{self.workspace_id}", *project, *map(kind_mark, sorted(kinds)), f"s{self.state or 'item'}"]
        return [TAG + mark for mark in marks]


def kind_mark(kind: str) -> str:
    """One word to SQLite's tokenizer too, which ends words at an underscore."""
    return f"k{kind.replace('_', '')}"


def key_spelling(spelling: Spelling) -> Spelling:
    return Spelling(spelling.surface, KEY + spelling.whole)


def item_entry(workspace_id: int, found: Found, state: State, text: str, at: datetime) -> Entry:
    """`text` is what its kind says search should know beside key and title."""
    title = str(state.get("title") or state.get("name") or found.title)
    return Entry(
        found.kind, found.id, (found.kind, found.id), workspace_id, found.project_id, found.key, title, text,
        state_group(state.get("status", found.status), is_archived=bool(state.get("archived_at", found.is_archived))),
        at,
    )  # fmt: skip


def state_group(status: object, *, is_archived: bool) -> str:
    return "archived" if is_archived or status == "archived" else "closed" if status in CLOSED else "open"


def note_entry(workspace_id: int, found: Found, kind: str, note_id: int, text: str, at: datetime) -> Entry:
    """A comment or a piece of logged work on an item."""
    item = (found.kind, found.id)
    return Entry(kind, note_id, item, workspace_id, found.project_id, None, "", text, "", at)
