"""A document's state in a caller's words: read under a lock, and written back in any part, each text as a version."""

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.fields import FIELD_LIMIT
from turbo_server.kit.keys import require_key
from turbo_server.kit.kind import Found, State
from turbo_server.project.tools import require_project

from . import store
from .types import DocumentNotFound, DocumentTooLarge

FIELDS = ("version", "title", "text", "status", "archived_at")
KEPT = frozenset({"title", "text"})  # what a version holds


async def require_document(context: Context, key: str) -> Found:
    """By a key that is well formed. Raises ProjectNotFound or DocumentNotFound with the nearest keys."""
    parsed = require_key(key)
    row = await store.by_key(context.db, context.actor.workspace_id, parsed.project, parsed.number or 0)
    if row is None:
        raise await _not_found(context, key, parsed.project, parsed.number or 0)
    return found_document(row)


async def _not_found(context: Context, key: str, project: str, number: int) -> DocumentNotFound:
    workspace = context.actor.workspace_id
    last = await store.last_number(context.db, workspace, project)
    if last is None:
        await require_project(context, project)
    near = await store.nearest_numbers(context.db, workspace, project, number)
    return DocumentNotFound(key, last or 0, [f"{project}-D{each}" for each in near])


async def read_state(context: Context, document_id: int) -> State:
    """Locks the document, then reads it: a change in between by somebody else is not written over."""
    await store.RECORDS.lock(context.db, document_id)
    row = await store.whole(context.db, context.actor.workspace_id, document_id)
    assert row is not None  # noqa: S101 - nothing is hard-deleted
    return {name: as_iso(row[name]) for name in FIELDS}


async def write_state(context: Context, found: Found, state: State) -> None:
    """Raises DocumentTooLarge."""
    values: State = {**state, "updated_at": context.now}
    if "text" in state:
        refuse_too_large(state["text"])
        values["characters"] = len(state["text"])
    await store.RECORDS.update(context.db, found.id, values)
    if KEPT & state.keys():
        await store.keep_version(context.db, context.actor, found.id, context.now)


def refuse_too_large(text: str) -> None:
    """An argument is checked when it is read; this is for what is put together of several."""
    if len(text) * 4 > FIELD_LIMIT and len(text.encode()) > FIELD_LIMIT:
        raise DocumentTooLarge


def found_document(row: Row) -> Found:
    key = f"{row['project_key']}-D{row['number']}"
    is_archived = row["archived_at"] is not None
    return Found("document", row["id"], key, row["title"], row["status"], row["project_id"], is_archived)
