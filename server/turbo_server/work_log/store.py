"""Work logs: the table and every statement on it."""

from datetime import datetime

from sqlalchemy import Column, Index, Integer, Table, Text

from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.paging import TOTAL_CAP
from turbo_server.kit.sql import Conditions, sql
from turbo_server.kit.tables import Time, id_column, metadata, reference, version_column

work_logs = Table(
    "work_logs",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects", required=False),
    reference("issue_id", "issues", required=False),
    Column("text", Text, nullable=False),
    Column("minutes", Integer),
    Column("commit_hash", Text),
    Column("branch", Text),
    reference("author_id", "accounts"),
    Column("machine", Text),
    Column("session", Text),
    Column("created_at", Time, nullable=False),
    Column("archived_at", Time),
    version_column(),
    Index("ix_work_logs_issue", "issue_id", "id"),
    Index("ix_work_logs_author", "author_id", "created_at"),
    Index("ix_work_logs_recent", "workspace_id", "id"),
    Index("ix_work_logs_project", "project_id", "id"),
    sqlite_autoincrement=True,
)

_INSERT = sql("""
    insert into work_logs (workspace_id, project_id, issue_id, text, minutes, commit_hash, branch,
                           author_id, machine, session, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id
""")
_OF_ISSUE = sql("""
    select count(*) as entries, coalesce(sum(minutes), 0) as minutes from work_logs
    where issue_id = $1 and archived_at is null
""")
_SINCE = sql("""
    select coalesce(sum(minutes), 0) as minutes from work_logs
    where author_id = $1 and created_at >= $2 and archived_at is null
""")
_LATEST = sql("""
    select a.name as author, w.machine, w.session, w.created_at, w.text, w.minutes, w.commit_hash, w.branch
    from work_logs w join accounts a on a.id = w.author_id
    where w.workspace_id = $1 and w.issue_id = $2 and w.archived_at is null order by w.id desc limit $3
""")
_PUT_AWAY = sql("""
    update work_logs set archived_at = $3, version = version + 1
    where id = $1 and workspace_id = $2 and archived_at is null returning id
""")
_BRING_BACK = sql("""
    update work_logs set archived_at = null, version = version + 1
    where id = $1 and workspace_id = $2 and archived_at is not null returning id
""")


async def insert(
    db: Connection,
    actor: Actor,
    place: tuple[int | None, int | None],
    text: str,
    details: tuple[int | None, str | None, str | None],
    now: datetime,
) -> int:
    """`place` is (project id, issue id), `details` (minutes, commit, branch)."""
    author = (actor.account_id, actor.machine, actor.session)
    row = await db.fetch_one(_INSERT, actor.workspace_id, *place, text, *details, *author, now)
    assert row is not None  # noqa: S101 - an insert answers its id
    return int(row["id"])


async def of_issue(db: Connection, issue_id: int) -> Row:
    row = await db.fetch_one(_OF_ISSUE, issue_id)
    assert row is not None  # noqa: S101 - an aggregate always answers
    return row


async def minutes_since(db: Connection, account_id: int, moment: datetime) -> int:
    row = await db.fetch_one(_SINCE, account_id, moment)
    return row["minutes"] if row else 0


async def latest(db: Connection, workspace_id: int, issue_id: int, limit: int) -> list[Row]:
    """Newest first."""
    return await db.fetch(_LATEST, workspace_id, issue_id, limit)


async def page(db: Connection, where: Conditions, before: int | None, limit: int) -> list[Row]:
    """Newest first, from the entry `before` on; the project of an entry on an issue is the issue's."""
    terms, parameters = str(where), list(where.parameters)
    if before is not None:
        terms += f" and w.id < ${len(parameters) + 1}"
        parameters.append(before)
    statement = sql(f"""
        select w.id, w.created_at, a.name as author, w.machine, p.key as project_key, i.number, w.minutes, w.text
        from work_logs w join accounts a on a.id = w.author_id
        left join issues i on i.id = w.issue_id left join projects p on p.id = w.project_id
        where {terms} order by w.id desc limit ${len(parameters) + 1}
    """)  # noqa: S608 - all parts are ours
    return await db.fetch(statement, *parameters, limit)


async def total(db: Connection, where: Conditions) -> int:
    counted = sql(f"select count(*) as total from (select 1 from work_logs w where {where} limit {TOTAL_CAP}) as c")  # noqa: S608
    row = await db.fetch_one(counted, *where.parameters)
    return row["total"] if row else 0


async def put_away(db: Connection, workspace_id: int, entry_id: int, now: datetime) -> bool:
    """False where it is not there, or put away already."""
    return await db.fetch_one(_PUT_AWAY, entry_id, workspace_id, now) is not None


async def bring_back(db: Connection, workspace_id: int, entry_id: int) -> bool:
    """False where it is not there, or not put away."""
    return await db.fetch_one(_BRING_BACK, entry_id, workspace_id) is not None
