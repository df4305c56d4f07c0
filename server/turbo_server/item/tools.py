"""get_item: the whole of one item."""

from typing import Annotated, Literal

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.fields import FIELD_LIMIT, WholeOnly, Word, Words
from turbo_server.kit.keys import ItemKeyText, read_issue_key
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool

from .describe import describe_issue, describe_project
from .types import Item

Part = Annotated[Literal["comments", "work_log"], Word]


class GetItem(Arguments):
    key: Annotated[ItemKeyText, Field(description="TURBO-12 for an issue, TURBO for a project; any letter case")]
    include: Annotated[list[Part], Words, Field(description="The latest entries of these")] = []
    offset: Annotated[
        int, Field(ge=0, le=FIELD_LIMIT, description="Reads a long description on from this character"), WholeOnly
    ] = 0


@tool("Show an item", Effect.READ)
async def get_item(context: Context, arguments: GetItem) -> Item:
    """The whole of one item by its key: an issue with its text, state, parent, sub-issues and dependencies, or a
    project. Comments and work log come along when included."""
    if read_issue_key(arguments.key):
        return await describe_issue(context, arguments.key, frozenset(arguments.include), arguments.offset)
    return await describe_project(context, arguments.key, arguments.offset)
