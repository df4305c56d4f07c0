"""The one way in which anything happens to an item: the change and its event, in one transaction."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from turbo_server.kit.context import Context
from turbo_server.kit.kind import Found, State
from turbo_server.search.indexing import index_change, index_item, index_moved, index_note

from . import store
from .conflict import version_conflict
from .types import Changes, ItemArchived

# All else that would change an archived item, or anything in an archived project, is refused: nobody would see it.
ON_ARCHIVED = frozenset({"archived", "restored", "undone"})
CREATIONS = frozenset({"created", "commented", "logged"})  # what a key may do so many of in an hour


@dataclass(frozen=True, slots=True)
class Revision:
    """What a call changed of an item, and the version at which the item is now."""

    changes: Changes
    version: int


async def record(
    context: Context, subject: Found, action: str, changes: Changes | None = None, *, undoes: int | None = None
) -> int:
    """Writes down what was just done, and returns the event's id. Raises ItemArchived and TooManyCreations."""
    if action in CREATIONS:
        context.creations.add()
    if subject.is_archived and action not in ON_ARCHIVED:
        raise ItemArchived(subject.key, subject.key)
    place = (subject.kind, subject.id, subject.key, subject.project_id)
    text = json.dumps(changes, ensure_ascii=False, separators=(",", ":")) if changes else None
    anywhere = action in ON_ARCHIVED
    await index_note(context, subject, action, changes or {})
    event = await store.insert(context.db, context.actor, action, place, text, undoes, context.now, anywhere=anywhere)
    if event is None:
        (project,) = await context.kinds["project"].find_by_id(context, [subject.project_id or 0])
        raise ItemArchived(project.key if action == "created" else subject.key, project.key)
    return event


async def subjects_of_session(context: Context, kind: str, action: str) -> list[int]:
    """The ids of the items that the calling session did this to, the latest first, fifty at most."""
    session = context.actor.session
    return await store.subjects(context.db, context.actor.workspace_id, session, kind, action) if session else []


async def record_creation(context: Context, subject: Found, state: State) -> int:
    """`state` is what the item begins with; fields without a value are left out."""
    await index_item(context, subject, state)
    return await record(context, subject, "created", {name: (None, value) for name, value in state.items() if value})


async def revise(
    context: Context,
    subject: Found,
    wanted: Callable[[State], Awaitable[State]],
    action: str = "updated",
    *,
    undoes: int | None = None,
    seen: int | None = None,
) -> Revision:
    """Changes an item to what `wanted` makes of its state, and returns what that changed: nothing is no event.

    `seen` is the version that the caller has read, where that was said. Raises VersionConflict and ItemArchived.
    """
    kind = context.kinds[subject.kind]
    before = await kind.state(context, subject.id)
    if seen is not None and seen != before["version"]:
        raise await version_conflict(context, subject, before, seen)
    if before["archived_at"] and action not in ON_ARCHIVED:
        raise ItemArchived(subject.key, subject.key)
    after = await wanted(before)
    changes = {name: (old, after[name]) for name, old in before.items() if name in after and after[name] != old}
    if changes:
        await kind.write(context, subject, {name: new for name, (_, new) in changes.items()})
        await index_change(context, subject, before, after)
        await record(context, subject, action, changes, undoes=undoes)
        if "project" in changes:
            await _follow(context, subject, {**before, **after})
    return Revision(changes, before["version"] + bool(changes))


async def _follow(context: Context, subject: Found, state: State) -> None:
    """What happened to an item, and what search knows of it, is seen by those who see the project it is in now."""
    (moved,) = await context.kinds[subject.kind].find_by_id(context, [subject.id])
    await store.move(context.db, context.actor.workspace_id, (moved.kind, moved.id), moved.project_id)
    await index_moved(context, moved, state)
