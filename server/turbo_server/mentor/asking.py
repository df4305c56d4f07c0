"""Asks a mentor, or looks what became of a question."""

from typing import Protocol

from turbo_server.activity.types import ItemArchived
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.kind import Found

from .answering.job import enqueue_answer
from .conversation.state import found_conversation, require_conversation, what_about
from .conversation.turns import ask, open_conversation
from .handing import brief_for, handed_out
from .looking import Deciding, decide_on, look_at, looked, waiting
from .persona.state import require_mentor
from .types import MentorAnswer


class Question(Protocol):
    """What a question is asked with."""

    @property
    def question(self) -> str | None: ...
    @property
    def mentor(self) -> str | None: ...
    @property
    def about(self) -> str | None: ...
    @property
    def conversation(self) -> str | None: ...
    @property
    def brief_only(self) -> bool: ...


class Asked(Question, Deciding, Protocol):
    """ask_mentor's arguments."""


async def ask_or_look(context: Context, asked: Asked) -> MentorAnswer:
    """Waits a little for the answer, once the call's transaction is over."""
    if asked.accept or asked.reject:
        return await decide_on(context, asked)
    if asked.question is None:
        return await look_at(context, _conversation_of(asked))
    return waiting(context, await put_question(context, asked))


async def put_question(context: Context, asked: Question) -> MentorAnswer:
    """At once. A server that answers itself does so by a job, which is there once this call's transaction is: from
    then on the question is never lost."""
    assert asked.question is not None  # noqa: S101 - the callers have looked
    mentor, found, about = await _place(context, asked)
    if context.traits.mentors_answer and not asked.brief_only:
        turn = await ask(context, found, asked.question, "working")
        await enqueue_answer(context, found.id, turn)
        return await looked(context, found.key)
    brief = await brief_for(context, mentor, asked.question, about, found)
    turn = await ask(context, found, asked.question, "waiting")
    return handed_out(context, mentor, found, turn, brief)


async def _place(context: Context, asked: Question) -> tuple[Row, Found, Found | None]:
    """Whom to ask, in which conversation, and about what."""
    if asked.conversation:
        row = await require_conversation(context, asked.conversation)
        if asked.mentor and asked.mentor != row["mentor"]:
            raise InvalidArguments(
                f"ask_mentor: {asked.conversation} is a conversation with @{row['mentor']}, not with @{asked.mentor}.",
                "Leave out mentor, or leave out conversation to begin another.",
            )
        about = await context.find(asked.about) if asked.about else await what_about(context, row)
        return await _at_work(context, row["mentor"]), found_conversation(row), about
    if asked.mentor is None:
        raise InvalidArguments(
            "ask_mentor: `mentor` is missing.", "list_items(kind=mentor) shows them: architect, delivery, writing, ..."
        )
    mentor = await _at_work(context, asked.mentor)
    about = await context.find(asked.about) if asked.about else None
    return mentor, await open_conversation(context, mentor, asked.question or "", about), about


async def _at_work(context: Context, handle: str) -> Row:
    """Raises MentorNotFound, and ItemArchived for one that was put away."""
    mentor = await require_mentor(context, handle)
    if mentor["archived_at"]:
        raise ItemArchived(f"@{handle}", f"@{handle}")
    return mentor


def _conversation_of(asked: Question) -> str:
    if asked.conversation is None:
        raise InvalidArguments(
            "ask_mentor: `question` is missing.", "Ask something; or give conversation alone to see its latest answer."
        )
    return asked.conversation
