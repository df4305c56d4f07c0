"""The statements behind get_status: three, however many issues there are. Counts end at a cap, lists at a few rows."""

from datetime import date, datetime

from turbo_server.issue.conditions import DUE, EVERYWHERE, OPEN, TAKEABLE, WAITS
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Statement, sql

OPEN_CAP = 5_000
BLOCKED_AMONG = 1_000  # to find out whether an issue waits costs far more than to count it
SECTION_CAP = 100
SHOWN = 6

_ASKED = "i.question is not null and i.archived_at is null"
_WHOSE = ("i.assignee_id = $2", "i.assignee_id is null")
# $1 workspace, $2 the caller, $3 today, $4 the last day that is soon, $5 the project where one is asked for
_IN_PROJECT = "i.project_id = (select id from projects where workspace_id = $1 and id = $5)"

# (section, whose, condition, order), each along an index
_BY_PRIORITY, _BY_DAY = "i.assignee_id, i.priority, i.id", "i.assignee_id, i.due, i.id"
_WALKS: tuple[tuple[str, str, str, str], ...] = (
    ("questions", "true", _ASKED, "i.id"),
    *(
        ("in_progress", _WHOSE[0], f"i.status = '{status}' and i.archived_at is null", _BY_PRIORITY)
        for status in ("in_progress", "in_review")
    ),
    *(
        walk
        for owner in _WHOSE
        for walk in (
            ("queue", owner, f"{TAKEABLE} and not {WAITS}", _BY_PRIORITY),
            ("overdue", owner, f"{DUE} and i.due < $3", _BY_DAY),
            ("due_in_7_days", owner, f"{DUE} and i.due >= $3 and i.due <= $4", _BY_DAY),
        )
    ),
)
SECTIONS = tuple(dict.fromkeys(name for name, *_ in _WALKS))


def _walks(section: str, scope: str, limit: int) -> list[str]:
    # A plus hides the column from SQLite's planner, which would walk the whole project for a question.
    scope = f"i.workspace_id = $1 and +{scope}" if section == "questions" and scope is _IN_PROJECT else scope
    return [
        f"select * from (select '{section}' as section, i.id from issues i where {scope} and {owner} and {where}"  # noqa: S608
        f" order by {order} limit {limit}) as walk"
        for name, owner, where, order in _WALKS
        if name == section
    ]


def _sections(scope: str, now: str) -> Statement:
    picks = [walk for name in SECTIONS if name != "queue" for walk in _walks(name, scope, SHOWN)]
    return sql(f"""
        with pick (section, id) as ({" union all ".join(picks)})
        select pick.section, i.id, p.key as project_key, i.number, i.title, i.status, i.priority, i.due,
               a.name as assignee, i.question, i.handoff, c.machine, c.session, c.account_id as holder
        from pick join issues i on i.id = pick.id join projects p on p.id = i.project_id
        left join accounts a on a.id = i.assignee_id
        left join claims c on c.issue_id = i.id and c.expires_at > {now}
             and i.status in ('in_progress', 'in_review') and i.archived_at is null
    """)  # noqa: S608 - all parts of these are ours


def _counts(scope: str) -> Statement:
    """`blocked` is of the most important of the open ones."""
    totals = ", ".join(
        f"(select count(*) from ({' union all '.join(_walks(name, scope, SECTION_CAP + 1))}) as counted) as {name}"  # noqa: S608
        for name in SECTIONS
    )
    return sql(f"""
        with open_issues as (
            select i.id, i.status from issues i where {scope} and {OPEN} order by i.priority, i.id limit {OPEN_CAP + 1}
        )
        select (select count(*) from open_issues) as open,
               (select count(*) from (select * from open_issues limit {BLOCKED_AMONG}) n where n.status = 'blocked' or (
                    select count(*) from issue_blocks b join issues o on o.id = b.blocker_id
                    where b.blocked_id = n.id and o.status not in ('done', 'cancelled')
                      and o.archived_at is null) > 0) as blocked,
               (select count(*) from (select 1 from projects where workspace_id = $1 limit 1) as any_one) as projects,
               {totals}
    """)  # noqa: S608


def _recent(scope: str) -> Statement:
    return sql(f"""
        select w.created_at, a.name as author, p.key as project_key, i.number, w.minutes, w.text
        from work_logs w join accounts a on a.id = w.author_id
        left join issues i on i.id = w.issue_id left join projects p on p.id = i.project_id
        where w.workspace_id = $1 {scope} and w.archived_at is null order by w.id desc limit 4
    """)  # noqa: S608


_SECTIONS = {False: _sections(EVERYWHERE, "$5"), True: _sections(_IN_PROJECT, "$6")}
_COUNTS = {False: _counts(EVERYWHERE), True: _counts(_IN_PROJECT)}
_RECENT = {False: _recent(""), True: _recent("and w.project_id = $2")}
STATEMENTS = (*_SECTIONS.values(), *_COUNTS.values(), *_RECENT.values())

# workspace, account, today, last day that is soon
Scope = tuple[int, int, date, date]


async def counts(db: Connection, scope: Scope, project_id: int | None) -> Row:
    """How many are open and blocked, and how long each section is; one more than a cap says that there are more."""
    row = await db.fetch_one(_COUNTS[project_id is not None], *scope, *_project(project_id))
    assert row is not None  # noqa: S101 - an aggregate always answers
    return row


async def sections(db: Connection, scope: Scope, project_id: int | None, now: datetime) -> list[Row]:
    """The lines of all sections but the queue, in no order."""
    return await db.fetch(_SECTIONS[project_id is not None], *scope, *_project(project_id), now)


async def recent_work(db: Connection, workspace_id: int, project_id: int | None) -> list[Row]:
    return await db.fetch(_RECENT[project_id is not None], workspace_id, *_project(project_id))


def _project(project_id: int | None) -> list[int]:
    return [] if project_id is None else [project_id]
