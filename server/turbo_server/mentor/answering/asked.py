"""The question that a job is about: read from the database at each attempt, with the person as he is at that moment."""

from dataclasses import dataclass, replace

from turbo_server.account.acting import standing_of
from turbo_server.job.types import Job, Services
from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.kind import Found
from turbo_server.kit.scope import Scope
from turbo_server.mentor.conversation import store as conversations
from turbo_server.mentor.conversation.state import found_conversation
from turbo_server.mentor.persona import store as mentors


@dataclass(frozen=True, slots=True)
class Question:
    """`actor` is None for somebody who is no longer in the workspace."""

    workspace_id: int
    conversation: Row
    turn: Row
    mentor: Row
    actor: Actor | None
    comment: int | None = None  # that asked it, in front of all who see its item

    @property
    def found(self) -> Found:
        return found_conversation(self.conversation)


async def read_question(job: Job, services: Services) -> Question | None:
    """None where nobody waits for its answer any more."""
    async with services.database.connection() as db:
        rows = await conversations.by_id(db, job.workspace_id, [job.payload["conversation"]])
        turn = await turn_of(db, job.workspace_id, job.payload["conversation"], job.payload["turn"])
        if not rows or turn is None or turn["state"] != "working":
            return None
        (mentor,) = await mentors.by_id(db, job.workspace_id, [rows[0]["mentor_id"]])
        actor = await _asker(db, job, rows[0]["project_id"], turn["asked_by"])
    return Question(job.workspace_id, rows[0], turn, mentor, actor, job.payload.get("comment"))


async def turn_of(db: Connection, workspace_id: int, conversation_id: int, number: int) -> Row | None:
    turns = await conversations.all_turns(db, workspace_id, conversation_id)
    return next((turn for turn in turns if turn["number"] == number), None)


async def _asker(db: Connection, job: Job, project_id: int | None, account_id: int) -> Actor | None:
    """With no more than his key had when he asked, and he himself has now; in a comment, than all its readers have."""
    payload = job.payload
    only = frozenset(payload["only"]) if payload["only"] is not None else None
    standing = await standing_of(db, job.workspace_id, account_id, only)
    if standing is None:
        return None
    actor = standing.answering_in(project_id) if payload.get("comment") else standing.actor
    return replace(actor, scope=actor.scope.within(Scope(payload["scope"])))
