"""Makes the entries anew from the data, or those that are missing; the server may run meanwhile."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

from turbo_server.kit.context import Actor, Context
from turbo_server.kit.database import Connection, Database, Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.kind import Found, Kind, State

from . import indexing, source_store, store
from .entry import Entry, item_entry, note_entry

BATCH = 500
NOTES = ("work_log", "comment")


async def reindex(database: Database, kinds: Mapping[str, Kind], *, only_missing: bool = False) -> int:
    """How many entries were written. Notes come first, issues last: the latest entry counts as the newest."""
    if only_missing:
        written = await _write(database, kinds, only_missing=True)
    else:
        async with source_store.gathering(database):
            written = await _write(database, kinds, only_missing=False)
    if written:
        async with database.connection() as db:
            await source_store.tidy(db)
    return written


async def missing(db: Connection, kind: str) -> int:
    """How many of a kind search does not find."""
    return await source_store.count_missing(db, kind)


async def _write(database: Database, kinds: Mapping[str, Kind], *, only_missing: bool) -> int:
    written = 0
    order = [*NOTES, *sorted(kinds, key=lambda kind: kind == "issue")]
    async with database.connection() as db:
        workspaces = await source_store.workspaces(db)
        before, _ = await store.extent(db, 0)
    for workspace in workspaces:
        if not only_missing:
            async with database.connection() as db, db.transaction():
                await source_store.forget_words(db, workspace["id"])
        for kind in order:
            async for count in _each_batch(database, kinds, workspace, kind, only_missing=only_missing):
                written += count
        if not only_missing:
            async with database.connection() as db, db.transaction():
                await source_store.drop_older(db, workspace["id"], before)
    return written


async def _each_batch(
    database: Database, kinds: Mapping[str, Kind], workspace: Row, kind: str, *, only_missing: bool
) -> AsyncIterator[int]:
    """One transaction each: a long reindex holds up no writer for long."""
    after = 0
    while True:
        async with database.connection() as db, db.transaction():
            rows = await source_store.batch(db, workspace["id"], kind, after, BATCH, only_missing=only_missing)
            if not rows:
                return
            context = _context(db, workspace, kinds)
            entries = await (_notes(context, kind, rows) if kind in NOTES else _items(context, kinds[kind], rows))
            await indexing.write(context, entries)
        after = rows[-1]["id"]
        yield len(entries)


async def _items(context: Context, kind: Kind, rows: list[Row]) -> list[Entry]:
    found = {item.id: item for item in await kind.find_by_id(context, [row["id"] for row in rows])}
    states = await _states(context, kind, list(found))
    return [
        item_entry(context.actor.workspace_id, found[row["id"]], state, kind.search_text(state), as_moment(row["at"]))
        for row in rows
        if (state := states.get(row["id"])) is not None
    ]


async def _states(context: Context, kind: Kind, ids: list[int]) -> dict[int, State]:
    if kind.states:
        return await kind.states(context, ids)
    return {item_id: await kind.state(context, item_id) for item_id in ids}


async def _notes(context: Context, kind: str, rows: list[Row]) -> list[Entry]:
    items: dict[tuple[str, int], Found] = {}
    for name in {row["item_kind"] for row in rows} & set(context.kinds):
        ids = sorted({row["item_id"] for row in rows if row["item_kind"] == name})
        items |= {(name, item.id): item for item in await context.kinds[name].find_by_id(context, ids)}
    return [
        note_entry(context.actor.workspace_id, item, kind, row["id"], row["text"], as_moment(row["at"]))
        for row in rows
        if (item := items.get((row["item_kind"], row["item_id"])))
    ]


def _context(db: Connection, workspace: Row, kinds: Mapping[str, Kind]) -> Context:
    """Nobody's: it writes only what is made from other people's data."""
    now = datetime.now(UTC)
    actor = Actor(0, "reindex", workspace["id"], workspace["name"], 0, "", "", None, None)
    return Context(db, actor, now, now.date(), timedelta(), None, kinds)
