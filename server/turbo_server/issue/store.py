"""Issues, their labels and what blocks them: the tables and every statement that writes or finds one."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table, Text, UniqueConstraint, text

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Dialect, sql
from turbo_server.kit.tables import Bytewise, Day, Time, id_column, metadata, partial_index, reference

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
    UniqueConstraint("project_id", "number"),
    sqlite_autoincrement=True,
)
OPEN = "status not in ('done', 'cancelled')"
Index("ix_issues_updated", issues.c.workspace_id, issues.c.updated_at.desc(), issues.c.id.desc())
Index("ix_issues_project", issues.c.project_id, issues.c.updated_at.desc(), issues.c.id.desc())
Index("ix_issues_mine", issues.c.assignee_id, issues.c.status, issues.c.priority)
Index("ix_issues_parent", issues.c.parent_id)
Index("ix_issues_initiative", issues.c.initiative_id, issues.c.status)
Index("ix_issues_milestone", issues.c.milestone_id, issues.c.status)
Index("ix_issues_title", issues.c.project_id, issues.c.title_key)
partial_index("ix_issues_rank", issues.c.workspace_id, issues.c.rank, where="rank is not null")
partial_index("ix_issues_question", issues.c.workspace_id, issues.c.id, where="question is not null")
Index(
    "ix_issues_open", issues.c.workspace_id, issues.c.priority, issues.c.due, issues.c.id,
    postgresql_where=text(OPEN), sqlite_where=text(OPEN),
)  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Fields:
    """The columns that a person sets. `priority` is a position in types.PRIORITIES."""

    title: str
    description: str
    type: str
    status: str
    priority: int
    assignee_id: int | None
    parent_id: int | None
    due: date | None
    started_at: datetime | None
    finished_at: datetime | None


_COUNTED = "update projects set next_number = next_number + 1, updated_at = $3 where workspace_id = $1 and key = $2"
_COLUMNS = """
    workspace_id, project_id, number, title, description, type, status, priority, assignee_id, parent_id, due,
    started_at, finished_at, created_by, machine, session, created_at, updated_at
"""
# One statement on Postgres: the counter's row lock then lasts for one round trip less than the transaction.
_CREATE_POSTGRES = sql(f"""
    with counted as ({_COUNTED} returning id, next_number - 1 as number)
    insert into issues ({_COLUMNS})
    select $1, counted.id, counted.number, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $3, $3
    from counted
    returning id, number
""")  # noqa: S608 - all parts are ours
_COUNT = sql(f"{_COUNTED} returning id, next_number - 1 as number")
_INSERT = sql(f"""
    insert into issues ({_COLUMNS})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17) returning id, number
""")  # noqa: S608 - all parts are ours
_UPDATE = sql("""
    update issues set title = $2, description = $3, type = $4, status = $5, priority = $6, assignee_id = $7,
        parent_id = $8, due = $9, started_at = $10, finished_at = $11, updated_at = $12
    where id = $1 returning id
""")
_FIND = """
    select i.id, i.project_id, p.key as project_key, i.number, i.title, i.description, i.type, i.status, i.priority,
           i.assignee_id, a.name as assignee, i.parent_id, i.due, i.started_at, i.finished_at,
           i.created_at, i.updated_at, c.name as created_by, i.machine, i.session
    from issues i
    join projects p on p.id = i.project_id
    join accounts c on c.id = i.created_by
    left join accounts a on a.id = i.assignee_id
"""
_BY_KEY = sql(f"{_FIND} where p.workspace_id = $1 and p.key = $2 and i.number = $3")
_BY_ID = sql(f"{_FIND} where i.workspace_id = $1 and i.id = $2")
_LOCK = sql("select id from issues where id = $1 {for_update}")
_KEY_IDS = sql("""
    select i.id, p.key as project_key, i.number from issues i join projects p on p.id = i.project_id
    where p.workspace_id = $1 and p.key || '-' || i.number {among} $2 {end_among} and p.key {among} $3 {end_among}
      and i.number {among} $4 {end_among}
""")
_NEAR = sql("""
    select i.number from issues i join projects p on p.id = i.project_id
    where p.workspace_id = $1 and p.key = $2 and i.number <= $3 order by i.number desc limit 3
""")

_LABEL_NAMES = sql("""
    select l.name from issue_labels il join labels l on l.id = il.label_id where il.issue_id = $1 order by l.name
""")
_ADD_LABEL = sql("""
    insert into labels (workspace_id, name, folded) values ($1, $2, $3) on conflict do nothing returning id
""")
_LABEL_IDS = sql("select id, folded from labels where workspace_id = $1 and folded {among} $2 {end_among}")
_CLEAR_LABELS = sql("delete from issue_labels where issue_id = $1 returning label_id")
_PUT_LABEL = sql("insert into issue_labels (issue_id, label_id) values ($1, $2) returning issue_id")

_CLEAR_BLOCKERS = sql("delete from issue_blocks where blocked_id = $1 returning blocker_id")
_PUT_BLOCKER = sql("insert into issue_blocks (blocked_id, blocker_id) values ($1, $2) returning blocker_id")
_WAITING_FOR = sql("""
    select b.blocker_id, b.blocked_id from issue_blocks b where b.blocker_id {among} $1 {end_among}
""")
_LOCK_WORKSPACE = sql("select id from workspaces where id = $1 {for_update}")
_KEYS_OF = sql("""
    select i.id, p.key as project_key, i.number from issues i join projects p on p.id = i.project_id
    where i.id {among} $1 {end_among}
""")
_PARENT = sql("select parent_id from issues where id = $1")


async def create(
    db: Connection, workspace_id: int, project: str, fields: Fields, author: tuple[Any, ...], now: datetime
) -> Row | None:
    """The new id and number; None when there is no such project. `author` is (account id, machine, session)."""
    values = (
        fields.title, fields.description, fields.type, fields.status, fields.priority, fields.assignee_id,
        fields.parent_id, fields.due, fields.started_at, fields.finished_at, *author,
    )  # fmt: skip
    if db.dialect is Dialect.POSTGRES:
        return await db.fetch_one(_CREATE_POSTGRES, workspace_id, project, now, *values)
    counted = await db.fetch_one(_COUNT, workspace_id, project, now)
    if counted is None:
        return None
    return await db.fetch_one(_INSERT, workspace_id, counted["id"], counted["number"], *values, now)


async def update(db: Connection, issue_id: int, fields: Fields, now: datetime) -> None:
    await db.fetch(
        _UPDATE, issue_id, fields.title, fields.description, fields.type, fields.status, fields.priority,
        fields.assignee_id, fields.parent_id, fields.due, fields.started_at, fields.finished_at, now,
    )  # fmt: skip


async def lock(db: Connection, issue_id: int) -> None:
    """Holds the issue for this transaction: what is read after it is what the update replaces."""
    await db.fetch(_LOCK, issue_id)


async def by_key(db: Connection, workspace_id: int, project: str, number: int) -> Row | None:
    return await db.fetch_one(_BY_KEY, workspace_id, project, number)


async def by_id(db: Connection, workspace_id: int, issue_id: int) -> Row | None:
    return await db.fetch_one(_BY_ID, workspace_id, issue_id)


async def ids_by_key(db: Connection, workspace_id: int, wanted: list[tuple[str, int]]) -> dict[str, int]:
    """Key text to id, for those that exist."""
    texts = [f"{project}-{number}" for project, number in wanted]
    projects, numbers = [project for project, _ in wanted], [number for _, number in wanted]
    rows = await db.fetch(_KEY_IDS, workspace_id, texts, projects, numbers)
    return {f"{row['project_key']}-{row['number']}": row["id"] for row in rows}


async def keys_by_id(db: Connection, ids: list[int]) -> dict[int, str]:
    return {row["id"]: f"{row['project_key']}-{row['number']}" for row in await db.fetch(_KEYS_OF, ids)}


async def nearest_numbers(db: Connection, workspace_id: int, project: str, number: int) -> list[int]:
    return [row["number"] for row in await db.fetch(_NEAR, workspace_id, project, number)]


async def label_names(db: Connection, issue_id: int) -> list[str]:
    return [row["name"] for row in await db.fetch(_LABEL_NAMES, issue_id)]


async def set_labels(db: Connection, workspace_id: int, issue_id: int, names: list[str]) -> None:
    """A label is the same in any letter case; the spelling that came first stays."""
    await db.fetch(_CLEAR_LABELS, issue_id)
    folded = {name.casefold(): name for name in reversed(names)}
    for fold in sorted(folded):  # in one order everywhere: two writers never wait for each other in a circle
        await db.fetch(_ADD_LABEL, workspace_id, folded[fold], fold)
    for row in await db.fetch(_LABEL_IDS, workspace_id, list(folded)):
        await db.fetch(_PUT_LABEL, issue_id, row["id"])


async def set_blockers(db: Connection, issue_id: int, blockers: list[int]) -> None:
    await db.fetch(_CLEAR_BLOCKERS, issue_id)
    for blocker in sorted(set(blockers)):
        await db.fetch(_PUT_BLOCKER, issue_id, blocker)


async def lock_graph(db: Connection, workspace_id: int) -> None:
    """One writer of dependencies or parents at a time: two could otherwise close a circle between them."""
    await db.fetch(_LOCK_WORKSPACE, workspace_id)


async def waiting_for(db: Connection, blockers: list[int]) -> list[tuple[int, int]]:
    """(blocker, blocked) pairs of everything that waits directly for one of these."""
    return [(row["blocker_id"], row["blocked_id"]) for row in await db.fetch(_WAITING_FOR, blockers)]


async def parent_of(db: Connection, issue_id: int) -> int | None:
    row = await db.fetch_one(_PARENT, issue_id)
    return row["parent_id"] if row else None
