"""The statements that gather what the queue compares: short walks along indexes, whatever there is in all.

Each walk takes the first few by one measure that an index has in order; what is among the first by any of them is
compared with the rest in rank.py.
"""

from datetime import datetime

from turbo_server.issue.conditions import EVERYWHERE, OPEN, TAKEABLE, WAITS
from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Statement, sql

WALK = 50
LOOKED_AT = 200  # of the most important open issues, to find which of them wait, and for what
MILESTONES = 20
COUNTED = 1_001
# How many issues wait for one, and the most important of them, in one number: count, priority, id. One subquery then
# tells both, and no planner turns it into a scan of all dependencies.
COUNT, BEST = 10**14, 10**12

STARTED = "i.status = 'in_progress' and i.archived_at is null"
# $1 workspace, $2 the caller, $3 now, $4 machine and $5 session ('' for none), $6 the project where one is asked for
IN_PROJECT = "i.project_id = (select id from projects where workspace_id = $1 and id = $6 and archived_at is null)"
# Where the index of another column is wanted, a plus hides this one from SQLite's planner.
ALSO_IN_PROJECT = f"i.workspace_id = $1 and +{IN_PROJECT}"
WHOSE = ("i.assignee_id = $2", "i.assignee_id is null")
FREE = f"({WHOSE[0]} or {WHOSE[1]}) and not {WAITS}"
HELD_BY_ANOTHER = """exists (
    select 1 from claims c where c.issue_id = i.id and c.expires_at > $3
      and not (c.account_id = $2 and c.machine = $4 and c.session = $5 and $5 <> ''))"""


def _walk(source: str, where: str, order: str) -> str:
    return f"select * from (select {source} where {where} order by {order} limit {WALK}) as walk"  # noqa: S608


def _pools(scope: str) -> list[str]:
    """Cross joins: SQLite, which knows nothing of how much a walk takes, then joins in the order that stands there."""
    issues = "i.id from issues i"
    by_owner = []
    due = f"i.due is not null and {TAKEABLE}" + (f" and {OPEN}" if scope is IN_PROJECT else "")  # each has an index
    for whose in WHOSE:
        # An order by the assignee, too, although there is only one: Postgres then follows the index for "is null".
        mine = f"{scope} and {whose} and not {WAITS}"
        by_owner += [
            _walk(issues, f"{mine} and {STARTED} and not {HELD_BY_ANOTHER}",
                  "i.assignee_id, i.priority, i.id"),
            _walk(issues, f"{mine} and {due}", "i.assignee_id, i.due, i.id"),
            _walk(issues, f"{mine} and {TAKEABLE}", "i.assignee_id, i.priority, i.id"),
        ]  # fmt: skip
    also = ALSO_IN_PROJECT if scope is IN_PROJECT else scope
    placed = _walk(issues, f"{also} and i.rank is not null and {TAKEABLE} and {FREE}", "i.rank")
    important = f"""
        i.id from (select i.id, i.priority from issues i where {scope} and {OPEN}
                   order by i.priority, i.id limit {LOOKED_AT}) as w
        cross join issue_blocks wb cross join issues i
    """  # noqa: S608 - all parts of these are ours
    planned_in = scope.replace("i.", "m.")
    milestones = f"""
        i.id from (select m.id from milestones m where {planned_in} and m.status = 'open'
                     and m.archived_at is null and m.due is not null order by m.due, m.id limit {MILESTONES}) as m
        cross join issues i
    """  # noqa: S608
    blockers = _walk(
        important,
        f"wb.blocked_id = w.id and i.id = wb.blocker_id and {scope} and {TAKEABLE} and {FREE}",
        "w.priority, w.id, i.id",
    )
    planned = f"""
        select * from (select {milestones} where i.milestone_id = m.id and +{scope} and {TAKEABLE} and {FREE}
                       limit {WALK}) as walk
    """  # noqa: S608
    return [placed, *by_owner, blockers, planned]


def _candidates(scope: str) -> Statement:
    """Everything that a rank needs of each: a union drops what several walks met."""
    return sql(f"""
        with pool (id) as ({" union ".join(_pools(scope))}),
        waiting (id, packed) as materialized (
            select pool.id, (
                select count(*) * {COUNT} + min(cast(o.priority as bigint) * {BEST} + o.id)
                from issue_blocks b join issues o on o.id = b.blocked_id
                where b.blocker_id = pool.id and o.status not in ('done', 'cancelled') and o.archived_at is null)
            from pool
        )
        select i.id, i.project_id, p.key as project_key, i.number, i.title, i.status, i.priority, i.due, i.created_at,
               i.rank, i.assignee_id, i.archived_at, a.name as assignee, m.due as milestone_due,
               mp.key || '-M' || m.number as milestone, coalesce(w.packed / {COUNT}, 0) as unblocks,
               o.priority as best_priority, op.key || '-' || o.number as best_key
        from waiting w join issues i on i.id = w.id join projects p on p.id = i.project_id
        left join accounts a on a.id = i.assignee_id
        left join milestones m on m.id = i.milestone_id and m.status = 'open' and m.archived_at is null
        left join projects mp on mp.id = m.project_id
        left join issues o on o.id = w.packed % {BEST} left join projects op on op.id = o.project_id
    """)  # noqa: S608


def _obstacles(scope: str) -> Statement:
    """Of the most important open issues: what keeps them from the caller."""
    return sql(f"""
        select count(*) as open,
               coalesce(sum(case when i.status = 'blocked' or {WAITS} then 1 else 0 end), 0) as blocked,
               coalesce(sum(case when {HELD_BY_ANOTHER} then 1 else 0 end), 0) as claimed,
               coalesce(sum(case when i.status = 'in_review' then 1 else 0 end), 0) as in_review,
               coalesce(sum(case when i.assignee_id <> $2 then 1 else 0 end), 0) as others
        from (select i.* from issues i where {scope} and {OPEN} order by i.priority, i.id limit {COUNTED}) as i
    """)  # noqa: S608


_CANDIDATES = {False: _candidates(EVERYWHERE), True: _candidates(IN_PROJECT)}
_OBSTACLES = {False: _obstacles(EVERYWHERE), True: _obstacles(IN_PROJECT)}
STATEMENTS = (*_CANDIDATES.values(), *_OBSTACLES.values())


async def candidates(db: Connection, actor: Actor, project_id: int | None, now: datetime) -> list[Row]:
    return await db.fetch(_CANDIDATES[project_id is not None], *_scope(actor, project_id, now))


async def obstacles(db: Connection, actor: Actor, project_id: int | None, now: datetime) -> Row:
    row = await db.fetch_one(_OBSTACLES[project_id is not None], *_scope(actor, project_id, now))
    assert row is not None  # noqa: S101 - an aggregate always answers
    return row


def _scope(actor: Actor, project_id: int | None, now: datetime) -> list[object]:
    everywhere: list[object] = [
        actor.workspace_id, actor.account_id, now, actor.machine or "", actor.session or "",
    ]  # fmt: skip
    return everywhere if project_id is None else [*everywhere, project_id]
