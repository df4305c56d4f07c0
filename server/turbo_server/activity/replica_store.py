"""The statements by which a replica is asked how far it is: by the events, one of which every change to an item leaves.

A replica applies transactions as they were committed: where it shows an event it shows what the event tells of, and all
that was committed before. So no position in a log is asked for, which each database and host has otherwise.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql

FARTHEST_BEHIND = timedelta(seconds=10)
# An event's moment is that of its call's beginning, by its server's clock: what was written within the last seconds may
# be dated this much earlier.
OWN_SINCE = FARTHEST_BEHIND + timedelta(seconds=50)

_OWN = "select count(*) from events where workspace_id = $1 and author_id = $2 and created_at > $3"
_MARK = sql(f"""
    select ({_OWN}) as own, (
        select id from events where workspace_id = $1 and created_at <= $4 order by created_at desc, id desc limit 1
    ) as older
""")  # noqa: S608 - all ours
_PLACE = sql(f"""
    select ({_OWN}) as own,
           cast($4 as bigint) is null or exists (select 1 from events where id = cast($4 as bigint)) as is_near
""")  # noqa: S608 - all ours


@dataclass(frozen=True, slots=True)
class Mark:
    """What a replica must show: as many of the person's own events, and the newest that is no longer new."""

    workspace_id: int
    person_id: int
    since: datetime
    own: int
    older: int | None


class Progress:
    """Whether a replica is good enough for a person, now."""

    async def mark(self, db: Connection, actor: Actor, now: datetime) -> Mark:
        """Of the primary."""
        since = now - OWN_SINCE
        row = await db.fetch_one(_MARK, actor.workspace_id, actor.account_id, since, now - FARTHEST_BEHIND)
        assert row is not None  # noqa: S101 - it asks for no table's row
        return Mark(actor.workspace_id, actor.account_id, since, row["own"], row["older"])

    async def has_reached(self, db: Connection, mark: Mark) -> bool:
        """Of the replica. It may show more than the mark, never something else."""
        row = await db.fetch_one(_PLACE, mark.workspace_id, mark.person_id, mark.since, mark.older)
        assert row is not None  # noqa: S101 - as above
        return row["own"] >= mark.own and bool(row["is_near"])
