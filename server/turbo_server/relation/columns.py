"""The links that a column of the item itself holds: they are written there, so that there is one truth."""

from turbo_server.activity.record import revise
from turbo_server.decision.tools import set_superseded
from turbo_server.issue.state import in_key_order
from turbo_server.issue.types import MOST_BLOCKERS
from turbo_server.kit.context import Context
from turbo_server.kit.kind import Found, State

from .types import LinkRefused


async def set_blocker(context: Context, blocker: Found, blocked: Found, *, present: bool) -> bool:
    """As update_issue's blocked_by. Raises DependencyCycle."""

    async def wanted(before: State) -> State:
        keys = [key for key in before["blocked_by"] if key != blocker.key]
        if present and len(keys) == MOST_BLOCKERS:
            raise LinkRefused(
                f"{blocked.key} waits for {MOST_BLOCKERS} issues already, which is the most.",
                "Take away a link with remove=true, or make an issue that stands for several.",
            )
        return {"blocked_by": in_key_order([*keys, blocker.key]) if present else keys}

    return bool((await revise(context, blocked, wanted)).changes)


async def set_superseding(context: Context, newer: Found, older: Found, *, present: bool) -> bool:
    """As update_decision's superseded_by. Raises DecisionCycle, and what else update_decision raises."""
    return bool(await set_superseded(context, older, newer.key, present=present))
