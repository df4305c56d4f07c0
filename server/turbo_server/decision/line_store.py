"""The statements behind a line of decisions."""

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

# Up to the one that nothing supersedes, then down again to all that it superseded, at any distance.
_STEPS = sql("""
    with recursive after (id, superseded_by_id) as (
        select id, superseded_by_id from decisions where id = $1
        union all
        select d.id, d.superseded_by_id from decisions d join after a on d.id = a.superseded_by_id
    ),
    line (id, step) as (
        select id, 0 from after where superseded_by_id is null
        union all
        select d.id, l.step + 1 from decisions d join line l on d.superseded_by_id = l.id
    )
    select id, step from line order by step, id limit $2
""", sees_all="only ids, of which those that are seen are read with another statement")  # fmt: skip
_SEEN = sql("""
    select id, number, title, status, decided_at, superseded_by_id, archived_at from decisions
    where workspace_id = $1 and id {among} $2 {end_among}
""")


async def steps(db: Connection, decision_id: int, limit: int) -> dict[int, int]:
    """The ids of a decision's whole line, with how many steps each stands before the newest; the newest first."""
    return {row["id"]: row["step"] for row in await db.fetch(_STEPS, decision_id, limit)}


async def seen(db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
    return await db.fetch(_SEEN, workspace_id, ids)
