"""archive_item and restore_item: what no tool deletes can be put away."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from turbo_server.activity.record import revise
from turbo_server.comment.tools import write_comment
from turbo_server.kit.context import Context
from turbo_server.kit.decode import as_iso
from turbo_server.kit.fields import SeenVersion, SomeText
from turbo_server.kit.keys import ItemKeyText
from turbo_server.kit.kind import Found, State
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.tool import Effect, tool

Note = Annotated[SomeText, Field(description="Why; kept as a comment")]


class ArchiveItem(Arguments):
    key: ItemKeyText
    note: Note | None = None
    version: SeenVersion | None = None


class RestoreItem(Arguments):
    key: ItemKeyText
    note: Note | None = None
    version: SeenVersion | None = None


class ArchiveReceipt(Result):
    key: str
    title: str
    version: int
    result: Literal["archived", "already archived", "restored", "was not archived"]
    note: str | None = None
    next: str | None = None
    url: str | None = None


@tool("Archive an item", Effect.UPDATE, toolset="care")
async def archive_item(context: Context, arguments: ArchiveItem) -> ArchiveReceipt:
    """Puts an item of any kind away: it leaves lists, search and the queue, and can be changed no more; a project takes
    all in it along. Nothing is deleted: restore_item brings it back."""
    found = await context.find(arguments.key)

    async def wanted(before: State) -> State:
        if before["archived_at"]:
            return {}
        if arguments.note:  # now: nothing can be said about what is archived
            await write_comment(context, replace(found, is_archived=False), arguments.note)
        return {"archived_at": as_iso(context.now)}

    revision = await revise(context, found, wanted, "archived", seen=arguments.version)
    has_changed = bool(revision.changes)
    return ArchiveReceipt(
        key=found.key,
        title=found.title,
        version=revision.version,
        result="archived" if has_changed else "already archived",
        note=_note(arguments.note, kept=has_changed),
        next=f"restore_item(key={found.key}) brings it back",
        url=context.page_of(found.key),
    )


@tool("Restore an item", Effect.UPDATE, toolset="care")
async def restore_item(context: Context, arguments: RestoreItem) -> ArchiveReceipt:
    """Brings an archived item back to where it was."""
    found = await context.find(arguments.key)

    async def wanted(_before: State) -> State:
        return {"archived_at": None}

    revision = await revise(context, found, wanted, "restored", seen=arguments.version)
    has_changed = bool(revision.changes)
    project = await _archived_project(context, found)
    if arguments.note and has_changed and project is None:
        await write_comment(context, replace(found, is_archived=False), arguments.note)
    return ArchiveReceipt(
        key=found.key,
        title=found.title,
        version=revision.version,
        result="restored" if has_changed else "was not archived",
        note=_note(arguments.note, kept=has_changed and project is None),
        next=f"its project is archived: restore_item(key={project}) brings that back" if project else None,
        url=context.page_of(found.key),
    )


def _note(note: str | None, *, kept: bool) -> str | None:
    if note is None:
        return None
    return "added as a comment" if kept else "not added"


async def _archived_project(context: Context, found: Found) -> str | None:
    if found.kind == "project" or found.project_id is None:
        return None
    (project,) = await context.kinds["project"].find_by_id(context, [found.project_id])
    return project.key if project.is_archived else None
