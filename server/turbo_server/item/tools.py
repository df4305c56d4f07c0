"""get_item: the whole of one item, of whichever kind its key is."""

from typing import Annotated, Literal, cast

from pydantic import Field

from turbo_server.activity.past import latest_events
from turbo_server.comment.tools import comment_count, latest_comments
from turbo_server.kit.context import Context
from turbo_server.kit.fields import FIELD_LIMIT, WholeOnly, Word, Words
from turbo_server.kit.keys import ItemKeyText
from turbo_server.kit.kind import Found, View
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool

from .fitting import fitted
from .types import Item

SHOWN_ENTRIES = 10
SHOWN_EVENTS = 20

Part = Annotated[Literal["comments", "work_log", "history"], Word]


class GetItem(Arguments):
    key: Annotated[ItemKeyText, Field(description="TURBO-12 for an issue, TURBO for a project; any letter case")]
    include: Annotated[list[Part], Words, Field(description="The latest entries of these")] = []
    offset: Annotated[
        int, Field(ge=0, le=FIELD_LIMIT, description="Reads a long description on from this character"), WholeOnly
    ] = 0


@tool("Show an item", Effect.READ)
async def get_item(context: Context, arguments: GetItem) -> Item:
    """The whole of one item by its key: an issue with its text, state, parent, sub-issues and dependencies, or a
    project. Comments, work log and history (who changed what) come along when included."""
    found = await context.find(arguments.key)
    view = View(frozenset(arguments.include), arguments.offset)
    described = await context.kinds[found.kind].describe(context, found, view)
    item = cast("Item", described.fields).model_copy(update=await _around(context, found, view))
    return fitted(item, described.text, arguments.offset)


async def _around(context: Context, found: Found, view: View) -> dict[str, object]:
    """What any item may have around it."""
    return {
        "comments": await comment_count(context, found) or None,
        "latest_comments": await latest_comments(context, found, SHOWN_ENTRIES) if "comments" in view.include else None,
        "history": await latest_events(context, found, SHOWN_EVENTS) if "history" in view.include else None,
        "url": context.page_of(found.key),
    }
