"""Who a private project is open to: the table and every statement on it."""

from datetime import datetime

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table

from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, metadata, reference

project_members = Table(
    "project_members",
    metadata,
    reference("project_id", "projects"),
    reference("account_id", "accounts"),
    reference("workspace_id", "workspaces"),
    reference("added_by", "accounts"),
    Column("created_at", Time, nullable=False),
    PrimaryKeyConstraint("project_id", "account_id"),
    Index("ix_project_members_account", "account_id"),
)

_SET_PRIVATE = sql("update projects set private_at = $3 where workspace_id = $1 and id = $2 returning id")
_IS_PRIVATE = sql("select private_at from projects where workspace_id = $1 and id = $2")
_MEMBERS = sql("""
    select a.name from project_members m join accounts a on a.id = m.account_id
    where m.workspace_id = $1 and m.project_id = $2 order by a.name
""")
_ADD = sql("""
    insert into project_members (project_id, account_id, workspace_id, added_by, created_at) values ($2, $3, $1, $4, $5)
    on conflict do nothing returning account_id
""")
_TAKE_OFF = sql("""
    delete from project_members where workspace_id = $1 and project_id = $2 and account_id = $3 returning account_id
""")
_HAND_OVER = sql("""
    insert into project_members (project_id, account_id, workspace_id, added_by, created_at)
    select m.project_id, $3, $1, $3, $4 from project_members m
    where m.workspace_id = $1 and m.account_id = $2
      and not exists (select 1 from project_members o where o.project_id = m.project_id and o.account_id <> $2)
    on conflict do nothing returning project_id
""")
_CLEAR = sql("delete from project_members where workspace_id = $1 and project_id = $2 returning account_id")
_LEAVE = sql("delete from project_members where workspace_id = $1 and account_id = $2 returning project_id")


async def is_private(db: Connection, workspace_id: int, project_id: int) -> bool:
    row = await db.fetch_one(_IS_PRIVATE, workspace_id, project_id)
    return row is not None and row["private_at"] is not None


async def set_private(db: Connection, workspace_id: int, project_id: int, since: datetime | None) -> None:
    await db.fetch(_SET_PRIVATE, workspace_id, project_id, since)


async def members(db: Connection, workspace_id: int, project_id: int) -> list[str]:
    return [row["name"] for row in await db.fetch(_MEMBERS, workspace_id, project_id)]


async def add(db: Connection, workspace_id: int, project_id: int, account_id: int, by: int, now: datetime) -> None:
    await db.fetch(_ADD, workspace_id, project_id, account_id, by, now)


async def take_off(db: Connection, workspace_id: int, project_id: int, account_id: int) -> None:
    await db.fetch(_TAKE_OFF, workspace_id, project_id, account_id)


async def clear(db: Connection, workspace_id: int, project_id: int) -> None:
    await db.fetch(_CLEAR, workspace_id, project_id)


async def leave_all(db: Connection, workspace_id: int, account_id: int, heir_id: int, now: datetime) -> int:
    """Takes somebody off all lists; a project that nobody would be left to see is handed to the heir. How many were."""
    handed = await db.fetch(_HAND_OVER, workspace_id, account_id, heir_id, now)
    await db.fetch(_LEAVE, workspace_id, account_id)
    return len(handed)
