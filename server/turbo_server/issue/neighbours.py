"""What surrounds an issue, for the verbs that show it."""

from dataclasses import dataclass

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row

from . import link_store, read_store
from .types import CLOSED

SHOWN_DEPENDANTS = 2_000  # more than an undo takes back at once: what is left of them is never none by mistake


@dataclass(frozen=True, slots=True)
class Neighbours:
    parent: Row | None
    parts: list[Row]
    blockers: list[Row]
    waiting: list[Row]
    labels: list[str]

    @property
    def waits(self) -> bool:
        """Whether an open issue stands in the way; nobody waits for what was put away."""
        return any(row["status"] not in CLOSED and row["archived_at"] is None for row in self.blockers)


async def neighbours_of(context: Context, issue_id: int, limit: int) -> Neighbours:
    """At most `limit` of each kind."""
    return Neighbours(
        parent=await read_store.parent(context.db, issue_id),
        parts=await read_store.parts(context.db, issue_id, limit),
        blockers=await read_store.blockers(context.db, issue_id, limit),
        waiting=await read_store.waiting(context.db, issue_id, limit),
        labels=await link_store.label_names(context.db, issue_id),
    )


async def status_counts(context: Context, project_id: int) -> dict[str, int]:
    """How many issues of the project are in each state."""
    return await read_store.status_counts(context.db, project_id)


async def keys_under(context: Context, kind: str, item_id: int) -> list[str]:
    """Issues that are not archived and belong to that item, which may be an issue, an initiative or a milestone."""
    return await read_store.live_keys_under(context.db, kind, item_id, SHOWN_DEPENDANTS)


async def dependants_of(context: Context, issue_id: int) -> list[str]:
    """Its sub-issues and what waits for it."""
    parts = await keys_under(context, "issue", issue_id)
    waiting = await read_store.waiting(context.db, issue_id, SHOWN_DEPENDANTS)
    return [*parts, *(f"{row['project_key']}-{row['number']}" for row in waiting)]
