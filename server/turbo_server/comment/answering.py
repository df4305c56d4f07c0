"""A comment that names a mentor is answered by that mentor with a comment: once, whatever dies meanwhile.

The answer is written in the transaction that ends its job: a server that dies before leaves neither, and what it had
asked for is asked for again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from turbo_server.account.acting import standing_of
from turbo_server.job.queue import finish
from turbo_server.job.types import GiveUp, Handler, Job, Services
from turbo_server.kit.context import Context
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import Conflict
from turbo_server.kit.kind import Found

from . import store
from .tools import store_comment

# What the mentor says, as Markdown. Raises NotYet where the budget of the day is used up, Failed, and GiveUp.
AnswerMention = Callable[[Services, Job], Awaitable[str]]
DELAYS = (5.0, 30.0, 120.0, 600.0, 3600.0, 3600.0)
SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Mention:
    """`context` is that of the person who asked, and sees only what everybody sees who reads the item."""

    context: Context
    found: Found
    comment_id: int
    text: str
    mentor: str


async def read_mention(db: Connection, services: Services, job: Job) -> Mention | None:
    """None where there is nothing to answer any more: the comment was taken back, its item is archived, or whoever
    asked is gone or sees it no more."""
    payload = job.payload
    row = await store.one(db, job.workspace_id, payload["comment"])
    only = None if payload["projects"] is None else frozenset(payload["projects"])
    standing = await standing_of(db, job.workspace_id, payload["account"], only)
    if row is None or standing is None:
        return None
    context = services.runner.context_of(db, standing.actor)
    found = await context.kinds[row["subject_kind"]].find_by_id(context, [row["subject_id"]])
    if not found or found[0].is_archived:
        return None
    context = services.runner.context_of(db, standing.answering_in(found[0].project_id))
    return Mention(context, found[0], row["id"], row["text"], payload["mentor"])


def answering(answer_mention: AnswerMention) -> Handler:
    async def answer(job: Job, services: Services) -> None:
        async with services.database.connection() as db:
            if await read_mention(db, services, job) is None:
                return
        text = await answer_mention(services, job)
        async with services.database.connection() as db, db.transaction():
            await finish(db, job)
            mention = await read_mention(db, services, job)
            if mention is not None:
                await _write(mention, text)

    return Handler(answer, DELAYS, SECONDS)


async def _write(mention: Mention, text: str) -> None:
    """Raises GiveUp where the item takes no comments any more."""
    try:
        await store_comment(mention.context, mention.found, text, mention.comment_id, mention.mentor)
    except Conflict as refusal:
        raise GiveUp(refusal.message) from None
