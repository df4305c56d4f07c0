"""Claiming an issue: for one agent session, and never for two at once."""

from datetime import datetime

from turbo_server.activity.record import record, revise
from turbo_server.issue.state import moved
from turbo_server.issue.types import CLOSED
from turbo_server.item.types import Claim
from turbo_server.kit.context import Context
from turbo_server.kit.kind import Found, State
from turbo_server.kit.schema import Result

from . import store
from .leases import LEASE, tell_lease
from .offer import offered
from .rank import Ranked
from .types import IssueClaimed, NotTakeable


async def claim_first(context: Context, project_id: int | None) -> tuple[Ranked | None, list[Ranked]]:
    """The best issue that can be had, claimed, and what is left behind it.

    What another call is about to take is passed over at first; only when that leaves nothing is its end waited for.
    """
    for patient in (False, True):
        queue = await offered(context, project_id)
        left = {each.row["id"]: each for each in queue}
        while left and (taken := await _take_one(context, left, patient=patient)):
            if await store.take(context.db, context.actor, taken.row["id"], context.now, lease_end(context)):
                await _begin(context, await _found(context, taken.row["id"]))
                return taken, [each for each in queue if each is not taken]
        if not queue:
            break
    return None, []


async def _take_one(context: Context, left: dict[int, Ranked], *, patient: bool) -> Ranked | None:
    started = [issue_id for issue_id, each in left.items() if each.is_started]
    account = context.actor.account_id
    picked = await store.pick(context.db, account, list(left), started, context.now, patient=patient)
    return None if picked is None else left.pop(picked)


async def claim_named(context: Context, found: Found) -> None:
    """Raises IssueClaimed or NotTakeable."""
    before = await context.kinds[found.kind].state(context, found.id)
    _require_takeable(context, found, before)
    if not await store.take(context.db, context.actor, found.id, context.now, lease_end(context)):
        raise await held_by_another(context, found)
    await _begin(context, found)


def _require_takeable(context: Context, found: Found, before: State) -> None:
    another = f"next_issue(claim=true) gives another; update_issue(key={found.key}, "
    if before["archived_at"]:
        raise NotTakeable(found.key, "is archived", "next_issue(claim=true) gives another.")
    if before["status"] in CLOSED:
        raise NotTakeable(found.key, f"is {before['status']}", f"{another}status=ready) opens it again.")
    if before["assignee"] not in (None, context.actor.name):
        raise NotTakeable(found.key, f"is {before['assignee']}'s", f"{another}assignee=me) makes it yours first.")


async def claim_of(context: Context, found: Found) -> dict[str, Result]:
    """For get_item: nothing where nobody holds the issue."""
    holder = await store.holder(context.db, found.id, context.now)
    if holder is None:
        return {}
    claim = Claim(
        by=holder["person"],
        machine=holder["machine"] or None,
        session=holder["session"] or None,
        until=holder["expires_at"],
    )
    return {"claimed": claim}


async def held_by_another(context: Context, found: Found) -> IssueClaimed:
    holder = await store.holder(context.db, found.id, context.now)
    assert holder is not None  # noqa: S101 - it could not be taken, and is locked since
    return IssueClaimed(found.key, holder)


async def _begin(context: Context, found: Found) -> None:
    async def begun(before: State) -> State:
        return {**moved("in_progress", before, context.now), "assignee": context.actor.name}

    if not (await revise(context, found, begun, "claimed")).changes:
        await record(context, found, "claimed")
    tell_lease(context, 1)


async def return_to_own(context: Context) -> Found | None:
    """The issue that the session claimed first and still holds, for as long again."""
    held = await store.held(context.db, context.actor, context.now)
    if not held:
        return None
    await store.renew(context.db, context.actor, lease_end(context))
    tell_lease(context, len(held))
    return await _found(context, held[0]["issue_id"])


async def _found(context: Context, issue_id: int) -> Found:
    (found,) = await context.kinds["issue"].find_by_id(context, [issue_id])
    return found


def lease_end(context: Context) -> datetime:
    return context.now + LEASE
