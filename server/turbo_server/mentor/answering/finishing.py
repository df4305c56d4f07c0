"""How a turn comes to its end: the answer or what went wrong, and the job, in one transaction."""

import json

from turbo_server.activity.record import record
from turbo_server.comment.tools import add_answer
from turbo_server.job.queue import finish
from turbo_server.job.types import Job, Services
from turbo_server.kit.context import Context
from turbo_server.kit.database import Connection
from turbo_server.mentor.conversation import store as conversations
from turbo_server.mentor.conversation.turns import index_conversation
from turbo_server.mentor.keys import keys_in

from . import store
from .asked import Question, turn_of
from .budget import Asker, purse_of
from .engine import Answered
from .sources import note_sources


async def complete(question: Question, services: Services, job: Job, answered: Answered) -> None:
    """Raises JobLost where another machine has the job, and then nothing is stored."""
    cited = keys_in(answered.text)
    values = {"answer": answered.text, "model": answered.model, "cited": json.dumps(cited) if cited else None}
    async with services.database.connection() as db, db.transaction():
        if await _end(db, question, services, {**values, "state": "done", "error": None}, None):
            await _count(db, question, services)
            await _tell(db, question, services, answered.text)
            await _comment(db, question, services, answered.text)
            # Last: an answer that names what the person does not see ends his sight of the conversation.
            await note_sources(db, question.workspace_id, question.found.id, answered.text)
        await finish(db, job)


async def fail(question: Question, services: Services, job: Job, problem: tuple[str, str]) -> None:
    """`problem` is (code, words). The question stays, and can be answered by whoever has its brief."""
    code, words = problem
    async with services.database.connection() as db, db.transaction():
        if await _end(db, question, services, {"state": "failed", "error": words}, code):
            await _comment(db, question, services, f"I have no answer. {words}")
        await finish(db, job)


async def _end(
    db: Connection, question: Question, services: Services, values: dict[str, object], code: str | None
) -> bool:
    """False where somebody has answered it meanwhile."""
    workspace, conversation, now = question.workspace_id, question.found.id, services.now()
    await conversations.RECORDS.lock(db, conversation)
    turn = await turn_of(db, workspace, conversation, question.turn["number"])
    if turn is None or turn["state"] != "working":
        return False
    await conversations.TURNS.update(db, turn["id"], {**values, "answered_at": now})
    await conversations.set_status(db, workspace, conversation, str(values["state"]), now)
    await store.end(db, workspace, turn["id"], code, now)
    return True


async def _count(db: Connection, question: Question, services: Services) -> None:
    assert question.actor is not None  # noqa: S101 - who has an answer asked for it
    mentor = question.mentor
    asker = Asker(question.actor.account_id, question.actor.name)
    purse = purse_of(services.settings.mentor, question.workspace_id, question.turn["id"], asker,
                     (mentor["id"], mentor["handle"], mentor["daily_cents"]))  # fmt: skip
    await purse.count(db, services.now())


async def _tell(db: Connection, question: Question, services: Services, text: str) -> None:
    context = _context(db, question, services)
    number = question.turn["number"]
    await record(context, question.found, "answered", {"turn": (None, number), "text": (None, text)})
    await index_conversation(context, question.found, "done")


async def _comment(db: Connection, question: Question, services: Services, text: str) -> None:
    if question.comment is not None and question.actor is not None:
        context = _context(db, question, services)
        await add_answer(context, question.comment, question.mentor["handle"], text)


def _context(db: Connection, question: Question, services: Services) -> Context:
    assert question.actor is not None  # noqa: S101 - as above
    return services.runner.context_of(db, question.actor)
