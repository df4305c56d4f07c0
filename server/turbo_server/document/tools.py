"""create_document and update_document."""

from typing import Annotated

from pydantic import Field

from turbo_server.activity.record import Revision, record_creation, revise
from turbo_server.activity.types import as_changes
from turbo_server.comment.tools import write_comment
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import Line, SeenVersion, SomeText
from turbo_server.kit.keys import DocumentKey, ProjectKey
from turbo_server.kit.kind import Found, State
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import take_number

from . import store
from .outline import BEFORE, headings, sections
from .sections import appended, find_section, replaced
from .state import KEPT, refuse_too_large, require_document
from .types import (
    FILES,
    DocumentReceipt,
    FromFile,
    Markdown,
    Status,
    VersionNotFound,
    VersionNumber,
)


class CreateDocument(Arguments):
    project: ProjectKey
    title: Line
    text: Markdown | None = None
    file: FromFile | None = None
    status: Status = "draft"


@tool("Create a document", Effect.CREATE, files=FILES)
async def create_document(context: Context, arguments: CreateDocument) -> DocumentReceipt:
    """Writes a markdown document into a project: a specification, a guide, notes. Give text, or file. Returns its key,
    such as TURBO-D7; get_item reads it, whole or by section."""
    if arguments.text is None:
        raise InvalidArguments("create_document: neither `text` nor `file` was given.", "Give the markdown as text.")
    project_id, number = await take_number(context, arguments.project, "document")
    state: State = {"title": arguments.title, "text": arguments.text, "status": arguments.status}
    numbered = {"project_id": project_id, "number": number, "version": 1, "characters": len(arguments.text)}
    times = {"created_at": context.now, "updated_at": context.now}
    owner = {"workspace_id": context.actor.workspace_id, **context.actor.author}
    document_id = await store.RECORDS.insert(context.db, {**owner, **numbered, **times, **state})
    await store.keep_version(context.db, context.actor, document_id, context.now)
    key = f"{arguments.project}-D{number}"
    found = Found("document", document_id, key, arguments.title, arguments.status, project_id, is_archived=False)
    await record_creation(context, found, state)
    return DocumentReceipt(
        key=key,
        title=arguments.title,
        status=arguments.status,
        version=1,
        characters=len(arguments.text),
        created=True,
        url=context.page_of(key),
    )


class UpdateDocument(Arguments):
    key: DocumentKey
    text: Annotated[Markdown | None, Field(description="The whole text, or what replaces the section")] = None
    file: FromFile | None = None
    section: Annotated[
        Line | None, Field(description="Number or heading, such as 2.1 or Setup; its heading and sub-sections go too")
    ] = None
    append: Annotated[bool, Field(description="Adds text at the end of the section or document")] = False
    title: Line | None = None
    status: Status | None = None
    restore: Annotated[VersionNumber | None, Field(description="Brings this version back as a new one")] = None
    version: SeenVersion | None = None
    note: Annotated[SomeText | None, Field(description="Why; kept with the version")] = None


CHANGES = frozenset({"text", "title", "status", "restore"})


@tool("Update a document", Effect.UPDATE, toolset="docs", files=FILES)
async def update_document(context: Context, arguments: UpdateDocument) -> DocumentReceipt:
    """Changes a document's text, as a whole or in one section, its title or status, or restores a version. Each change
    of text or title is kept as a version. Read the section with get_item first: text replaces all of it."""
    _refuse_what_does_not_fit(arguments)
    found = await require_document(context, arguments.key)
    warnings: list[str] = []
    revision = await revise(
        context, found, lambda before: _wanted(context, found, arguments, before, warnings), seen=arguments.version
    )
    return await _receipt(context, found, arguments, revision, warnings)


def _refuse_what_does_not_fit(arguments: UpdateDocument) -> None:
    given = arguments.model_fields_set
    for name in ("section", "append"):
        if getattr(arguments, name) and arguments.text is None:
            hint = "Give text; an empty text takes the section out." if name == "section" else "Give the text to add."
            raise InvalidArguments(f"update_document: `{name}` needs `text`.", hint)
    if "restore" in given and given & {"text", "title"}:
        raise InvalidArguments(
            "update_document: `restore` brings back text and title of a version, so neither can be given beside it.",
            "Restore first, and change in a second call.",
        )
    if not given & (CHANGES | {"note"}):
        raise InvalidArguments("update_document: nothing to change was given.", "Give text, title, status or restore.")


async def _wanted(
    context: Context, found: Found, arguments: UpdateDocument, before: State, warnings: list[str]
) -> State:
    """The state that the call asks for."""
    wanted: State = arguments.model_dump(include={"title", "status"}, exclude_none=True)
    if arguments.restore is not None:
        wanted |= await _version(context, found, arguments.restore)
    if arguments.text is not None:
        wanted["text"] = _new_text(found.key, arguments, before["text"], warnings)
        refuse_too_large(wanted["text"])
    return wanted


async def _version(context: Context, found: Found, number: int) -> State:
    latest = (await store.at(context.db, context.actor.workspace_id, found.id))["version"]
    row = await store.version(context.db, context.actor.workspace_id, found.id, number)
    if row is None or number > latest:
        raise VersionNotFound(found.key, number, latest)
    return {"title": row["title"], "text": row["text"]}


def _new_text(key: str, arguments: UpdateDocument, before: str, warnings: list[str]) -> str:
    given = arguments.text or ""
    section = find_section(key, sections(before), arguments.section) if arguments.section else None
    if arguments.append:
        return appended(before, section, given)
    if section is None:
        return given
    first = headings(given)[:1]
    if given and section.number != BEFORE and not (first and not given[: first[0].start].strip()):
        warnings.append(
            f"The text begins with no heading, so {section.title!r} is one no longer; "
            "text replaces a section with its heading."
        )
    return replaced(before, section, given)


async def _receipt(
    context: Context, found: Found, arguments: UpdateDocument, revision: Revision, warnings: list[str]
) -> DocumentReceipt:
    after = {name: value for name, (_, value) in revision.changes.items()}
    now = await store.at(context.db, context.actor.workspace_id, found.id)
    return DocumentReceipt(
        key=found.key,
        title=str(after.get("title", found.title)),
        status=str(after.get("status", found.status)),
        version=revision.version,
        characters=now["characters"],
        changed=as_changes(revision.changes),
        note=await _kept_note(context, found, arguments.note, revision),
        warning=" ".join(warnings) or None,
        url=context.page_of(found.key),
    )


async def _kept_note(context: Context, found: Found, note: str | None, revision: Revision) -> str | None:
    """With the version that the call made; a call that made none leaves its note as a comment, as update_issue does."""
    if note is None:
        return None
    if revision.changes.keys() & KEPT:
        await store.set_note(context.db, found.id, revision.version, note)
        return f"kept with version {revision.version}"
    await write_comment(context, found, note)
    return "added as a comment"
