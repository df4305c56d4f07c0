"""The one way in which anything happens to an item: the change and its event, in one transaction."""

import json
from collections.abc import Awaitable, Callable

from turbo_server.kit.context import Context
from turbo_server.kit.kind import Found, State
from turbo_server.search.indexing import index_change, index_item, index_note

from . import store

# Field to (value before, value after), both in a caller's words.
Changes = dict[str, tuple[object, object]]


async def record(
    context: Context, subject: Found, action: str, changes: Changes | None = None, *, undoes: int | None = None
) -> int:
    """Writes down what was just done, and returns the event's id."""
    place = (subject.kind, subject.id, subject.key, subject.project_id)
    text = json.dumps(changes, ensure_ascii=False, separators=(",", ":")) if changes else None
    await index_note(context, subject, action, changes or {})
    return await store.insert(context.db, context.actor, action, place, text, undoes, context.now)


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
) -> Changes:
    """Changes an item to what `wanted` makes of its state, and returns what that changed: nothing is no event."""
    kind = context.kinds[subject.kind]
    before = await kind.state(context, subject.id)
    after = await wanted(before)
    changes = {name: (old, after[name]) for name, old in before.items() if name in after and after[name] != old}
    if changes:
        await kind.write(context, subject, {name: new for name, (_, new) in changes.items()})
        await index_change(context, subject, before, after)
        await record(context, subject, action, changes, undoes=undoes)
    return changes
