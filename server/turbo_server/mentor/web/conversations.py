"""GET /v1/conversations: a page of them, by mentor, state, project, or what they are about."""

from typing import Annotated, Any

from pydantic import Field

from turbo_server.item.types import Neighbour
from turbo_server.kit.context import Context
from turbo_server.kit.fields import Cursor, Limit, Line, SomeText, Word, Words
from turbo_server.kit.keys import ItemKeyText, ProjectKey
from turbo_server.kit.kind import Page, PageRequest
from turbo_server.kit.listing import newest_page
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.mentor.answering.deciding import KEPT_FOR
from turbo_server.mentor.conversation.lists import SELECT, conditions
from turbo_server.mentor.conversation.state import key_of
from turbo_server.mentor.persona.state import known_mentor
from turbo_server.mentor.persona.types import Handle
from turbo_server.project.tools import require_project

from . import store
from .types import ConversationList, ConversationRow

_COLUMNS = "t.about_kind, t.about_id, p.key as project, a.name as created_by, t.archived_at"
_SELECT = (f"{SELECT[0]}, {_COLUMNS}", f"{SELECT[1]} join accounts a on a.id = t.created_by")


class ListConversations(Arguments):
    mentor: Annotated[Handle | None, Field(description="architect, @architect")] = None
    status: Annotated[
        list[Annotated[Line, Word]],
        Words,
        Field(max_length=10, description="waiting, working, done, failed; archived for what was put away"),
    ] = []
    project: ProjectKey | None = None
    about: Annotated[ItemKeyText | None, Field(description="The item that they were begun about")] = None
    text: Annotated[SomeText | None, Field(description="Stands in the title")] = None
    limit: Limit = 30
    cursor: Cursor | None = None


@tool("List conversations", Effect.READ)
async def list_conversations(context: Context, arguments: ListConversations) -> ConversationList:
    """The latest first: with which mentor, about what, how it stands, and what waits for a decision."""
    project = (await require_project(context, arguments.project))["id"] if arguments.project else None
    request = PageRequest(
        project_id=project,
        status=tuple(arguments.status),
        text=arguments.text,
        path=None,
        limit=arguments.limit,
        cursor=arguments.cursor,
    )
    where = conditions(context, request)
    if arguments.mentor:
        mentor = await known_mentor(context, arguments.mentor)
        where.add("t.mentor_id = $?", mentor["id"] if mentor else 0)
    if arguments.about:
        about = await context.find(arguments.about)
        where.add("t.about_kind = $? and t.about_id = $?", about.kind, about.id)
    page = await newest_page(context, request, _SELECT, where, dict)
    return ConversationList(items=await _rows(context, page), total=page.total, next_cursor=page.next_cursor)


async def _rows(context: Context, page: Page) -> list[ConversationRow]:
    waiting = await store.to_decide_in(
        context.db, context.actor.workspace_id, [row["id"] for row in page.items], context.now - KEPT_FOR
    )
    about = await _about(context, page.items)
    return [
        ConversationRow(
            key=key_of(row["number"]),
            title=row["title"],
            mentor=f"@{row['mentor']}",
            status=row["status"],
            turns=row["turns"],
            to_decide=waiting.get(row["id"], 0),
            about=about.get((row["about_kind"], row["about_id"])),
            project=row["project"],
            created_by=row["created_by"],
            updated_at=row["updated_at"],
            archived_at=row["archived_at"],
        )
        for row in page.items
    ]


async def _about(context: Context, rows: list[dict[str, Any]]) -> dict[tuple[str, int], Neighbour]:
    """A statement for each kind among them."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row["about_kind"]:
            wanted.setdefault(row["about_kind"], set()).add(row["about_id"])
    return {
        (kind, found.id): Neighbour(key=found.key, title=found.title, status=found.status)
        for kind, ids in wanted.items()
        for found in await context.kinds[kind].find_by_id(context, sorted(ids))
    }
