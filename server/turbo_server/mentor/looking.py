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
from .conversation.state import found_conversation, require_conversation, what_about
from .conversation.turns import as_turn
from .handing import brief_for, handed_out
from .persona.state import require_mentor
from .types import MentorAnswer


class Deciding(Protocol):
    """Those of ask_mentor's arguments."""

    @property
    def conversation(self) -> str | None: ...
    @property
    def accept(self) -> list[int] | None: ...
    @property
    def reject(self) -> list[int] | None: ...


async def look_at(context: Context, key: str) -> MentorAnswer:
    """A question that waits for the model at hand is handed to it again."""
    now = await looked(context, key)
    return await _handed_again(context, now) if now.state == "waiting" else waiting(context, now)


def waiting(context: Context, now: MentorAnswer) -> MentorAnswer:
    """Where the answer is not there yet, the call waits for it a little, once its transaction is over."""
    if now.state == "working" and not context.afterwards:
        context.answer_headers.update(pending(now))
        context.afterwards.append(wait_for(context.actor, lambda later: looked(later, now.key)))
    return now


async def _handed_again(context: Context, now: MentorAnswer) -> MentorAnswer:
    row = await require_conversation(context, now.key)
    found, mentor = found_conversation(row), await require_mentor(context, row["mentor"])
    (latest,) = await store.latest_turns(context.db, context.actor.workspace_id, found.id, 1)
    brief = await brief_for(context, mentor, latest["question"], await what_about(context, row), found)
    return handed_out(context, mentor, found, latest["number"], brief)


async def looked(context: Context, key: str) -> MentorAnswer:
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
        doing=doing(used) if works else None,
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


def doing(used: Row | None) -> str:
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
