"""What a change looks like to a caller, and what may no longer be changed."""

import json
from collections.abc import Mapping

from turbo_server.kit.errors import Conflict
from turbo_server.kit.schema import Moment, Result
from turbo_server.kit.text import clip

LONG = frozenset(
    {"title", "description", "text", "context", "outcome", "reason", "impact", "handoff", "criteria", "options"}
)
INTERNAL = frozenset({"started_at", "finished_at", "decided_at", "rank"})  # they follow from other changes
# Field to (value before, value after), both in a caller's words.
Changes = dict[str, tuple[object, object]]
SHOWN = 200
GLIMPSE = 80


class Change(Result):
    """In a receipt, of a long text only that it changed: its author just wrote it."""

    field: str
    before: str | None = None
    after: str | None = None


class Happening(Result):
    """One event in an item's history. `undone_by` is the event that took it back."""

    event: int
    at: Moment
    by: str
    machine: str | None = None
    session: str | None = None
    action: str
    undoes: int | None = None
    undone_by: int | None = None
    changed: list[Change] | None = None


class ItemArchived(Conflict):
    code = "item_archived"

    def __init__(self, key: str, archived: str) -> None:
        """`archived` is the item itself, or its project."""
        place = "" if archived == key else f"{key or 'That'} belongs to it: "
        super().__init__(
            f"{archived} is archived. {place}{'nothing' if place else 'Nothing'} can be changed there.",
            f"restore_item(key={archived}) brings it back; then repeat the call.",
        )


def as_changes(changes: Mapping[str, tuple[object, object]]) -> list[Change]:
    """A rank means nothing to anybody: where nothing else changed, it is the place that did."""
    shown = [
        Change(field=name) if name in LONG else Change(field=name, before=as_word(before), after=as_word(after))
        for name, (before, after) in changes.items()
        if name not in INTERNAL
    ]
    return shown or ([Change(field="place")] if "rank" in changes else [])


def as_history(changes: Mapping[str, tuple[object, object]]) -> list[Change]:
    """For a reader who was not there: the beginning of long texts too."""
    shown = [
        Change(field=name, before=as_word(before, GLIMPSE), after=as_word(after, GLIMPSE))
        for name, (before, after) in changes.items()
        if name not in INTERNAL
    ]
    return shown or ([Change(field="place")] if "rank" in changes else [])


def as_word(value: object, limit: int = SHOWN) -> str | None:
    if value is None or value in ("", [], {}):
        return None
    return clip(_plain(value), limit)


def _plain(value: object) -> str:
    match value:
        case list():
            return ", ".join(map(_plain, value))
        case dict():
            return "; ".join(f"{name}: {_plain(part)}" for name, part in value.items())
        case str() | int() | float():
            return str(value)
        case _:
            return json.dumps(value)
