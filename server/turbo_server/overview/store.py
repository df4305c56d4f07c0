"""The statements behind get_status: six, however many issues there are."""

from datetime import date

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

_OPEN = "i.status not in ('done', 'cancelled') and i.archived_at is null"
_WAITS = """exists (
    select 1 from issue_blocks b join issues o on o.id = b.blocker_id
    where b.blocked_id = i.id and o.status not in ('done', 'cancelled') and o.archived_at is null)"""
# $1 workspace, $2 project or null for all, $3 the caller
_SCOPE = """i.workspace_id = $1 and (cast($2 as bigint) is null or i.project_id = cast($2 as bigint))
    and i.project_id not in (select id from projects where workspace_id = $1 and archived_at is not null)"""
_MINE = "(i.assignee_id = $3 or i.assignee_id is null)"
_LINE = """
    select p.key as project_key, i.number, i.title, i.status, i.priority, i.due, i.created_at, i.updated_at,
           i.started_at, a.name as assignee, count(*) over () as total
"""
_FROM = "from issues i join projects p on p.id = i.project_id left join accounts a on a.id = i.assignee_id"

_COUNTS = sql(f"""
    select count(*) as open, coalesce(sum(case when i.status = 'blocked' or {_WAITS} then 1 else 0 end), 0) as blocked,
           (select count(*) from projects where workspace_id = $1 and archived_at is null) as projects
    from issues i where {_SCOPE} and {_OPEN}
""")  # noqa: S608 - all parts of these are ours
_IN_PROGRESS = sql(f"""
    {_LINE} {_FROM}
    where {_SCOPE} and i.assignee_id = $3 and i.status in ('in_progress', 'in_review') and i.archived_at is null
    order by i.priority, i.updated_at desc, i.id limit $4
""")
_DUE = sql(f"""
    {_LINE} {_FROM} where {_SCOPE} and {_MINE} and {_OPEN} and i.due >= $4 and i.due <= $5
    order by i.due, i.priority, i.id limit $6
""")
_UNBLOCKS = f"""
    select b.blocker_id, count(*) as waiting from issue_blocks b join issues i on i.id = b.blocked_id
    where i.workspace_id = $1 and {_OPEN} group by b.blocker_id
"""  # noqa: S608
_QUEUE = sql(f"""
    {_LINE}, coalesce(u.waiting, 0) as unblocks {_FROM} left join ({_UNBLOCKS}) u on u.blocker_id = i.id
    where {_SCOPE} and {_MINE} and i.status in ('backlog', 'ready') and i.archived_at is null and not {_WAITS}
    order by case when i.due < $4 then 0 else 1 end, i.priority, coalesce(u.waiting, 0) desc,
             coalesce(i.due, '9999-12-31'{{as_date}}), case when i.status = 'ready' then 0 else 1 end,
             i.created_at, i.id
    limit $5
""")
_RECENT = sql("""
    select w.created_at, a.name as author, p.key as project_key, i.number, w.minutes, w.text
    from work_logs w join accounts a on a.id = w.author_id
    left join issues i on i.id = w.issue_id left join projects p on p.id = i.project_id
    where w.workspace_id = $1 and w.archived_at is null
      and (cast($2 as bigint) is null or w.project_id = cast($2 as bigint))
    order by w.id desc limit $3
""")


async def counts(db: Connection, workspace_id: int, project_id: int | None) -> Row:
    row = await db.fetch_one(_COUNTS, workspace_id, project_id)
    assert row is not None  # noqa: S101 - an aggregate always answers
    return row


async def in_progress(db: Connection, scope: tuple[int, int | None, int], limit: int) -> list[Row]:
    return await db.fetch(_IN_PROGRESS, *scope, limit)


async def due(db: Connection, scope: tuple[int, int | None, int], first: date, last: date, limit: int) -> list[Row]:
    """Due from the first day to the last, both included; `total` in each row counts beyond the limit."""
    return await db.fetch(_DUE, *scope, first, last, limit)


async def queue(db: Connection, scope: tuple[int, int | None, int], today: date, limit: int) -> list[Row]:
    """What could be taken up now, best first: overdue, priority, what unblocks most, due, ready, oldest."""
    return await db.fetch(_QUEUE, *scope, today, limit)


async def recent_work(db: Connection, workspace_id: int, project_id: int | None, limit: int) -> list[Row]:
    return await db.fetch(_RECENT, workspace_id, project_id, limit)
