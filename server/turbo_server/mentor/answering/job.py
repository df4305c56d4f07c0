"""The job `mentor.answer`: one turn's answer, from the beginning at each attempt. The question is in the database all
the while, and what an attempt has cost is counted whether or not it came to an end."""

import logging
from datetime import datetime, timedelta
from typing import Any

from turbo_server.job.queue import enqueue
from turbo_server.job.types import Handler, Job, NotYet, Services
from turbo_server.kit.bell import Bell
from turbo_server.kit.context import Context
from turbo_server.kit.errors import Conflict, TurboError

from . import problems, store
from .asked import Question, read_question
from .budget import BudgetUsedUp
from .finishing import complete, fail
from .problems import AnswerProblem
from .working import answer_question

log = logging.getLogger("turbo_server")
ANSWER = "mentor.answer"
DELAYS = (2.0, 5.0, 15.0, 60.0, 120.0, 300.0)
PATIENCE = timedelta(minutes=20)  # of somebody who waits for an answer
ANSWERED = Bell()  # a turn has come to its end in this process


async def enqueue_answer(context: Context, conversation_id: int, turn: int, *, comment: int | None = None) -> None:
    """In the transaction in which the question is stored. What the key may not see, the answer shall not either.

    `comment`: the one that asked, which is answered too."""
    actor = context.actor
    payload: dict[str, Any] = {
        "conversation": conversation_id, "turn": turn, "scope": actor.scope,
        "only": sorted(actor.only_projects) if actor.only_projects is not None else None, "comment": comment,
    }  # fmt: skip
    unique = f"{conversation_id}:{turn}"
    await enqueue(context.db, actor.workspace_id, ANSWER, payload, unique=unique, now=context.now)


async def run(job: Job, services: Services) -> None:
    question = await read_question(job, services)
    if question is None:
        return  # answered meanwhile by somebody, or gone
    try:
        answered = await answer_question(question, services)
        await complete(question, services, job, answered)
    except AnswerProblem as problem:
        await _after(problem, question, services, job)
    except BudgetUsedUp as problem:
        await fail(question, services, job, (problem.code, problem.text))
    except TurboError as error:
        if job.attempt <= len(DELAYS) and not isinstance(error, Conflict):
            raise
        await fail(question, services, job, (error.code, f"{error.message} {error.hint}"))
    except Exception:
        if job.attempt <= len(DELAYS):
            raise
        log.exception("an answer failed for good")
        await fail(question, services, job, ("internal_error", "Something went wrong inside turbo-server. Ask again."))
    ANSWERED.ring()


async def _after(problem: AnswerProblem, question: Question, services: Services, job: Job) -> None:
    """Raises NotYet, or Passing, where waiting helps and somebody still waits."""
    due = _due(problem, job, services.now())
    if due is None:
        await fail(question, services, job, (problem.code, problem.text))
        return
    async with services.database.connection() as db:
        words = f"waits: {problem.message} {problems.PATIENCE_WORDS}"
        await store.tell(db, job.workspace_id, question.turn["id"], (words, None), 0, services.now())
    if problem.seconds is not None:
        raise NotYet(due, problem.message)
    raise Passing(problem)


def _due(problem: AnswerProblem, job: Job, now: datetime) -> datetime | None:
    """When it is tried again; None where that is no use, or too late."""
    if not problem.passes or job.attempt > len(DELAYS):
        return None
    seconds = problem.seconds if problem.seconds is not None else DELAYS[job.attempt - 1]
    due = now + timedelta(seconds=max(1.0, seconds))
    return due if due - job.created_at <= PATIENCE else None


class Passing(TurboError):
    """The attempt counts, and the next one waits longer."""

    def __init__(self, problem: AnswerProblem) -> None:
        super().__init__(problem.message, problem.hint)


HANDLER = Handler(run, DELAYS, seconds=3600)
