"""How another part of the server follows what happens, and tells it: of the feed's own order and words."""

from dataclasses import dataclass

from turbo_server.kit.context import Context
from turbo_server.kit.sql import Conditions

from . import read_store
from .feed import BEGINNING, EventShown, as_shown, place_of
from .past import told

Place = read_store.Place


@dataclass(frozen=True, slots=True)
class Wanted:
    """Each of them: no list is no condition."""

    kinds: list[str] | None = None
    actions: list[str] | None = None
    projects: list[int] | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """The ids of the wanted events, in order. `end` is where the next stretch begins; `more`: it is there already.
    `unsettled`: something that has happened may be read only a moment later."""

    ids: list[int]
    end: Place
    more: bool
    unsettled: bool


async def latest_place(context: Context) -> Place:
    """Beyond it lies what is still to happen."""
    row = await read_store.latest(context.db, context.actor.workspace_id)
    return place_of(row) if row else BEGINNING


async def events_beyond(context: Context, after: Place, wanted: Wanted, limit: int) -> Stretch:
    """Of what the actor sees."""
    db, workspace = context.db, context.actor.workspace_id
    # Before the events, as in the feed: what comes in between then lies beyond both.
    unsettled = await read_store.has_unsettled(db, workspace)
    latest = await latest_place(context)
    rows = await read_store.places(db, _conditions(workspace, wanted), after, limit)
    last = place_of(rows[-1]) if rows else after
    more = len(rows) == limit
    return Stretch([row["id"] for row in rows], last if more else max(last, latest, after), more, unsettled)


async def in_this_database(context: Context, place: Place) -> Place:
    """After a move to another Postgres, where transactions are numbered anew: what was there before has number 0."""
    return (0, place[1]) if place[0] >= await read_store.next_tx(context.db) else place


async def event_told(context: Context, event_id: int) -> EventShown | None:
    """None for one that the actor does not see, or not any more."""
    row = await read_store.one(context.db, context.actor.workspace_id, event_id)
    changes = await told(context, [row]) if row else {}
    return as_shown(row, changes[event_id]) if row and event_id in changes else None


def _conditions(workspace_id: int, wanted: Wanted) -> Conditions:
    where = Conditions(workspace_id)
    where.add("e.workspace_id = $1")
    columns = {"e.subject_kind": wanted.kinds, "e.action": wanted.actions, "e.project_id": wanted.projects}
    for column, values in columns.items():
        if values is not None:
            where.add(f"{column} {{among}} $? {{end_among}}", values)
    return where
