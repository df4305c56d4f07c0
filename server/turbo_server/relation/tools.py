"""link_items, and how other verbs show and set links."""

from typing import Annotated, Any

from pydantic import Field

from turbo_server.activity.record import record
from turbo_server.item.types import Link
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import Word
from turbo_server.kit.keys import ItemKeyText
from turbo_server.kit.kind import Found
from turbo_server.kit.schema import Arguments
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, tool

from . import store
from .columns import set_blocker, set_superseding
from .types import SEEN_FROM_THE_OTHER_END, LinkReceipt, LinkRefused, LinkTypeName

SHOWN_TITLE = 60


class LinkItems(Arguments):
    start: Annotated[ItemKeyText, Field(alias="from")]
    type: Annotated[LinkTypeName, Word]
    to: ItemKeyText
    remove: bool = False


@tool("Link two items", Effect.UPDATE, toolset="plan")
async def link_items(context: Context, arguments: LinkItems) -> LinkReceipt:
    """Links two items of any kinds, or unlinks them with remove; reads as a sentence: from blocks to, from duplicates
    to. blocks stands between issues, documents comes from a document. get_item shows links when included."""
    start, end = await context.find(arguments.start), await context.find(arguments.to)
    _refuse_misfit(start, arguments.type, end)
    present = not arguments.remove
    has_changed = await _link(context, start, arguments.type, end, present=present)
    outcome = ("linked", "already linked") if present else ("unlinked", "was not linked")
    return LinkReceipt(
        key=start.key,
        type=arguments.type,
        to=end.key,
        result=outcome[0 if has_changed else 1],  # type: ignore[arg-type]
        next=_advice(start, arguments.type) if present and has_changed else None,
        url=context.page_of(start.key),
    )


def _refuse_misfit(start: Found, kind: str, end: Found) -> None:
    if (start.kind, start.id) == (end.kind, end.id):
        raise InvalidArguments(f"link_items: {start.key} cannot be linked to itself.", "Give two different keys.")
    if kind == "blocks" and (start.kind, end.kind) != ("issue", "issue"):
        raise InvalidArguments(
            f"link_items: blocks stands between two issues, and {start.key} and {end.key} are not both one.",
            "Use relates or implements for other kinds.",
        )
    if kind == "documents" and start.kind != "document":
        raise InvalidArguments(
            f"link_items: documents comes from a document such as TURBO-D7; {start.key} is none.",
            "Turn from and to around, or use relates.",
        )


async def _link(context: Context, start: Found, kind: str, end: Found, *, present: bool) -> bool:
    """Whether that changed anything. What a column says already is written there and nowhere else."""
    if kind == "blocks":
        return await set_blocker(context, start, end, present=present)
    if kind == "supersedes" and start.kind == end.kind == "decision":
        return await set_superseding(context, start, end, present=present)
    link = {"type": kind, "to": end.key}
    if present:
        await _refuse_opposite(context, start, kind, end)
    if not await set_link(context, start, link, present=present):
        return False
    change = (None, link) if present else (link, None)
    await record(context, start, "linked" if present else "unlinked", {"link": change})
    return True


async def _refuse_opposite(context: Context, start: Found, kind: str, end: Found) -> None:
    workspace = context.actor.workspace_id
    if kind != "relates" and await store.is_there(context.db, workspace, kind, _end(end), _end(start)):
        raise LinkRefused(
            f"{end.key} {kind} {start.key} already: both ways at once says nothing.",
            f"link_items(from={end.key}, type={kind}, to={start.key}, remove=true) takes that link away.",
        )


async def set_link(context: Context, found: Found, link: dict[str, Any], *, present: bool) -> bool:
    """Makes what an event "linked" or "unlinked" of the item tells of true, or untrue. Writes no event itself.

    `link` is {"type": ..., "to": KEY}. Answers whether that changed anything.
    """
    kind, start, end = await _as_stored(context, found, link)
    if present:
        return await store.insert(context.db, context.actor, kind, start, end, context.now)
    return await store.delete(context.db, context.actor.workspace_id, kind, start, end)


async def has_link(context: Context, found: Found, link: dict[str, Any]) -> bool:
    """Whether what set_link would make true is so."""
    return await store.is_there(context.db, context.actor.workspace_id, *await _as_stored(context, found, link))


async def _as_stored(context: Context, found: Found, link: dict[str, Any]) -> tuple[str, store.End, store.End]:
    kind, start, end = link["type"], _end(found), _end(await context.find(link["to"]))
    if kind == "relates":  # stored once, whichever way round it was said
        start, end = sorted((start, end))
    return kind, start, end


def _end(found: Found) -> store.End:
    return found.kind, found.id


def _advice(start: Found, kind: str) -> str | None:
    if kind == "duplicates" and start.kind == "issue" and start.status not in ("done", "cancelled"):
        return f"update_issue(key={start.key}, status=cancelled) closes the duplicate"
    return None


async def links_of(context: Context, found: Found, limit: int) -> list[Link]:
    """Newest first. What blocks an issue, or supersedes a decision, stands in fields of their own."""
    rows = await store.links_of(context.db, context.actor.workspace_id, _end(found), limit)
    others = await items_by_end(context, {(row["kind"], row["item_id"]) for row in rows})
    return [
        Link(
            type=_as_seen(row),
            key=other.key,
            title=clip(other.title, SHOWN_TITLE),
            status=other.status,
            archived=other.is_archived or None,
        )
        for row in rows
        if (other := others.get((row["kind"], row["item_id"])))
    ]


async def links_to(context: Context, found: Found, limit: int) -> list[tuple[str, Found]]:
    """(type, the other item) of what was linked to that item, from wherever that was said; not of what is archived."""
    rows = await store.links_of(context.db, context.actor.workspace_id, _end(found), limit)
    incoming = [row for row in rows if not row["is_outgoing"] or row["type"] == "relates"]
    others = await items_by_end(context, {(row["kind"], row["item_id"]) for row in incoming})
    linked = [(row["type"], others.get((row["kind"], row["item_id"]))) for row in incoming]
    return [(kind, other) for kind, other in linked if other and not other.is_archived]


def _as_seen(row: Row) -> str:
    kind: str = row["type"]
    return kind if row["is_outgoing"] else SEEN_FROM_THE_OTHER_END.get(kind, kind)


async def items_by_end(context: Context, ends: set[store.End]) -> dict[store.End, Found]:
    """One statement a kind."""
    found: dict[store.End, Found] = {}
    for name, kind in context.kinds.items():
        if ids := sorted(item_id for each, item_id in ends if each == name):
            found |= {(name, item.id): item for item in await kind.find_by_id(context, ids)}
    return found
