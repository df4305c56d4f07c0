"""Keeps the entries true: called by activity.record for whatever happens to any item, in the same transaction."""

from turbo_server.kit.context import Context
from turbo_server.kit.decode import as_moment
from turbo_server.kit.kind import Found, State

from . import source_store, store
from .entry import Entry, item_entry, note_entry
from .near import traces

NOTES = {"commented": "comment", "logged": "work_log"}  # action to kind of entry, and the change that holds its id


async def index_item(context: Context, found: Found, state: State) -> None:
    """Of an item that is new, or was found changed; `state` is the whole of it."""
    await write(context, [_entry(context, found, state)])


async def index_change(context: Context, found: Found, before: State, after: State) -> None:
    """Writes nothing when search would read the same."""
    old, new = (_entry(context, found, {**before, **part}) for part in ({}, after))
    if old != new:
        await write(context, [new])


async def index_moved(context: Context, found: Found, state: State) -> None:
    """Of an item that is in another project now, and of what was said about it."""
    workspace = context.actor.workspace_id
    rows = await source_store.said_of(context.db, workspace, (found.kind, found.id))
    notes = [note_entry(workspace, found, "comment", row["id"], row["text"], as_moment(row["at"])) for row in rows]
    await write(context, [*notes, _entry(context, found, state)])


async def index_note(context: Context, found: Found, action: str, changes: dict[str, tuple[object, object]]) -> None:
    """Of what was said, or done, on an item, and of taking that back; other actions say nothing to search for."""
    if action == "undone":
        await _index_again(context, found, changes)
        return
    kind = NOTES.get(action)
    note_id, text = (changes.get(name, (None, None))[1] for name in (kind or "", "text"))
    if kind and isinstance(note_id, int) and isinstance(text, str):
        workspace = context.actor.workspace_id
        await write(context, [note_entry(workspace, found, kind, note_id, text, context.now)])


async def _index_again(context: Context, found: Found, changes: dict[str, tuple[object, object]]) -> None:
    """A note that was put away leaves search, one that was brought back is read anew."""
    for kind in NOTES.values():
        before, after = changes.get(kind, (None, None))
        if isinstance(before, int):
            await store.drop(context.db, context.actor.workspace_id, kind, before)
        if isinstance(after, int):
            workspace = context.actor.workspace_id
            for row in await source_store.batch(context.db, workspace, kind, after - 1, 1, only_missing=False):
                at = as_moment(row["at"])
                await write(context, [note_entry(workspace, found, kind, row["id"], row["text"], at)])


async def write(context: Context, entries: list[Entry]) -> None:
    """All of one workspace, each subject once."""
    workspace = context.actor.workspace_id
    words = set[str]().union(*(entry.correctable_words() for entry in entries))
    if new := await store.put(context.db, workspace, entries, words):
        await store.learn(context.db, workspace, {word: traces(word) for word in new})


def _entry(context: Context, found: Found, state: State) -> Entry:
    text = context.kinds[found.kind].search_text(state)
    return item_entry(context.actor.workspace_id, found, state, text, context.now)
