"""GET /v1/events: everything that happens, in an order in which a reader never misses anything."""

from typing import Annotated, Any

from pydantic import Field

from turbo_server.account.tools import require_person
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.errors import InvalidArguments, InvalidCursor, TurboError, closest
from turbo_server.kit.fields import LARGEST_ID, Limit, Line, Word
from turbo_server.kit.keys import ItemKeyText, ProjectKey
from turbo_server.kit.paging import Position, fingerprint, read_cursor, write_cursor
from turbo_server.kit.schema import Arguments, Moment, Result
from turbo_server.kit.sql import Conditions
from turbo_server.kit.tool import Effect, Endpoint, tool
from turbo_server.project.tools import require_project

from . import read_store
from .past import told
from .types import Changes

BEGINNING = (0, 0)  # as a cursor has it
FIRST = (-LARGEST_ID, 0)  # before the events that were moved here, whose transactions count up to below 0
LATEST = "latest"
RECENT = "recent"
PAGE_CHARACTERS = 1_000_000  # of changes: each may hold two texts of 256 KiB
NO_ITEM = "work_log"  # the kind of what was logged for no item


class EventFilters(Arguments):
    """They combine."""

    project: ProjectKey | None = None
    key: Annotated[ItemKeyText | None, Field(description="What happened to this item itself")] = None
    kind: Annotated[Line | None, Word, Field(description="issue, project, ...")] = None
    person: Annotated[Line | None, Field(description="A name, or me")] = None
    machine: Line | None = None
    session: Line | None = None


class ReadEvents(EventFilters):
    after: Annotated[
        Line | None, Field(description="next_cursor of the answer before, latest, or recent: the last 200; else all")
    ] = None
    limit: Limit = 100


class FieldChange(Result):
    """Whole values, in the words in which tools take them."""

    field: str
    before: Any = None
    after: Any = None


class EventShown(Result):
    """`key` is left out for what happened to no item."""

    id: int
    at: Moment
    action: str
    kind: str
    key: str | None = None
    project: str | None = None
    person: str
    machine: str | None = None
    session: str | None = None
    undoes: int | None = None
    changes: list[FieldChange] | None = None


class EventPage(Result):
    """`next_cursor` is always there: asked with it later, the answer is what happened in between."""

    items: list[EventShown]
    next_cursor: str
    more: bool


class EventsMoved(TurboError):
    status = 410
    code = "events_moved"

    def __init__(self) -> None:
        super().__init__(
            "The event that this cursor stands at is not in this database: it was moved, or restored from a backup.",
            "Read anew without `after` and pass over what you have, or go on from after=latest.",
        )


@tool("Read events", Effect.READ)
async def read_events(context: Context, arguments: ReadEvents) -> EventPage:
    """What happened, oldest first, from the cursor on. No event is ever skipped, however many write at the same time:
    one that might still get a predecessor is held back until that is settled."""
    db, workspace = context.db, context.actor.workspace_id
    where = await _conditions(context, arguments)
    await _settle_after_move(context)
    # Before the page is read: what comes in between then lies beyond both, never between the two.
    latest = await read_store.latest(db, workspace)
    end = place_of(latest) if latest else FIRST
    if arguments.after == LATEST:
        return EventPage(items=[], next_cursor=_cursor(context, latest), more=False)
    after = await _start(context, arguments.after)
    rows = await read_store.feed(db, where, after, arguments.limit + 1)
    shown = _fitting(rows[: arguments.limit])
    more = len(shown) < len(rows)
    last = shown[-1] if shown else None
    if not more and end >= max(after, place_of(last) if last else FIRST):
        last = latest
    cursor = arguments.after if arguments.after and arguments.after != RECENT and not last else _cursor(context, last)
    changes = await told(context, shown)
    items = [as_shown(row, changes[row["id"]]) for row in shown if row["id"] in changes]
    return EventPage(items=items, next_cursor=cursor, more=more)


ENDPOINT = Endpoint(
    "GET", "/v1/events", read_events, {"410": "The event that the cursor stands at is not in this database"}
)


async def _start(context: Context, after: str | None) -> read_store.Place:
    if after == RECENT:
        row = await read_store.recent(context.db, context.actor.workspace_id)
        return place_of(row) if row else FIRST
    return await _checked(context, after) if after else FIRST


async def _conditions(context: Context, arguments: ReadEvents) -> Conditions:
    where = Conditions(context.actor.workspace_id)
    where.add("e.workspace_id = $1")
    for column, value in (await wanted(context, arguments)).items():
        where.add(f"e.{column} = $?", value)
    return where


async def wanted(context: Context, arguments: EventFilters) -> dict[str, object]:
    """Column to the value that it must have. Raises NotFound and InvalidArguments."""
    columns: dict[str, object] = {}
    if arguments.project:
        columns["project_id"] = (await require_project(context, arguments.project))["id"]
    if arguments.kind:
        columns["subject_kind"] = known_kind(context, arguments.kind)
    if arguments.person:
        columns["author_id"] = await require_person(context, arguments.person)
    for name in ("machine", "session"):
        if value := getattr(arguments, name):
            columns[name] = value
    if arguments.key:
        found = await context.find(arguments.key)
        if columns.setdefault("subject_kind", found.kind) != found.kind:
            columns["subject_kind"] = ""  # an item of another kind than was asked for: there is none
        columns["subject_id"] = found.id
    return columns


def known_kind(context: Context, name: str) -> str:
    """Raises InvalidArguments."""
    kinds = [*context.kinds, NO_ITEM]
    if name not in kinds:
        hint = f"{closest(name, kinds)} Kinds: {', '.join(kinds)}.".strip()
        raise InvalidArguments("`kind` is not a kind of item.", hint)
    return name


async def _settle_after_move(context: Context) -> None:
    """In a database that was copied to another Postgres its transaction numbers begin anew, and events with numbers
    that are still to come would be held back: they are what an import's are, before all new ones."""
    if await read_store.has_foreign(context.db, context.actor.workspace_id):
        await read_store.forget_transactions(context.db, context.actor.workspace_id)


def _of(context: Context) -> str:
    return fingerprint("events", context.actor.workspace_id)


def _cursor(context: Context, row: Row | None) -> str:
    """Carries all that tells the event from any other: its place alone may mean another one in another database."""
    place = (*place_of(row), str(as_iso(row["created_at"]))) if row else (*BEGINNING, "")
    return write_cursor(Position(0, place), _of(context))


async def _checked(context: Context, cursor: str) -> read_store.Place:
    """Where it stands in this database. An event that a copy or a restore has brought here keeps its number and its
    moment, and its place among the others, but not its transaction. Raises InvalidCursor or EventsMoved."""
    tx, event, moment = read_cursor(cursor, _of(context), (int, int, str)).values
    place = (int(tx), int(event))
    if place == BEGINNING:
        return FIRST
    if not (-LARGEST_ID <= place[0] <= LARGEST_ID and 0 < place[1] <= LARGEST_ID):
        raise InvalidCursor
    row = await read_store.at(context.db, context.actor.workspace_id, place[1])
    if row is None or as_iso(row["created_at"]) != moment or not (row["tx"] < 0 or place_of(row) == place):
        raise EventsMoved
    return place_of(row)


def place_of(row: Row) -> read_store.Place:
    return row["tx"], row["id"]


def _fitting(rows: list[Row]) -> list[Row]:
    """As many as have room in a page, and one at least."""
    room = PAGE_CHARACTERS
    for count, row in enumerate(rows):
        room -= len(row["changes"] or "")
        if room < 0 and count:
            return rows[:count]
    return rows


def as_shown(row: Row, changes: Changes) -> EventShown:
    return EventShown(
        id=row["id"],
        at=row["created_at"],
        action=row["action"],
        kind=row["subject_kind"],
        key=row["key"] or None,
        project=row["project_key"],
        person=row["author"],
        machine=row["machine"],
        session=row["session"],
        undoes=row["undoes_id"],
        changes=[FieldChange(field=name, before=before, after=after) for name, (before, after) in changes.items()]
        or None,
    )
