"""The statements that count and show the issues of an initiative or a milestone."""

from collections.abc import Sequence
from datetime import date

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

from .conditions import WAITS

_OPEN = "i.status not in ('done', 'cancelled')"
_BLOCKED = f"{_OPEN} and (i.status = 'blocked' or {WAITS})"


def _count(condition: str) -> str:
    return f"count(case when {condition} then 1 end)"


_PROGRESS = {
    group: sql(f"""
        select i.{group}_id as group_id, {_count("i.status <> 'cancelled'")} as total,
               {_count("i.status = 'done'")} as done, {_count("i.status = 'cancelled'")} as cancelled,
               {_count("i.status in ('in_progress', 'in_review')")} as in_progress,
               {_count(f"{_OPEN} and i.due < $2")} as overdue, {_count(_BLOCKED)} as blocked
        from issues i where i.{group}_id {{among}} $1 {{end_among}} and i.archived_at is null group by i.{group}_id
    """)  # noqa: S608 - all parts of these are ours
    for group in ("initiative", "milestone")
}
# What is worked on, then what is stuck, then what can be taken up; of what is over, the latest.
_PLACE = f"""
    case when i.status = 'cancelled' then 'cancelled' when i.status = 'done' then 'done'
         when i.status in ('in_progress', 'in_review') then 'in_progress'
         when i.status = 'blocked' or {WAITS} then 'blocked' else 'to_do' end
"""
PLACES = ("in_progress", "blocked", "to_do", "done", "cancelled")
_RANK = " ".join(f"when '{place}' then {rank}" for rank, place in enumerate(PLACES))
_MEMBERS = {
    group: sql(f"""
        select p.key as project_key, s.number, s.title, s.status, s.due, a.name as assignee, s.place
        from (select i.id, i.project_id, i.number, i.title, i.status, i.priority, i.due, i.assignee_id, i.finished_at,
                     {_PLACE} as place
              from issues i where i.{group}_id = $1 and i.archived_at is null) s
        join projects p on p.id = s.project_id left join accounts a on a.id = s.assignee_id
        order by case s.place {_RANK} end, s.finished_at desc, s.priority, coalesce(s.due, '9999-01-01'{{as_date}}),
                 s.id
        limit $2
    """)  # noqa: S608
    for group in ("initiative", "milestone")
}


async def progress(db: Connection, group: str, ids: Sequence[int], today: date) -> list[Row]:
    """One row for each that has issues."""
    return await db.fetch(_PROGRESS[group], list(ids), today)


async def members(db: Connection, group: str, group_id: int, limit: int) -> list[Row]:
    return await db.fetch(_MEMBERS[group], group_id, limit)
