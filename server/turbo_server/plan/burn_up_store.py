"""The statements behind a burn-up: which issues a plan has or had, and what moved them into it, out of it or along."""

from collections.abc import Sequence

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

# One that left has an event whose change begins with the plan's key. No text can hold that: quotes are escaped there.
_LEFT = {
    group: sql(f"""
        select distinct e.subject_id as id from events e
        where e.workspace_id = $1 and e.created_at >= (select created_at from {group}s where id = $2)
          and e.subject_kind = 'issue' and e.action <> 'created' and {{find}}(e.changes, $3) > 0
        order by 1 limit $4
    """)  # noqa: S608 - all parts of these are ours
    for group in ("initiative", "milestone")
}
_COLUMNS = "i.id, i.status, i.created_at, i.finished_at, i.archived_at"
_ISSUES = {
    group: sql(f"""
        select {_COLUMNS}, 1 as is_in from issues i where i.workspace_id = $1 and i.{group}_id = $2
        union all
        select {_COLUMNS}, 0 as is_in from issues i
        where i.workspace_id = $1 and i.id {{among}} $3 {{end_among}} and coalesce(i.{group}_id, 0) <> $2
        limit $4
    """)  # noqa: S608
    for group in ("initiative", "milestone")
}


def _part(field: str) -> str:
    return f"{{field_of}}e.changes{{field_named}}{field}{{end_field}} as {field}"


_MOVES = {
    group: sql(f"""
        select e.subject_id, e.created_at, {_part("status")}, {_part(group)}, {_part("archived_at")}
        from events e
        where e.workspace_id = $1 and e.subject_kind = 'issue' and e.subject_id {{among}} $2 {{end_among}}
          and e.action <> 'created' and e.changes is not null
          and ({" or ".join(f"{{find}}(e.changes, '{chr(34)}{each}{chr(34)}:') > 0" for each in fields)})
        order by e.id desc limit $3
    """)  # noqa: S608
    for group in ("initiative", "milestone")
    for fields in [("status", group, "archived_at")]
}


async def left(db: Connection, workspace_id: int, plan: tuple[str, int, str], limit: int) -> list[int]:
    """Issues that were taken out of the plan, which is (kind, id, key); some of them are in it again."""
    group, plan_id, key = plan
    rows = await db.fetch(_LEFT[group], workspace_id, plan_id, f'"{group}":["{key}"', limit)
    return [row["id"] for row in rows]


async def issues(
    db: Connection, workspace_id: int, plan: tuple[str, int, str], others: Sequence[int], limit: int
) -> list[Row]:
    """Those in the plan, with `is_in`, and the others without."""
    return await db.fetch(_ISSUES[plan[0]], workspace_id, plan[1], list(others), limit)


async def moves(db: Connection, workspace_id: int, group: str, ids: Sequence[int], limit: int) -> list[Row]:
    """Newest first; each field is null or the JSON of what it was before and after."""
    return await db.fetch(_MOVES[group], workspace_id, list(ids), limit)
