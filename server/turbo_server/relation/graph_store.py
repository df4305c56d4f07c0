"""The statements behind a project's graph: ids and how they hang together; nothing is read that is not drawn."""

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

_OPEN = """
    from issues i where i.project_id = $1 and i.status not in ('done', 'cancelled') and i.archived_at is null
"""
_OPEN_ISSUES = sql(f"""
    select i.id, i.parent_id, i.initiative_id, i.milestone_id {_OPEN} order by i.priority, i.id limit $2
""")
_COUNT = sql(f"select count(*) as total {_OPEN}")
_PARTS = sql("""
    select id, parent_id from issues where parent_id {among} $1 {end_among} and archived_at is null order by id limit $2
""")
_BLOCKS = sql("""
    select blocker_id, blocked_id from issue_blocks where blocked_id {among} $1 {end_among}
    union
    select blocker_id, blocked_id from issue_blocks where blocker_id {among} $1 {end_among}
    order by 1, 2 limit $2
""")
_RELATION = "select r.id, r.type, r.from_kind, r.from_id, r.to_kind, r.to_id from relations r"
_RELATIONS = sql(
    "\nunion\n".join(
        f"{_RELATION} {source} and r.workspace_id = $1"
        for end in ("from", "to")
        for source in (
            f"where r.{end}_kind = 'issue' and r.{end}_id {{among}} $3 {{end_among}}",
            *(
                f"join {kind}s x on x.id = r.{end}_id where r.{end}_kind = '{kind}' and x.project_id = $2"
                for kind in ("initiative", "milestone", "decision", "document")
            ),
        )
    )
    + " order by id desc limit $4"
)
_SUPERSEDED = sql("""
    select id, superseded_by_id from decisions where project_id = $1 and superseded_by_id is not null
    order by id desc limit $2
""")


async def open_issues(db: Connection, project_id: int, limit: int) -> list[Row]:
    """The most urgent first."""
    return await db.fetch(_OPEN_ISSUES, project_id, limit)


async def count_open(db: Connection, project_id: int) -> int:
    row = await db.fetch_one(_COUNT, project_id)
    return row["total"] if row else 0


async def parts(db: Connection, issues: list[int], limit: int) -> list[Row]:
    return await db.fetch(_PARTS, issues, limit)


async def blocks(db: Connection, issues: list[int], limit: int) -> list[Row]:
    return await db.fetch(_BLOCKS, issues, limit)


async def relations(db: Connection, workspace_id: int, project_id: int, issues: list[int], limit: int) -> list[Row]:
    """Those of the issues, and of everything else in the project; the newest first."""
    return await db.fetch(_RELATIONS, workspace_id, project_id, issues, limit)


async def superseded(db: Connection, project_id: int, limit: int) -> list[Row]:
    return await db.fetch(_SUPERSEDED, project_id, limit)
