"""add_comment, and how other entities' verbs leave and show comments."""

from typing import Annotated

from pydantic import Field

from turbo_server.activity.record import record
from turbo_server.activity.types import Changes
from turbo_server.kit.context import Context
from turbo_server.kit.fields import LARGEST_ID, SomeText, WholeOnly
from turbo_server.kit.keys import ItemKeyText
from turbo_server.kit.kind import Found
from turbo_server.kit.schema import Arguments
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, tool

from . import store
from .mentions import call_mentors, what_comes
from .types import Comment, CommentNotFound, CommentReceipt

SHOWN_TEXT = 1_000


CommentId = Annotated[int, Field(ge=1, le=LARGEST_ID, description="id of the comment this answers"), WholeOnly]


class AddComment(Arguments):
    key: Annotated[ItemKeyText, Field(description="Any item's key")]
    text: Annotated[SomeText, Field(description="Markdown")]
    reply_to: CommentId | None = None


@tool("Add a comment", Effect.CREATE)
async def add_comment(context: Context, arguments: AddComment) -> CommentReceipt:
    """Says something about an item of any kind, by its key; get_item shows its comments with their ids."""
    found = await context.find(arguments.key)
    subject = (found.kind, found.id)
    if arguments.reply_to and not await store.belongs_to(
        context.db, context.actor.workspace_id, arguments.reply_to, subject
    ):
        raise CommentNotFound(arguments.reply_to, found.key)
    comment_id = await store_comment(context, found, arguments.text, arguments.reply_to)
    mentors = await call_mentors(context, found, comment_id, arguments.text)
    return CommentReceipt(
        key=found.key,
        id=comment_id,
        reply_to=arguments.reply_to,
        comments=await comment_count(context, found),
        mentors=what_comes(context, mentors),
        url=context.page_of(found.key),
    )


async def write_comment(context: Context, found: Found, text: str) -> int:
    """A verb's note: the new comment's id."""
    comment_id = await store_comment(context, found, text)
    await call_mentors(context, found, comment_id, text)
    return comment_id


async def store_comment(
    context: Context, found: Found, text: str, reply_to: int | None = None, mentor: str | None = None
) -> int:
    """Without calling anybody: so a mentor's own comment, which is written here, is never answered."""
    subject = (found.kind, found.id)
    comment_id = await store.insert(context.db, context.actor, subject, text, reply_to, mentor, context.now)
    said: Changes = {"comment": (None, comment_id), "text": (None, text)}
    by = {"mentor": (None, f"@{mentor}")} if mentor else {}
    await record(context, found, "commented", {**said, **by})
    return comment_id


async def add_answer(context: Context, asking: int, mentor: str, text: str) -> None:
    """The mentor's, beneath the comment that asked. Nothing where that was taken back, or its item takes none now."""
    row = await store.one(context.db, context.actor.workspace_id, asking)
    kind = context.kinds[row["subject_kind"]] if row else None
    found = await kind.find_by_id(context, [row["subject_id"]]) if row and kind else []
    if found and not await _is_put_away(context, found[0]):
        await store_comment(context, found[0], text, asking, mentor)


async def _is_put_away(context: Context, found: Found) -> bool:
    if found.is_archived or found.project_id is None or found.kind == "project":
        return found.is_archived
    project = await context.kinds["project"].find_by_id(context, [found.project_id])
    return not project or project[0].is_archived


async def latest_comments(context: Context, found: Found, limit: int) -> list[Comment]:
    """Oldest of the shown first, as a conversation reads; long ones cut."""
    rows = await store.latest(context.db, context.actor.workspace_id, (found.kind, found.id), limit)
    return [
        Comment(
            id=row["id"],
            reply_to=row["reply_to_id"],
            author=f"@{row['mentor']}" if row["mentor"] else row["author"],
            asked_by=row["author"] if row["mentor"] else None,
            machine=row["machine"],
            session=row["session"],
            at=row["created_at"],
            text=clip(row["text"], SHOWN_TEXT),
        )
        for row in reversed(rows)
    ]


async def comment_count(context: Context, found: Found) -> int:
    return await store.count(context.db, context.actor.workspace_id, (found.kind, found.id))


async def put_comment_away(context: Context, entry_id: int, *, away: bool) -> bool:
    """Out of sight, or back. Answers whether that changed anything; writes no event itself."""
    workspace = context.actor.workspace_id
    if away:
        return await store.put_away(context.db, workspace, entry_id, context.now)
    return await store.bring_back(context.db, workspace, entry_id)
