"""What a comment asks a mentor: a turn like any other, whose answer is written beneath the comment as well.

Everybody reads it who sees the item. So it is asked for as somebody who sees what each of them does, however much the
person sees who wrote the comment; and in a conversation of which the same is true.
"""

from dataclasses import replace

from turbo_server.account.acting import standing_of
from turbo_server.kit.context import Context
from turbo_server.kit.kind import Found
from turbo_server.kit.sight import narrowed
from turbo_server.mentor.conversation.turns import ask, open_conversation
from turbo_server.mentor.persona.state import require_mentor

from .job import enqueue_answer


async def ask_in_comment(context: Context, found: Found, comment_id: int, handle: str, text: str) -> None:
    """In the comment's own transaction: with it the question is there, and the job that answers it, or neither."""
    shared = await _as_all_readers(context, found.project_id)
    mentor = await require_mentor(shared, handle)
    conversation = await open_conversation(shared, mentor, text, found)
    turn = await ask(shared, conversation, text, "working")
    await enqueue_answer(shared, conversation.id, turn, comment=comment_id)


async def _as_all_readers(context: Context, project_id: int | None) -> Context:
    actor = context.actor
    standing = await standing_of(context.db, actor.workspace_id, actor.account_id, actor.only_projects)
    assert standing is not None  # noqa: S101 - who calls a tool belongs to the workspace
    sight = standing.answering_in(project_id).sight
    return replace(context, actor=replace(actor, sight=sight), db=narrowed(context.db, sight))
