"""What has happened, for the verbs that show it and take it back."""

import json
from dataclasses import dataclass
from datetime import datetime

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.kind import Found

from . import read_store
from .types import Changes, Happening, as_history
from .unseen import unseen_by


@dataclass(frozen=True, slots=True)
class Event:
    """`key` is empty for what happened to no item."""

    id: int
    action: str
    kind: str
    subject_id: int
    key: str
    project_id: int | None
    person_id: int
    person: str
    machine: str | None
    session: str | None
    at: datetime
    undoes: int | None
    undone_by: int | None
    undone_by_name: str | None
    changes: Changes

    @property
    def subject(self) -> tuple[str, int]:
        return self.kind, self.subject_id

    @property
    def writer(self) -> tuple[int, str | None]:
        """Two agents of one person are two writers."""
        return self.person_id, self.session

    def said(self) -> str:
        """Who and when, for a sentence."""
        session = f", session {self.session}" if self.session else ""
        machine = f" on {self.machine}" if self.machine else ""
        return f"{self.person}{machine}{session}, {self.at:%Y-%m-%d %H:%M} UTC"


async def latest_events(context: Context, found: Found, limit: int) -> list[Happening]:
    """Newest first."""
    rows = await read_store.history(context.db, context.actor.workspace_id, (found.kind, found.id), limit)
    seen = await told(context, rows)
    return [
        Happening(
            event=row["id"],
            at=row["created_at"],
            by=row["author"],
            machine=row["machine"],
            session=row["session"],
            action=row["action"],
            undoes=row["undoes_id"],
            undone_by=row["undone_by"],
            changed=as_history(seen[row["id"]]) or None,
        )
        for row in rows
        if row["id"] in seen
    ]


async def event_of(context: Context, event_id: int) -> Event | None:
    row = await read_store.one(context.db, context.actor.workspace_id, event_id)
    events = await _events(context, [row] if row else [])
    return events[0] if events else None


async def events_of_session(context: Context, session: str, limit: int) -> list[Event]:
    """Newest first."""
    return await _events(context, await read_store.of_session(context.db, context.actor.workspace_id, session, limit))


async def sessions_like(context: Context, beginning: str) -> list[str]:
    """The first two, or fewer, that begin so."""
    return await read_store.sessions_like(context.db, context.actor.workspace_id, beginning)


async def later_events(context: Context, kind: str, ids: list[int], after: int) -> list[Event]:
    """What happened to these items after that event, newest first; without the changes themselves."""
    return await _events(context, await read_store.later(context.db, context.actor.workspace_id, kind, ids, after))


async def last_change(context: Context, event: Event, name: str, about: object = None) -> Event | None:
    """The latest event after that one which changed that field of its item, from or to that value if one is given."""
    rows = await read_store.changed_later(context.db, context.actor.workspace_id, event.subject, name, event.id)
    for later in await _events(context, rows):
        if name in later.changes and (about is None or about in later.changes[name]):
            return later
    return None


async def told(context: Context, rows: list[Row]) -> dict[int, Changes]:
    """Event to its changes, without what the caller does not see; an event of nothing else is none to him."""
    unseen = await unseen_by(context)
    changes = {row["id"]: (had := changes_of(row), unseen.left_of(had)) for row in rows}
    return {event: left for event, (had, left) in changes.items() if left or not had}


async def _events(context: Context, rows: list[Row]) -> list[Event]:
    seen = await told(context, rows)
    return [_event(row, seen[row["id"]]) for row in rows if row["id"] in seen]


def changes_of(row: Row) -> Changes:
    if not row["changes"]:
        return {}
    return {name: (before, after) for name, (before, after) in json.loads(row["changes"]).items()}


def in_effect(events: list[Event]) -> list[Event]:
    """Those of the events that must be reversed to take back all of them: what is undone among them is left out.

    An event and those that undo, redo and undo it again are a chain, each link undone by the next; its last one alone
    can be reversed, and need be only where the chain does not cancel itself out.
    """
    by_id = {event.id: event for event in events}
    return [event for event in events if event.undone_by is None and _links(event, by_id) % 2]


def _links(last: Event, by_id: dict[int, Event]) -> int:
    count, event = 1, last
    while event.undoes in by_id:
        count, event = count + 1, by_id[event.undoes]
    return count


def _event(row: Row, changes: Changes) -> Event:
    return Event(
        id=row["id"],
        action=row["action"],
        kind=row["subject_kind"],
        subject_id=row["subject_id"],
        key=row["key"],
        project_id=row["project_id"],
        person_id=row["author_id"],
        person=row["author"],
        machine=row["machine"],
        session=row["session"],
        at=as_moment(row["created_at"]),
        undoes=row["undoes_id"],
        undone_by=row["undone_by"],
        undone_by_name=row["undone_by_name"],
        changes=changes,
    )
