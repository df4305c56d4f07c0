"""Issues, their labels and what blocks them: the tables, and every statement that makes, changes or finds an issue."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table, Text, UniqueConstraint

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.records import Records
from turbo_server.kit.sql import Dialect, Statement, sql
from turbo_server.kit.tables import Bytewise, Day, Time, id_column, metadata, partial_index, reference, version_column

issues = Table(
    "issues",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    reference("assignee_id", "accounts", required=False),
    reference("parent_id", "issues", required=False),
    Column("due", Day),
    reference("created_by", "accounts"),
    Column("machine", Text),
    Column("session", Text),
    Column("created_at", Time, nullable=False),
    Column("updated_at", Time, nullable=False),
    Column("started_at", Time),
    Column("finished_at", Time),
    reference("initiative_id", "initiatives", required=False),
    reference("milestone_id", "milestones", required=False),
    Column("handoff", Text),  # JSON
    Column("criteria", Text),  # JSON
    Column("question", Text),
    Column("title_key", Text),
    Column("rank", Bytewise),
    Column("archived_at", Time),
    version_column(),
    UniqueConstraint("project_id", "number"),
    sqlite_autoincrement=True,
)
Index("ix_issues_updated", issues.c.workspace_id, issues.c.updated_at.desc(), issues.c.id.desc())
Index("ix_issues_project", issues.c.project_id, issues.c.updated_at.desc(), issues.c.id.desc())
Index("ix_issues_parent", issues.c.parent_id)
Index("ix_issues_initiative", issues.c.initiative_id, issues.c.status)
Index("ix_issues_milestone", issues.c.milestone_id, issues.c.status)
Index("ix_issues_title", issues.c.project_id, issues.c.title_key)
partial_index("ix_issues_rank", issues.c.workspace_id, issues.c.rank, where="rank is not null")
partial_index("ix_issues_question", issues.c.workspace_id, issues.c.id, where="question is not null")
# The walks of the work queue and of get_status: who can take it up, then in which order it is wanted.
OPEN = "status not in ('done', 'cancelled') and archived_at is null"
TAKEABLE = "status in ('backlog', 'ready') and archived_at is null"
DUE = f"due is not null and {OPEN}"
_WHOSE = (issues.c.workspace_id, issues.c.assignee_id)
Index("ix_issues_mine", *_WHOSE, issues.c.status, issues.c.priority, issues.c.id)
partial_index("ix_issues_queue", *_WHOSE, issues.c.priority, issues.c.id, where=TAKEABLE)
partial_index("ix_issues_queue_due", *_WHOSE, issues.c.due, issues.c.id, where=f"due is not null and {TAKEABLE}")
partial_index("ix_issues_due", *_WHOSE, issues.c.due, issues.c.id, where=DUE)
partial_index("ix_issues_open", issues.c.workspace_id, issues.c.priority, issues.c.id, issues.c.status, where=OPEN)
_IN_PROJECT = (issues.c.project_id, issues.c.assignee_id)
Index("ix_issues_project_mine", *_IN_PROJECT, issues.c.status, issues.c.priority, issues.c.id)
partial_index("ix_issues_project_queue", *_IN_PROJECT, issues.c.priority, issues.c.id, where=TAKEABLE)
partial_index("ix_issues_project_due", *_IN_PROJECT, issues.c.due, issues.c.id, where=DUE)
partial_index(
    "ix_issues_project_open", issues.c.project_id, issues.c.priority, issues.c.id, issues.c.status, where=OPEN
)

labels = Table(
    "labels",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("name", Text, nullable=False),
    Column("folded", Text, nullable=False),
    UniqueConstraint("workspace_id", "folded"),
    sqlite_autoincrement=True,
)

issue_labels = Table(
    "issue_labels",
    metadata,
    reference("issue_id", "issues"),
    reference("label_id", "labels"),
    PrimaryKeyConstraint("issue_id", "label_id"),
    Index("ix_issue_labels_label", "label_id"),
)

issue_blocks = Table(
    "issue_blocks",
    metadata,
    reference("blocked_id", "issues"),
    reference("blocker_id", "issues"),
    PrimaryKeyConstraint("blocked_id", "blocker_id"),
    Index("ix_issue_blocks_blocker", "blocker_id"),
)


RECORDS = Records(issues)

_COUNTED = """
    update projects set next_number = next_number + 1, updated_at = $3 where workspace_id = $1 and key = $2
    {seen_project}"""
_COUNT = sql(f"{_COUNTED} returning id, next_number - 1 as number")
_FIND = """
    select i.id, i.project_id, p.key as project_key, i.number, i.title, i.description, i.type, i.status, i.priority,
           a.name as assignee, i.due, i.started_at, i.finished_at, i.created_at, i.updated_at, c.name as created_by,
           i.machine, i.session, i.handoff, i.criteria, i.question, i.rank, i.archived_at, i.version,
           pp.key || '-' || pi.number as parent, np.key || '-I' || n.number as initiative,
           n.title as initiative_title, n.status as initiative_status, mp.key || '-M' || m.number as milestone,
           m.title as milestone_title, m.status as milestone_status
    from issues i
    join projects p on p.id = i.project_id
    join accounts c on c.id = i.created_by
    left join accounts a on a.id = i.assignee_id
    left join issues pi on pi.id = i.parent_id left join projects pp on pp.id = pi.project_id
    left join initiatives n on n.id = i.initiative_id left join projects np on np.id = n.project_id
    left join milestones m on m.id = i.milestone_id left join projects mp on mp.id = m.project_id
"""
_BY_KEY = sql(f"{_FIND} where p.workspace_id = $1 and p.key = $2 and i.number = $3")
_BY_ID = sql(f"{_FIND} where i.workspace_id = $1 and i.id = $2")
_KEY_IDS = sql("""
    select i.id, p.key as project_key, i.number from issues i join projects p on p.id = i.project_id
    where p.workspace_id = $1 and p.key || '-' || i.number {among} $2 {end_among} and p.key {among} $3 {end_among}
      and i.number {among} $4 {end_among}
""")
_NEAR = sql("""
    select i.number from issues i join projects p on p.id = i.project_id
    where p.workspace_id = $1 and p.key = $2 and i.number <= $3 order by i.number desc limit 3
""")
_BRIEF = sql("""
    select i.id, i.project_id, p.key as project_key, i.number, i.title, i.status, i.archived_at
    from issues i join projects p on p.id = i.project_id
    where i.workspace_id = $1 and i.id {among} $2 {end_among}
""")
_SAME_TITLE = sql("""
    select i.number from issues i
    where i.project_id = $1 and i.title_key = $2 and i.id <> $3 and i.archived_at is null and i.created_at >= $4
    order by i.id desc limit 1
""")


async def create(
    db: Connection, workspace_id: int, project: str, values: Mapping[str, object], now: datetime
) -> Row | None:
    """The new issue's id, project id and number; None when there is no such project."""
    if db.dialect is Dialect.POSTGRES:
        return await db.fetch_one(
            _create_statement(tuple(values)), workspace_id, project, now, *RECORDS.in_order(values)
        )
    counted = await db.fetch_one(_COUNT, workspace_id, project, now)
    if counted is None:
        return None
    numbered = {"workspace_id": workspace_id, "project_id": counted["id"], "number": counted["number"]}
    new_id = await RECORDS.insert(db, {**numbered, "created_at": now, "updated_at": now, **values})
    return {"id": new_id, "project_id": counted["id"], "number": counted["number"]}


@cache
def _create_statement(columns: tuple[str, ...]) -> Statement:
    """One statement on Postgres: the counter's row lock then lasts for one round trip less than the transaction."""
    marks = ", ".join(f"${number}" for number in range(4, 4 + len(columns)))
    return sql(f"""
        with counted as ({_COUNTED} returning id, next_number - 1 as number)
        insert into issues (workspace_id, project_id, number, created_at, updated_at, {", ".join(columns)})
        select $1, counted.id, counted.number, $3, $3, {marks} from counted
        returning id, project_id, number
    """)  # noqa: S608 - all parts are ours


async def by_key(db: Connection, workspace_id: int, project: str, number: int) -> Row | None:
    return await db.fetch_one(_BY_KEY, workspace_id, project, number)


async def by_id(db: Connection, workspace_id: int, issue_id: int) -> Row | None:
    return await db.fetch_one(_BY_ID, workspace_id, issue_id)


async def brief(db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
    return await db.fetch(_BRIEF, workspace_id, ids)


async def ids_by_key(db: Connection, workspace_id: int, wanted: list[tuple[str, int]]) -> dict[str, int]:
    """Key text to id, for those that exist."""
    texts = [f"{project}-{number}" for project, number in wanted]
    projects, numbers = [project for project, _ in wanted], [number for _, number in wanted]
    rows = await db.fetch(_KEY_IDS, workspace_id, texts, projects, numbers)
    return {f"{row['project_key']}-{row['number']}": row["id"] for row in rows}


async def nearest_numbers(db: Connection, workspace_id: int, project: str, number: int) -> list[int]:
    return [row["number"] for row in await db.fetch(_NEAR, workspace_id, project, number)]


async def same_title(db: Connection, project_id: int, title_key: str, but: int, since: datetime) -> int | None:
    """The number of the newest issue of the project with that title."""
    row = await db.fetch_one(_SAME_TITLE, project_id, title_key, but, since)
    return row["number"] if row else None
