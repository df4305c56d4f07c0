"""What the page's lists of mentors and conversations ask in one go: statements alone, the tables are others'."""

from datetime import datetime

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

_PRESENT = """
    from conversations c left join projects p on p.id = c.project_id
    where c.workspace_id = $1 and c.archived_at is null and p.archived_at is null
"""
_MENTORS = sql("""
    select id, handle, role, watches, model, daily_cents, may_propose, archived_at from mentors
    where workspace_id = $1 order by id limit 200
""")
_TALKS = sql(f"""
    select c.mentor_id, count(*) as talks,
           count(case when c.status in ('waiting', 'working') then 1 end) as unanswered
    {_PRESENT} group by c.mentor_id
""")
_TO_DECIDE = sql("""
    select c.mentor_id, count(*) as to_decide
    from proposals o join conversations c on c.id = o.conversation_id left join projects p on p.id = c.project_id
    where o.workspace_id = $1 and o.state = 'proposed' and o.created_at > $2
      and c.archived_at is null and p.archived_at is null
    group by c.mentor_id
""")
_TO_DECIDE_IN = sql("""
    select conversation_id, count(*) as to_decide from proposals
    where workspace_id = $1 and state = 'proposed' and created_at > $2 and conversation_id {among} $3 {end_among}
    group by conversation_id
""")
_COST = sql("""
    select coalesce(sum(a.micros), 0) as micros from answers a join turns t on t.id = a.turn_id
    where a.workspace_id = $1 and t.conversation_id = $2
""")


async def mentors(db: Connection, workspace_id: int) -> list[Row]:
    """In the order in which they were made."""
    return await db.fetch(_MENTORS, workspace_id)


async def talks(db: Connection, workspace_id: int) -> dict[int, Row]:
    """talks and unanswered, by mentor: of what is not put away."""
    return {row["mentor_id"]: row for row in await db.fetch(_TALKS, workspace_id)}


async def to_decide(db: Connection, workspace_id: int, since: datetime) -> dict[int, int]:
    """How many proposals wait, by mentor; what is older than `since` has expired."""
    return {row["mentor_id"]: row["to_decide"] for row in await db.fetch(_TO_DECIDE, workspace_id, since)}


async def to_decide_in(db: Connection, workspace_id: int, ids: list[int], since: datetime) -> dict[int, int]:
    """The same by conversation."""
    rows = await db.fetch(_TO_DECIDE_IN, workspace_id, since, ids)
    return {row["conversation_id"]: row["to_decide"] for row in rows}


async def cost(db: Connection, workspace_id: int, conversation_id: int) -> int:
    """Of all its answers, in millionths of a dollar."""
    row = await db.fetch_one(_COST, workspace_id, conversation_id)
    return int(row["micros"]) if row else 0
