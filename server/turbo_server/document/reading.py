"""GET /v1/documents/...: a document's texts as a whole, its versions by the page, and what two of them differ in."""

from typing import Annotated

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidCursor
from turbo_server.kit.fields import Cursor, Limit
from turbo_server.kit.keys import DocumentKey
from turbo_server.kit.kind import Found
from turbo_server.kit.paging import Position, fingerprint, read_cursor, write_cursor
from turbo_server.kit.schema import Arguments, Listing, Result
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import store
from .diff import unified
from .state import require_document
from .types import LARGEST_VERSION, Version, VersionNotFound, VersionNumber


class DocumentText(Result):
    key: str
    title: Annotated[str, Field(description="Of this version")]
    version: Annotated[int, Field(description="The version that holds the text")]
    current_version: Annotated[int, Field(description="The one that update_document takes as version")]
    text: Annotated[str, Field(description="The whole markdown, however long")]


class ReadText(Arguments):
    key: DocumentKey
    version: Annotated[VersionNumber | None, Field(description="Without one, the current text")] = None


@tool("Read a document's text", Effect.READ)
async def read_text(context: Context, arguments: ReadText) -> DocumentText:
    """The whole text of a document, or of one of its versions: for an editor, which must not work on a part of it."""
    found = await require_document(context, arguments.key)
    current, row = await _at(context, found, arguments.version)
    return DocumentText(
        key=found.key, title=row["title"], version=row["version"], current_version=current, text=row["text"]
    )


class VersionPage(Listing):
    items: Annotated[list[Version], Field(description="Newest first")]


class ListVersions(Arguments):
    key: DocumentKey
    limit: Limit = 50
    cursor: Cursor | None = None


@tool("List a document's versions", Effect.READ)
async def list_versions(context: Context, arguments: ListVersions) -> VersionPage:
    """Every version of a document that was kept: who wrote it, when, and why."""
    found = await require_document(context, arguments.key)
    workspace = context.actor.workspace_id
    of = fingerprint("versions", workspace, found.id)
    position = Position(0, (LARGEST_VERSION,))
    if arguments.cursor is not None:
        position = read_cursor(arguments.cursor, of, (int,))
        if not isinstance(before := position.values[0], int) or before > LARGEST_VERSION:
            raise InvalidCursor
    rows = await store.versions_before(context.db, workspace, found.id, int(position.values[0]), arguments.limit + 1)
    total = position.total or await store.count_versions(context.db, workspace, found.id)
    shown = rows[: arguments.limit]
    more = Position(total, (shown[-1]["version"],)) if len(rows) > len(shown) else None
    return VersionPage(
        items=[_version(row) for row in shown], total=total, next_cursor=write_cursor(more, of) if more else None
    )


class DocumentDiff(Result):
    key: str
    start: Annotated[int, Field(serialization_alias="from", description="The older version")]
    to: Annotated[int, Field(description="The newer version")]
    diff: Annotated[str, Field(description="A unified diff; empty where the texts are equal")]
    title: Annotated[list[str] | None, Field(description="The title before and after, where it changed")] = None

    model_config = {"serialize_by_alias": True}


class CompareVersions(Arguments):
    key: DocumentKey
    start: Annotated[VersionNumber, Field(alias="from", description="The version to begin from")]
    to: Annotated[VersionNumber | None, Field(description="Without one, the current text")] = None


@tool("Compare versions of a document", Effect.READ)
async def compare_versions(context: Context, arguments: CompareVersions) -> DocumentDiff:
    """What turns one version of a document into another, as a whole."""
    found = await require_document(context, arguments.key)
    _, old = await _at(context, found, arguments.start)
    _, new = await _at(context, found, arguments.to)
    names = (f"{found.key} version {old['version']}", f"{found.key} version {new['version']}")
    return DocumentDiff(
        key=found.key,
        start=old["version"],
        to=new["version"],
        diff="\n".join(unified(old["text"], new["text"], names)),
        title=[old["title"], new["title"]] if old["title"] != new["title"] else None,
    )


async def _at(context: Context, found: Found, number: int | None) -> tuple[int, Row]:
    """The current version's number, and what the document held at the version. Raises VersionNotFound."""
    workspace = context.actor.workspace_id
    current = (await store.at(context.db, workspace, found.id))["version"]
    row = await store.version(context.db, workspace, found.id, number or current)
    if row is None or (number or 0) > current:
        raise VersionNotFound(found.key, number or current, current)
    return current, row


def _version(row: Row) -> Version:
    shown = ("version", "title", "author", "machine", "session", "note", "characters")
    return Version(**{name: row[name] for name in shown}, at=row["created_at"])


ENDPOINTS = (
    Endpoint("GET", "/v1/documents/text", read_text),
    Endpoint("GET", "/v1/documents/versions", list_versions),
    Endpoint("GET", "/v1/documents/diff", compare_versions),
)
