"""Who belongs to a workspace, and who is asked to: the invitations, and every statement on people's roles."""

from datetime import datetime

from sqlalchemy import Column, Index, Table, Text

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, reference

invitations = Table(
    "invitations",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    reference("invited_by", "accounts", required=False),  # nobody, where it was made in the server's shell
    Column("created_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    Column("ended_at", Time),  # used, withdrawn, or replaced by a newer one
    reference("key_id", "api_keys", required=False),  # what it became
    Index("ix_invitations_workspace", "workspace_id", "id"),
    sqlite_autoincrement=True,
)

_PEOPLE = sql("""
    select id, name, role, created_at from accounts where workspace_id = $1 and removed_at is null order by name
""")
_OPEN = sql("""
    select name, role, expires_at from invitations
    where workspace_id = $1 and ended_at is null and expires_at > $2 order by id
""")
_LOCK_WORKSPACE = sql("select id from workspaces where id = $1 {for_update}")
_OTHER_OWNER = sql("""
    select id from accounts where workspace_id = $1 and role = 'owner' and removed_at is null and id <> $2 limit 1
""")
_SET_ROLE = sql("update accounts set role = $3 where workspace_id = $1 and id = $2 returning id")
_REMOVE = sql("update accounts set removed_at = $3 where workspace_id = $1 and id = $2 returning id")
_ADMIT = sql("update accounts set role = $3, removed_at = null where workspace_id = $1 and id = $2 returning id")
_END_KEYS = sql("""
    update api_keys set revoked_at = $3 where workspace_id = $1 and account_id = $2 and revoked_at is null returning id
""")
_END_CLAIMS = sql("delete from claims where workspace_id = $1 and account_id = $2 returning issue_id")
_OPEN_ISSUES = sql("""
    select count(*) as total from issues
    where workspace_id = $1 and assignee_id = $2 and status not in ('done', 'cancelled') and archived_at is null
""")
_INVITE = sql("""
    insert into invitations (workspace_id, name, role, hash, invited_by, created_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7) returning id
""")
_WITHDRAW = sql("""
    update invitations set ended_at = $3
    where workspace_id = $1 and {fold}(name) = {fold}($2) and ended_at is null and expires_at > $3 returning id
""")
_USE = sql("""
    update invitations set ended_at = $2 where hash = $1 and ended_at is null and expires_at > $2
    returning workspace_id, name, role
""")
_KEEP_JOINED = sql("update invitations set key_id = $2 where hash = $1 returning id")
_JOINED = sql("select key_id from invitations where hash = $1")


async def people(db: Connection, workspace_id: int) -> list[Row]:
    return await db.fetch(_PEOPLE, workspace_id)


async def open_invitations(db: Connection, workspace_id: int, now: datetime) -> list[Row]:
    return await db.fetch(_OPEN, workspace_id, now)


async def lock_roles(db: Connection, workspace_id: int) -> None:
    """One at a time: two owners could otherwise demote each other, and none would be left."""
    await db.fetch(_LOCK_WORKSPACE, workspace_id)


async def has_other_owner(db: Connection, workspace_id: int, account_id: int) -> bool:
    return await db.fetch_one(_OTHER_OWNER, workspace_id, account_id) is not None


async def set_role(db: Connection, workspace_id: int, account_id: int, role: str) -> None:
    await db.fetch(_SET_ROLE, workspace_id, account_id, role)


async def admit(db: Connection, workspace_id: int, account_id: int, role: str) -> None:
    """Somebody who is new, or comes back."""
    await db.fetch(_ADMIT, workspace_id, account_id, role)


async def remove(db: Connection, workspace_id: int, account_id: int, now: datetime) -> int:
    """How many keys that ended. What he wrote stays his; what he holds others may take up."""
    await db.fetch(_REMOVE, workspace_id, account_id, now)
    await db.fetch(_END_CLAIMS, workspace_id, account_id)
    return len(await db.fetch(_END_KEYS, workspace_id, account_id, now))


async def open_issues(db: Connection, workspace_id: int, account_id: int) -> int:
    row = await db.fetch_one(_OPEN_ISSUES, workspace_id, account_id)
    return row["total"] if row else 0


async def invite(
    db: Connection, workspace_id: int, who: tuple[str, str], key_hash: str, by: int | None,
    dates: tuple[datetime, datetime],
) -> None:  # fmt: skip
    """`who` is (name, role), `dates` are (made at, expires at)."""
    await db.fetch(_INVITE, workspace_id, *who, key_hash, by, *dates)


async def withdraw(db: Connection, workspace_id: int, name: str, now: datetime) -> bool:
    """Whether there was an invitation of that name to end."""
    return bool(await db.fetch(_WITHDRAW, workspace_id, name, now))


async def use_invitation(db: Connection, key_hash: str, now: datetime) -> Row | None:
    """Whom it invites, to one caller only: whoever comes a moment later finds it used."""
    return await db.fetch_one(_USE, key_hash, now)


async def keep_joined(db: Connection, key_hash: str, key_id: int) -> None:
    """Which key it became."""
    await db.fetch(_KEEP_JOINED, key_hash, key_id)


async def joined_with(db: Connection, key_hash: str) -> int | None:
    """The key that this invitation became, if it did."""
    row = await db.fetch_one(_JOINED, key_hash)
    return row["key_id"] if row else None
