"""How other entities' verbs leave and show comments."""

from turbo_server.kit.context import Context
from turbo_server.kit.text import clip

from . import store
from .types import Comment

SHOWN_TEXT = 1_000


async def write_comment(context: Context, kind: str, subject_id: int, text: str) -> None:
    await store.insert(context.db, context.actor, (kind, subject_id), text, context.now)


async def latest_comments(context: Context, kind: str, subject_id: int, limit: int) -> list[Comment]:
    """Oldest of the shown first, as a conversation reads; long ones cut."""
    rows = await store.latest(context.db, context.actor.workspace_id, (kind, subject_id), limit)
    return [
        Comment(
            author=row["author"],
            machine=row["machine"],
            session=row["session"],
            at=row["created_at"],
            text=clip(row["text"], SHOWN_TEXT),
        )
        for row in reversed(rows)
    ]


async def comment_count(context: Context, kind: str, subject_id: int) -> int:
    return await store.count(context.db, context.actor.workspace_id, (kind, subject_id))
