"""ask_mentor, create_mentor and record_answer."""

from typing import Annotated

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.fields import Line, SomeText, WholeOnly, Words
from turbo_server.kit.keys import ConversationKey, ItemKeyText
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool

from .asking import ask_or_look
from .persona.edit import edit_mentor
from .persona.types import Budget, Handle, Instructions, MentorReceipt, Watches
from .recording import record
from .types import MentorAnswer, RecordedAnswer

Numbers = Annotated[list[Annotated[int, WholeOnly]], Words]


class AskMentor(Arguments):
    mentor: Annotated[Handle | None, Field(description="architect, delivery, writing, ...")] = None
    question: SomeText | None = None
    about: ItemKeyText | None = None
    conversation: Annotated[ConversationKey | None, Field(description="Goes on with it; alone: shows the answer")] = (
        None
    )
    brief_only: bool = False
    accept: Annotated[Numbers | None, Field(description="Proposals to do")] = None
    reject: Numbers | None = None


@tool("Ask a mentor", Effect.CREATE, toolset="mentor")
async def ask_mentor(context: Context, arguments: AskMentor) -> MentorAnswer:
    """Asks a colleague who has read everything here. Answers, or gives you the brief to answer from yourself: then
    record_answer."""
    return await ask_or_look(context, arguments)


class CreateMentor(Arguments):
    name: Handle
    role: Line | None = None
    watches: Watches | None = None
    instructions: Instructions | None = None
    model: Line | None = None
    daily_budget: Annotated[Budget | None, Field(description="Dollars")] = None
    may_propose: Annotated[bool | None, Field(description="Writes, for you to accept")] = None


@tool("Make or change a mentor", Effect.UPDATE, toolset="mentor")
async def create_mentor(context: Context, arguments: CreateMentor) -> MentorReceipt:
    """Makes a mentor, or changes the one of that name."""
    return await edit_mentor(context, arguments.name, arguments.model_dump(exclude_unset=True, exclude={"name"}))


class RecordAnswer(Arguments):
    conversation: ConversationKey
    text: SomeText
    turn: Annotated[int | None, WholeOnly] = None
    model: Line | None = None


@tool("Record an answer", Effect.UPDATE, toolset="mentor")
async def record_answer(context: Context, arguments: RecordAnswer) -> RecordedAnswer:
    """Keeps your answer to what ask_mentor gave you the brief for."""
    return await record(context, arguments.conversation, arguments.text, arguments.turn, arguments.model)
