"""A person decides on what a mentor proposed: accepted, it is done as that person, once, in the very transaction."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from turbo_server.activity.record import record
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import InvalidArguments, TurboError
from turbo_server.kit.kind import Found
from turbo_server.kit.text import clip

from . import proposal_store as store
from .types import Proposal, ProposalDecided, ProposalNotFound

KEPT_FOR = timedelta(days=14)
LONGEST_OUTCOME = 4_000
SHOWN_VALUE = 240


async def proposals_of(context: Context, conversation_id: int) -> list[Proposal]:
    rows = await store.of_conversation(context.db, context.actor.workspace_id, conversation_id)
    return [shown_proposal(row, context.now) for row in rows]


async def decide(context: Context, found: Found, accept: Sequence[int], reject: Sequence[int]) -> list[Proposal]:
    """All or nothing: what cannot be done undoes the call. Raises ProposalNotFound and ProposalDecided."""
    if both := set(accept) & set(reject):
        raise InvalidArguments(f"ask_mentor: {min(both)} cannot be both accepted and rejected.", "Decide on one.")
    await store.lock(context.db, context.actor.workspace_id, found.id)
    rows = {row["number"]: row for row in await store.of_conversation(context.db, context.actor.workspace_id, found.id)}
    for number in (*accept, *reject):
        row = rows.get(number)
        if row is None:
            raise ProposalNotFound(found.key, number, sorted(rows))
        state = _state(row, context.now)
        if state != "proposed" and not _is_said_again(context, row, state, accepts=number in accept):
            raise ProposalDecided(found.key, row, state)
    for number in dict.fromkeys(accept):
        await _accept(context, found, rows[number])
    for number in dict.fromkeys(reject):
        await _note(context, found, rows[number], "rejected", None)
    return [each for each in await proposals_of(context, found.id) if each.number in {*accept, *reject}]


async def _accept(context: Context, found: Found, row: Row) -> None:
    if row["state"] != "proposed":
        return
    assert context.perform is not None  # noqa: S101 - a call came through the runner
    try:
        result = await context.perform(row["tool"], json.loads(row["arguments"]))
    except TurboError as error:
        error.message = f"Proposal {row['number']} of {found.key} cannot be done: {error.message}"
        raise
    await _note(context, found, row, "accepted", result.as_json().decode())


async def _note(context: Context, found: Found, row: Row, state: str, outcome: str | None) -> None:
    if row["state"] != "proposed":
        return
    kept = outcome if outcome is None or len(outcome) <= LONGEST_OUTCOME else None
    await store.decide(context.db, row["id"], state, context.actor.account_id, context.now, kept)
    await record(context, found, "decided", {"proposal": (None, row["number"]), "state": ("proposed", state)})


def _is_said_again(context: Context, row: Row, state: str, *, accepts: bool) -> bool:
    """The same person says the same once more: that is no mistake, and is not done twice."""
    return state == ("accepted" if accepts else "rejected") and row["decided_by"] == context.actor.name


def _state(row: Row, now: datetime) -> str:
    is_late = row["state"] == "proposed" and now - as_moment(row["created_at"]) > KEPT_FOR
    return "expired" if is_late else str(row["state"])


def shown_proposal(row: Row, now: datetime, shown: int = SHOWN_VALUE) -> Proposal:
    """With so many characters of each argument."""
    arguments = json.loads(row["arguments"])
    return Proposal(
        number=row["number"],
        tool=row["tool"],
        arguments={name: clip(value, shown) if isinstance(value, str) else value for name, value in arguments.items()},
        reason=row["reason"],
        risk=row["risk"],
        state=_state(row, now),
        decided_by=row["decided_by"],
        decided_at=row["decided_at"],
        done=json.loads(row["outcome"]) if row["outcome"] else None,
    )
