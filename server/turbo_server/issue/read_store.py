"""The statements that show one issue's neighbours: its parent, its parts, what it waits for and what waits for it."""

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

_KEYED = """
    i.id, p.key as project_key, i.number, i.title, i.status, i.archived_at
    from issues i join projects p on p.id = i.project_id"""
_PARENT = sql(f"select {_KEYED} join issues child on child.parent_id = i.id where child.id = $1")
_PARTS = sql(f"""
    select count(case when i.status <> 'cancelled' then 1 end) over () as total,
           count(case when i.status = 'done' then 1 end) over () as done, {_KEYED}
    where i.parent_id = $1 and i.archived_at is null order by i.id limit $2
""")
_BLOCKERS = sql(f"""
    select {_KEYED} join issue_blocks b on b.blocker_id = i.id where b.blocked_id = $1 order by i.id limit $2
""")
_WAITING = sql(f"""
    select {_KEYED} join issue_blocks b on b.blocked_id = i.id
    where b.blocker_id = $1 and i.archived_at is null order by i.id limit $2
""")
_KEYS_UNDER = {
    name: sql(f"select {_KEYED} where i.{column} = $1 and i.archived_at is null order by i.id limit $2")
    for name, column in {"issue": "parent_id", "initiative": "initiative_id", "milestone": "milestone_id"}.items()
}
_STATUS_COUNTS = sql("""
    select status, count(*) as total from issues where project_id = $1 and archived_at is null
    group by status order by status
""")


async def parent(db: Connection, issue_id: int) -> Row | None:
    return await db.fetch_one(_PARENT, issue_id)


async def parent_key(db: Connection, issue_id: int) -> str | None:
    row = await parent(db, issue_id)
    return f"{row['project_key']}-{row['number']}" if row else None


async def parts(db: Connection, issue_id: int, limit: int) -> list[Row]:
    """Each row has the `total` of all parts that are not cancelled, and how many of them are `done`."""
    return await db.fetch(_PARTS, issue_id, limit)


async def blockers(db: Connection, issue_id: int, limit: int) -> list[Row]:
    return await db.fetch(_BLOCKERS, issue_id, limit)


async def blocker_keys(db: Connection, issue_id: int) -> list[str]:
    return [f"{row['project_key']}-{row['number']}" for row in await blockers(db, issue_id, 100)]


async def waiting(db: Connection, issue_id: int, limit: int) -> list[Row]:
    return await db.fetch(_WAITING, issue_id, limit)


async def status_counts(db: Connection, project_id: int) -> dict[str, int]:
    return {row["status"]: row["total"] for row in await db.fetch(_STATUS_COUNTS, project_id)}


async def live_keys_under(db: Connection, kind: str, item_id: int, limit: int) -> list[str]:
    return [f"{row['project_key']}-{row['number']}" for row in await db.fetch(_KEYS_UNDER[kind], item_id, limit)]
