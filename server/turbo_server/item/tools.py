"""get_item: the whole of one item, of whichever kind its key is."""

from typing import Annotated, Literal, cast

from pydantic import Field

from turbo_server.activity.past import latest_events
from turbo_server.comment.tools import comment_count, latest_comments
from turbo_server.document.types import LARGEST_VERSION
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import FIELD_LIMIT, Line, WholeOnly, Word, Words
from turbo_server.kit.keys import ItemKeyText
from turbo_server.kit.kind import Found, View
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.relation import tools as relation  # the module: it shows items in its turn, and may be half loaded

from .fitting import fitted
from .types import Item

SHOWN_ENTRIES = 10
SHOWN_EVENTS = 20
SHOWN_LINKS = 40
LONGEST = 16 * FIELD_LIMIT  # a long decision is read as one text of all its fields

Part = Annotated[Literal["comments", "work_log", "links", "history", "outline", "versions", "diff"], Word]


class GetItem(Arguments):
    key: Annotated[ItemKeyText, Field(description="Of any kind: TURBO-12, TURBO-I2, DEC-4, TURBO, ...")]
    include: Annotated[list[Part], Words, Field(description="outline, versions, diff: documents only")] = []
    offset: Annotated[
        int, Field(ge=0, le=LONGEST, description="Reads a long text on from this character"), WholeOnly
    ] = 0
    section: Annotated[
        Line | None, Field(description="One section of a document, by number or heading: 2.1, Setup, Setup (2)")
    ] = None
    version: Annotated[int | None, Field(ge=1, le=LARGEST_VERSION), WholeOnly] = None


@tool("Show an item", Effect.READ)
async def get_item(context: Context, arguments: GetItem) -> Item:
    """The whole of one item by its key: text, state and what surrounds it, such as an issue's handoff and dependencies
    or a milestone's progress. A document whole, one section, or an old version (diff: from there to now)."""
    found = await context.find(arguments.key)
    view = View(frozenset(arguments.include), arguments.offset, arguments.section, arguments.version)
    _refuse_foreign_parts(context, found, view)
    described = await context.kinds[found.kind].describe(context, found, view)
    item = cast("Item", described.fields).model_copy(update=await _around(context, found, view))
    if item.links and len(item.links) > SHOWN_LINKS:
        item = item.model_copy(update={"links": item.links[:SHOWN_LINKS], "left_out": "all but the newest links"})
    return fitted(item, described, arguments.offset)


def _refuse_foreign_parts(context: Context, found: Found, view: View) -> None:
    """What only some kinds have is not left out in silence of the others."""
    asked = {*view.include, *(name for name in ("section", "version") if getattr(view, name) is not None)}
    for name in sorted(asked - context.kinds[found.kind].parts):
        owners = [kind.name for kind in context.kinds.values() if name in kind.parts]
        if owners:
            raise InvalidArguments(
                f"get_item: `{name}` is for a {' or a '.join(owners)}, and {found.key} is another kind of item.",
                f"Leave out {name}, or give the key of a {' or a '.join(owners)}.",
            )


async def _around(context: Context, found: Found, view: View) -> dict[str, object]:
    """What any item may have around it."""
    around = context.kinds[found.kind].around
    links = await relation.links_of(context, found, SHOWN_LINKS + 1) if "links" in view.include else None
    return {
        **(await around(context, found) if around else {}),
        "links": links or None,
        "comments": await comment_count(context, found) or None,
        "latest_comments": await latest_comments(context, found, SHOWN_ENTRIES) if "comments" in view.include else None,
        "history": await latest_events(context, found, SHOWN_EVENTS) if "history" in view.include else None,
        "url": context.page_of(found.key),
    }
