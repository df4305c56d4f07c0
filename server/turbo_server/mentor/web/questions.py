"""POST /v1/questions asks and answers at once, POST /v1/proposals decides on what was proposed."""

from typing import Annotated

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import SomeText, WholeOnly, Words
from turbo_server.kit.keys import ConversationKey, ItemKeyText
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.mentor.answering.deciding import decide
from turbo_server.mentor.asking import put_question
from turbo_server.mentor.conversation.state import found_conversation, require_conversation
from turbo_server.mentor.persona.types import Handle
from turbo_server.mentor.types import MentorAnswer

from .types import Decided

Numbers = Annotated[list[Annotated[int, WholeOnly]], Words]


class AskQuestion(Arguments):
    question: SomeText
    mentor: Annotated[Handle | None, Field(description="architect; not needed with a conversation")] = None
    about: Annotated[ItemKeyText | None, Field(description="The item that it is about")] = None
    conversation: Annotated[ConversationKey | None, Field(description="Goes on with it")] = None
    brief_only: Annotated[bool, Field(description="The server does not answer; Claude Code does, from the brief")] = (
        False
    )


@tool("Ask a question", Effect.CREATE)
async def ask_question(context: Context, arguments: AskQuestion) -> MentorAnswer:
    """As ask_mentor, without waiting: where the server answers, `state` is working and GET /v1/conversation shows how
    far it is."""
    return await put_question(context, arguments)


class DecideProposals(Arguments):
    conversation: ConversationKey
    accept: Annotated[Numbers, Field(description="Numbers of proposals to do, as the person who accepts")] = []
    reject: Numbers = []


@tool("Decide on proposals", Effect.UPDATE)
async def decide_proposals(context: Context, arguments: DecideProposals) -> Decided:
    """As ask_mentor with accept and reject: all of it holds, or nothing."""
    if not arguments.accept and not arguments.reject:
        raise InvalidArguments("Nothing is accepted or rejected.", "Proposals are numbered: accept=[1], reject=[2].")
    found = found_conversation(await require_conversation(context, arguments.conversation))
    return Decided(key=found.key, proposals=await decide(context, found, arguments.accept, arguments.reject))
