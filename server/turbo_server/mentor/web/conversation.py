"""GET /v1/conversation: one of them in whole, and POST /v1/conversations/rename."""

from collections.abc import Container
from typing import Annotated

from pydantic import Field

from turbo_server.activity.record import revise
from turbo_server.activity.types import as_changes
from turbo_server.item.types import Neighbour
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.fields import FIELD_LIMIT, Limit, Line, SeenVersion, WholeOnly
from turbo_server.kit.keys import ConversationKey
from turbo_server.kit.kind import State
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.mentor.answering import proposal_store
from turbo_server.mentor.answering import store as answering
from turbo_server.mentor.answering.costs import cost_of
from turbo_server.mentor.answering.deciding import shown_proposal
from turbo_server.mentor.answering.prices import MILLION
from turbo_server.mentor.brief.store import resolve
from turbo_server.mentor.conversation import store as conversations
from turbo_server.mentor.conversation.state import found_conversation, require_conversation, what_about
from turbo_server.mentor.conversation.turns import as_turn
from turbo_server.mentor.conversation.types import Turn
from turbo_server.mentor.looking import doing
from turbo_server.mentor.persona import store as mentors

from . import store
from .types import ConversationShown, ProposalShown, Renamed, TurnShown

BEYOND = 2**31 - 1  # any question's number
PLAIN = ("title", "status", "project", "version", "created_by", "created_at", "updated_at", "archived_at")


class ShowConversation(Arguments):
    key: ConversationKey
    before: Annotated[
        int, Field(ge=1, le=BEYOND, description="The questions before the one of this number"), WholeOnly
    ] = BEYOND
    limit: Limit = 50


@tool("Show a conversation", Effect.READ)
async def show_conversation(context: Context, arguments: ShowConversation) -> ConversationShown:
    """Questions and answers in whole, what an answer under way has said so far, what each has cost, and what was
    proposed with it."""
    row = await require_conversation(context, arguments.key)
    found, workspace = found_conversation(row), context.actor.workspace_id
    turns = await conversations.turns_before(context.db, workspace, found.id, arguments.before, arguments.limit)
    about = await what_about(context, row)
    (mentor,) = await mentors.by_id(context.db, workspace, [row["mentor_id"]])
    return ConversationShown(
        key=found.key,
        mentor=f"@{row['mentor']}",
        role=mentor["role"],
        about=Neighbour(key=about.key, title=about.title, status=about.status) if about else None,
        turns=await _turns(context, turns),
        earlier=turns[0]["number"] - 1 if turns else 0,
        proposals=await _proposals(context, found.id, turns),
        usd=await store.cost(context.db, workspace, found.id) / MILLION,
        answers_itself=context.traits.mentors_answer,
        **{name: row[name] for name in PLAIN},
    )


async def _turns(context: Context, turns: list[Row]) -> list[TurnShown]:
    workspace = context.actor.workspace_id
    used = await answering.of_turns(context.db, workspace, [turn["id"] for turn in turns])
    shown = [as_turn(turn, cost_of(used.get(turn["id"]))) for turn in turns]
    cited = sorted({key for turn in shown for key in turn.cited or ()})
    known = await resolve(context.db, workspace, cited) if cited else {}
    return [_turn(turn, known, used.get(row["id"])) for turn, row in zip(shown, turns, strict=True)]


def _turn(shown: Turn, known: Container[str], used: Row | None) -> TurnShown:
    works = shown.state == "working"
    return TurnShown(
        **shown.model_dump(exclude={"cited"}),
        cited=[key for key in shown.cited or () if key in known] or None,
        usd=used["micros"] / MILLION if used and used["micros"] else None,
        doing=doing(used) if works else None,
        so_far=used["so_far"] if works and used else None,
        code=used["code"] if used and shown.state == "failed" else None,
    )


async def _proposals(context: Context, conversation_id: int, turns: list[Row]) -> list[ProposalShown]:
    numbers = {turn["id"]: turn["number"] for turn in turns}
    rows = await proposal_store.of_conversation(context.db, context.actor.workspace_id, conversation_id)
    return [
        ProposalShown(
            **shown_proposal(row, context.now, FIELD_LIMIT).model_dump(),
            turn=numbers[row["turn_id"]],
        )
        for row in rows
        if row["turn_id"] in numbers
    ]


class RenameConversation(Arguments):
    key: ConversationKey
    title: Line
    version: SeenVersion | None = None


@tool("Rename a conversation", Effect.UPDATE)
async def rename_conversation(context: Context, arguments: RenameConversation) -> Renamed:
    """It is called as its first question begins until somebody names it."""
    found = found_conversation(await require_conversation(context, arguments.key))

    async def named(_before: State) -> State:
        return {"title": arguments.title}

    revision = await revise(context, found, named, seen=arguments.version)
    changed = as_changes(revision.changes) or None
    return Renamed(key=found.key, title=arguments.title, version=revision.version, changed=changed)
