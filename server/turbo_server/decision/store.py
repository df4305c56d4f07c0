"""Decisions: the table and every statement on it."""

import json

from sqlalchemy import Column, Index, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.records import Records
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import (
    Time,
    change_columns,
    id_column,
    metadata,
    newest_first,
    partial_index,
    reference,
    version_column,
)

decisions = Table(
    "decisions",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects", required=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("options", Text, nullable=False),  # JSON
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("impact", Text, nullable=False),
    Column("paths", Text),  # JSON: globs
    reference("superseded_by_id", "decisions", required=False),
    Column("decided_at", Time),
    *change_columns(),
    version_column(),
    UniqueConstraint("workspace_id", "number"),
    sqlite_autoincrement=True,
)
newest_first(decisions)
Index("ix_decisions_project", decisions.c.project_id)
Index("ix_decisions_superseded_by", decisions.c.superseded_by_id)
partial_index("ix_decisions_paths", decisions.c.workspace_id, decisions.c.id, where="paths is not null")

RECORDS = Records(decisions)

_NEXT = sql(
    "update workspaces set next_decision = next_decision + 1 where id = $1 returning next_decision - 1 as number"
)
_LAST = sql("select max(number) as number from decisions where workspace_id = $1")
_FIND = """
    select d.id, d.number, d.project_id, p.key as project, d.title, d.status, d.context, d.options, d.outcome, d.reason,
           d.impact, d.paths, 'DEC-' || s.number as superseded_by, d.decided_at, a.name as created_by, d.machine,
           d.session, d.created_at, d.updated_at, d.archived_at, d.version
    from decisions d
    join accounts a on a.id = d.created_by
    left join projects p on p.id = d.project_id
    left join decisions s on s.id = d.superseded_by_id
"""
_BY_NUMBER = sql(f"{_FIND} where d.workspace_id = $1 and d.number = $2")
_BY_ID = sql(f"{_FIND} where d.workspace_id = $1 and d.id = $2")
_BRIEF = sql("""
    select id, number, title, status, project_id, archived_at from decisions
    where workspace_id = $1 and id {among} $2 {end_among}
""")
_NEAR = sql("select number from decisions where workspace_id = $1 and number <= $2 order by number desc limit 3")
_SUPERSEDED = sql("select number from decisions where superseded_by_id = $1 order by number limit $2")
_LIVE_SUPERSEDED = sql("""
    select number from decisions where superseded_by_id = $1 and archived_at is null order by number limit $2
""")
_LIVE_SUPERSEDED_BRIEF = sql("""
    select d.id, d.number, d.title, d.status, d.project_id, d.archived_at from decisions d
    where d.workspace_id = $1 and d.superseded_by_id = $2 and d.archived_at is null
      and not exists (select 1 from projects p where p.id = d.project_id and p.archived_at is not null)
    order by d.number
""")
_LOCK_WORKSPACE = sql("select id from workspaces where id = $1 {for_update}")
_AFTER = sql("""
    with recursive after (id, number, superseded_by_id, step) as (
        select id, number, superseded_by_id, 1 from decisions where id = $1
        union all
        select d.id, d.number, d.superseded_by_id, a.step + 1
        from decisions d join after a on d.id = a.superseded_by_id where a.id <> $2
    )
    select id, number from after order by step
""", sees_all="a circle is one, also where it leads through what is not seen")  # fmt: skip
_WITH_PATHS = sql("""
    select id, paths from decisions
    where workspace_id = $1 and paths is not null and status {among} $2 {end_among}
      and (project_id is null or project_id = $3 or $3 = 0)
    order by id
""")


async def take_number(db: Connection, workspace_id: int) -> int:
    """The next one; the counter stays locked until the transaction ends."""
    row = await db.fetch_one(_NEXT, workspace_id)
    assert row is not None  # noqa: S101 - the caller's own workspace
    return int(row["number"])


async def last_number(db: Connection, workspace_id: int) -> int:
    row = await db.fetch_one(_LAST, workspace_id)
    return (row["number"] or 0) if row else 0


async def by_number(db: Connection, workspace_id: int, number: int) -> Row | None:
    return await db.fetch_one(_BY_NUMBER, workspace_id, number)


async def by_id(db: Connection, workspace_id: int, decision_id: int) -> Row | None:
    return await db.fetch_one(_BY_ID, workspace_id, decision_id)


async def brief(db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
    return await db.fetch(_BRIEF, workspace_id, ids)


async def nearest_numbers(db: Connection, workspace_id: int, number: int) -> list[int]:
    return [row["number"] for row in await db.fetch(_NEAR, workspace_id, number)]


async def superseded_numbers(db: Connection, decision_id: int, limit: int) -> list[int]:
    """Of the decisions that this one took the place of."""
    return [row["number"] for row in await db.fetch(_SUPERSEDED, decision_id, limit)]


async def live_superseded_numbers(db: Connection, decision_id: int, limit: int) -> list[int]:
    """Of those that are not archived."""
    return [row["number"] for row in await db.fetch(_LIVE_SUPERSEDED, decision_id, limit)]


async def live_superseded(db: Connection, workspace_id: int, decision_id: int) -> list[Row]:
    """The same, all of them, in brief; those of an archived project cannot be changed and are left out."""
    return await db.fetch(_LIVE_SUPERSEDED_BRIEF, workspace_id, decision_id)


async def lock_succession(db: Connection, workspace_id: int) -> None:
    """One writer of superseded_by at a time: two could otherwise close a circle between them."""
    await db.fetch(_LOCK_WORKSPACE, workspace_id)


async def line_after(db: Connection, decision_id: int, until: int) -> list[tuple[int, int]]:
    """(id, number) of the decision, of what supersedes it, and so on, no further than the decision `until`."""
    return [(row["id"], row["number"]) for row in await db.fetch(_AFTER, decision_id, until)]


async def with_paths(
    db: Connection, workspace_id: int, statuses: list[str], project_id: int | None
) -> list[tuple[int, list[str]]]:
    """(id, globs) of the decisions that are bound to paths; of a project: its own and those of the workspace."""
    rows = await db.fetch(_WITH_PATHS, workspace_id, statuses, project_id or 0)
    return [(row["id"], json.loads(row["paths"])) for row in rows]
