"""list_items: a page of whatever has no list of its own."""

from typing import Annotated, Any, Literal

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import Cursor, Limit, Line, SomeText, Word, Words
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.kind import Pager, PageRequest
from turbo_server.kit.schema import Arguments, Listing
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project

# A test holds that these are the kinds with a page, and what the catalogue lists besides.
ListedKind = Literal["initiative", "milestone", "decision", "document", "label", "work_log", "mentor", "conversation"]
GOVERNS = "decision"  # the kind that is bound to paths


class ListItems(Arguments):
    kind: Annotated[ListedKind, Word]
    project: ProjectKey | None = None
    status: Annotated[
        list[Annotated[Line, Word]],
        Words,
        Field(max_length=10, description="Any of these states; archived for what was put away"),
    ] = []
    text: Annotated[SomeText | None, Field(description="Stands in the title")] = None
    path: Annotated[Line | None, Field(description="Decisions that govern this path")] = None
    limit: Limit = 20
    cursor: Cursor | None = None


class ItemList(Listing):
    """Rows of at most 350 bytes; which fields they have depends on the kind."""

    items: list[dict[str, Any]]


@tool("List items", Effect.READ, may_lag=True)
async def list_items(context: Context, arguments: ListItems) -> ItemList:
    """Short rows of one kind, newest change first: initiatives and milestones with progress, labels with issue counts,
    and so on. Issues have list_issues, projects list_projects."""
    if arguments.path is not None and arguments.kind != GOVERNS:
        raise InvalidArguments(
            f"list_items: `path` is for kind={GOVERNS} only, and this is kind={arguments.kind}.",
            "Leave path out; text finds words in the title.",
        )
    request = PageRequest(
        project_id=(await require_project(context, arguments.project))["id"] if arguments.project else None,
        status=tuple(arguments.status),
        text=arguments.text,
        path=arguments.path,
        limit=arguments.limit,
        cursor=arguments.cursor,
    )
    page = await _pager(context, arguments.kind)(context, request)
    return ItemList(items=page.items, total=page.total, next_cursor=page.next_cursor)


def _pager(context: Context, name: str) -> Pager:
    kind = context.kinds.get(name)
    pager = kind.page if kind else context.listings[name]
    assert pager is not None  # noqa: S101 - the argument's type has only what can be listed
    return pager
