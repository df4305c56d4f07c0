"""Workspaces, accounts and the instance's own secret: their tables and every statement on them."""

from datetime import datetime

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.role import Role
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, reference

instance = Table(
    "instance",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("pepper", Text, nullable=False),
    Column("created_at", Time, nullable=False),
)

workspaces = Table(
    "workspaces",
    metadata,
    id_column(),
    Column("name", Text, nullable=False, unique=True),
    Column("created_at", Time, nullable=False),
    Column("next_decision", Integer, nullable=False, server_default="1"),
    Column("next_conversation", Integer, nullable=False, server_default="1"),
    sqlite_autoincrement=True,
)

accounts = Table(
    "accounts",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("name", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("role", Text, nullable=False, server_default="member"),
    Column("removed_at", Time),
    UniqueConstraint("workspace_id", "name"),
    sqlite_autoincrement=True,
)

_PEPPER = sql("select pepper from instance where id = 1")
_MAKE_PEPPER = sql(
    "insert into instance (id, pepper, created_at) values (1, $1, $2) on conflict do nothing returning id"
)
_WORKSPACE = sql("select id from workspaces where name = $1")
_MAKE_WORKSPACE = sql("insert into workspaces (name, created_at) values ($1, $2) on conflict do nothing returning id")
_ACCOUNT = sql("select id, name, role, removed_at from accounts where workspace_id = $1 and {fold}(name) = {fold}($2)")
_MAKE_ACCOUNT = sql("""
    insert into accounts (workspace_id, name, created_at, role)
    select $1, $2, $3, coalesce($4, case when exists (
        select 1 from accounts where workspace_id = $1 and role = 'owner' and removed_at is null
    ) then 'member' else 'owner' end)
    where true on conflict do nothing returning id
""")
_BRING_BACK = sql("""
    update accounts set removed_at = null, role = coalesce($3, role)
    where workspace_id = $1 and id = $2 and (removed_at is not null or $3 <> role) returning id
""")
_ACCOUNTS = sql("""
    select id, name from accounts where workspace_id = $1 and removed_at is null order by name limit 200
""")
_WORKSPACES = sql("select id, name from workspaces order by id")
_WORKSPACE_NAME = sql("select name from workspaces where id = $1")

_STANDING = sql(
    """
    select a.id as account_id, a.name, a.role, w.id as workspace_id, w.name as workspace,
           (select {json_list}(p.id) from projects p
            where p.workspace_id = a.workspace_id and p.private_at is not null) as private,
           (select {json_list}(m.project_id) from project_members m where m.account_id = a.id) as member_of
    from accounts a join workspaces w on w.id = a.workspace_id
    where a.workspace_id = $1 and a.id = $2 and a.removed_at is null
    """,
    sees_all="finds out what somebody sees",
)


async def pepper(db: Connection) -> str | None:
    row = await db.fetch_one(_PEPPER)
    return row["pepper"] if row else None


async def make_pepper(db: Connection, value: str, now: datetime) -> None:
    """Does nothing where there is one already: two servers that start at once end with the same."""
    await db.fetch(_MAKE_PEPPER, value, now)


async def ensure_workspace(db: Connection, name: str, now: datetime) -> int:
    made = await db.fetch_one(_MAKE_WORKSPACE, name, now) or await db.fetch_one(_WORKSPACE, name)
    assert made is not None  # noqa: S101 - inserted or in the way: it is there
    return int(made["id"])


async def workspaces_of_instance(db: Connection) -> list[int]:
    """For what an operator does with all of them."""
    return [row["id"] for row in await all_workspaces(db)]


async def all_workspaces(db: Connection) -> list[Row]:
    return await db.fetch(_WORKSPACES)


async def workspace_name(db: Connection, workspace_id: int) -> str:
    row = await db.fetch_one(_WORKSPACE_NAME, workspace_id)
    assert row is not None  # noqa: S101 - workspaces stay
    name: str = row["name"]
    return name


async def ensure_account(db: Connection, workspace_id: int, name: str, now: datetime, role: Role | None = None) -> int:
    """The role is a new person's; without one the first of a workspace is its owner, and others are members."""
    found = (
        await account_named(db, workspace_id, name)
        or await db.fetch_one(_MAKE_ACCOUNT, workspace_id, name, now, role)
        or await account_named(db, workspace_id, name)
    )
    assert found is not None  # noqa: S101 - inserted or in the way: it is there
    return int(found["id"])


async def bring_back(db: Connection, workspace_id: int, account_id: int, role: Role | None) -> None:
    """Somebody who was removed belongs to the workspace again; a role that is given is his."""
    await db.fetch(_BRING_BACK, workspace_id, account_id, role)


async def account_named(db: Connection, workspace_id: int, name: str) -> Row | None:
    """In any letter case; also somebody who was removed."""
    return await db.fetch_one(_ACCOUNT, workspace_id, name)


async def account_names(db: Connection, workspace_id: int) -> list[str]:
    return [row["name"] for row in await db.fetch(_ACCOUNTS, workspace_id)]


async def standing(db: Connection, workspace_id: int, account_id: int) -> Row | None:
    """A person's role, the private projects of the workspace, and those that he is a member of."""
    return await db.fetch_one(_STANDING, workspace_id, account_id)
