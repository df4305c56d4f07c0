"""What all kinds of items have in common: how one is named, found, shown, changed and listed.

The verbs that take any key (get_item, add_comment, link_items, archive_item, undo, search, ...) know items only through
this; each entity offers its Kind in its `kind.py`, and the catalogue lists them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .schema import Result

if TYPE_CHECKING:
    from .context import Context

# Field to value, in the words in which a caller writes them: names, keys, ISO days. JSON values only.
State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """An item, as far as every verb needs it."""

    kind: str
    id: int
    key: str
    title: str
    status: str | None
    project_id: int | None
    is_archived: bool


@dataclass(frozen=True, slots=True)
class View:
    """How much of an item is asked for."""

    include: frozenset[str] = frozenset()
    offset: int = 0
    section: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Description:
    """The item's fields, and its long text, which may have to be cut; None where nobody asked for it.

    `text_field` is where the text stands, `reading` what get_item must be given again to go on with it, `room` how many
    characters of it are wanted at most.
    """

    fields: Result
    text: str | None
    text_field: str = "description"
    reading: str = ""
    room: int | None = None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What list_items was asked for, of one kind."""

    project_id: int | None
    status: tuple[str, ...]
    text: str | None
    path: str | None
    limit: int
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Page:
    items: list[dict[str, Any]]
    total: int
    next_cursor: str | None


# How list_items gets a page of what it lists.
Pager = Callable[["Context", PageRequest], Awaitable[Page]]


@dataclass(frozen=True)
class Kind:
    """`is_key` judges a key in capitals; `find` raises a NotFound that names the nearest keys.

    `state` locks the item and reads it; `write` takes any part of a state and makes it so; `search_text` is
    what search finds it by, beside key and title. `dependants` are the keys of what is in it or waits for it, a few
    of them: it cannot be taken back from under these.
    `around` are fields that others know of an item, and that get_item shows with it.
    `parts` are those of a View that not every kind has. `states` reads what search needs of many items
    at once, without locks: only a kind of which there may be very many has to offer it.
    """

    name: str
    is_key: Callable[[str], bool]
    find: Callable[[Context, str], Awaitable[Found]]
    find_by_id: Callable[[Context, list[int]], Awaitable[list[Found]]]
    describe: Callable[[Context, Found, View], Awaitable[Description]]
    state: Callable[[Context, int], Awaitable[State]]
    write: Callable[[Context, Found, State], Awaitable[None]]
    search_text: Callable[[State], str]
    page: Pager | None = None
    parts: frozenset[str] = frozenset()
    dependants: Callable[[Context, int], Awaitable[list[str]]] | None = None
    states: Callable[[Context, list[int]], Awaitable[dict[int, State]]] | None = None
    around: Callable[[Context, Found], Awaitable[dict[str, Result]]] | None = None
