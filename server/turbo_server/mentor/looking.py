"""How it stands with the latest question of a conversation, and what was decided on the proposals in it."""

from typing import Protocol

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidArguments

from .answering import store as answering
from .answering.costs import cost_of
from .answering.deciding import decide, proposals_of
from .answering.waiting import pending, wait_for
from .conversation import store
from .conversation.state import found_conversation, require_conversation
from .conversation.turns import as_turn
from .types import MentorAnswer


class Deciding(Protocol):
    """Those of ask_mentor's arguments."""

    conversation: str | None
    accept: list[int] | None
    reject: list[int] | None


async def look_at(context: Context, key: str) -> MentorAnswer:
    """Where the answer is not there yet, the call waits for it a little, once its transaction is over."""
    looked = await _looked(context, key)
    if looked.state == "working" and not context.afterwards:
        context.answer_headers.update(pending(looked))
        context.afterwards.append(wait_for(context.actor, lambda later: _looked(later, key)))
    return looked


async def _looked(context: Context, key: str) -> MentorAnswer:
    row = await require_conversation(context, key)
    found, workspace = found_conversation(row), context.actor.workspace_id
    (latest,) = await store.latest_turns(context.db, workspace, found.id, 1)
    used = (await answering.of_turns(context.db, workspace, [latest["id"]])).get(latest["id"])
    shown = as_turn(latest)
    works = shown.state == "working"
    return MentorAnswer(
        key=found.key,
        mentor=f"@{row['mentor']}",
        turn=shown.turn,
        state=shown.state,
        doing=_doing(used) if works else None,
        so_far=used["so_far"] if works and used else None,
        answer=shown.answer,
        model=shown.model,
        cited=shown.cited,
        proposals=[each for each in await proposals_of(context, found.id) if each.state == "proposed"] or None,
        cost=cost_of(used),
        error=shown.error,
        next=_next(found.key, shown.state),
        url=context.page_of(found.key),
    )


def _doing(used: Row | None) -> str:
    return (used["phase"] if used else None) or "is about to begin"


def _next(key: str, state: str) -> str | None:
    match state:
        case "working":
            return (
                f"ask_mentor(conversation={key}) gives the answer once it is there; it comes whether or not you wait."
            )
        case "failed":
            return f"The question is kept: ask_mentor(conversation={key}, question=...) asks again."
    return None


async def decide_on(context: Context, asked: Deciding) -> MentorAnswer:
    if asked.conversation is None:
        raise InvalidArguments(
            "ask_mentor: `accept` and `reject` need `conversation`.",
            "Proposals are numbered in their conversation: ASK-3, accept=[1].",
        )
    row = await require_conversation(context, asked.conversation)
    found = found_conversation(row)
    decided = await decide(context, found, asked.accept or [], asked.reject or [])
    (latest,) = await store.latest_turns(context.db, context.actor.workspace_id, found.id, 1)
    return MentorAnswer(
        key=found.key,
        mentor=f"@{row['mentor']}",
        turn=latest["number"],
        state=latest["state"],
        proposals=decided,
        url=context.page_of(found.key),
    )
