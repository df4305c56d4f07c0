"""The statements behind a timeline: what is planned of one project or of all, along its days."""

from datetime import date, datetime

from turbo_server.issue.conditions import DUE
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Conditions, sql

_PLAN = """
    select t.id, p.key as project_key, t.number, t.title, t.status, t.due, t.created_at, o.name as owner
"""
_ISSUE = """
    select i.id, p.key as project_key, i.number, i.title, i.status, i.priority, i.due, i.started_at,
           a.name as assignee, np.key as initiative_project, n.number as initiative_number, m.number as milestone_number
    from issues i join projects p on p.id = i.project_id left join accounts a on a.id = i.assignee_id
    left join initiatives n on n.id = i.initiative_id left join projects np on np.id = n.project_id
    left join milestones m on m.id = i.milestone_id
"""


async def plans(
    db: Connection, where: Conditions, source: str, window: tuple[date, date, datetime], over: tuple[str, ...],
    limit: int,
) -> list[Row]:  # fmt: skip
    """Of the table `source`: those due within the window, and those that still run in it. `window` is its first and
    last day, and the moment at which it ends."""
    first, last, end = window
    where.add("t.archived_at is null and p.archived_at is null")
    where.add("t.created_at < $?", end)
    where.add(
        "t.due >= $? and t.due <= $? or t.status not in (" + ", ".join(f"'{each}'" for each in over) + ")", first, last
    )
    statement = sql(
        f"{_PLAN} from {source} where {where} "
        f"order by coalesce(t.due, '9999-01-01'{{as_date}}), t.id limit {where.bind(limit)}"
    )
    return await db.fetch(statement, *where.parameters)


async def issues(db: Connection, where: Conditions, window: tuple[date, date], limit: int) -> list[Row]:
    """Open ones that are due in the window."""
    where.add(f"{DUE} and p.archived_at is null")
    where.add("i.due >= $? and i.due <= $?", *window)
    statement = sql(f"{_ISSUE} where {where} order by i.due, i.priority, i.id limit {where.bind(limit)}")
    return await db.fetch(statement, *where.parameters)
