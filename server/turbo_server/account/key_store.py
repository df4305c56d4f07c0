"""API keys and the projects that they are limited to: the tables and every statement on them.

A key may have three secrets for a while: `hash` is the one that is used, `next_hash` one that was made for it and not
used yet, `previous_hash` the one before, which works until `previous_until`.
"""

from datetime import datetime

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, false

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, reference

api_keys = Table(
    "api_keys",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("account_id", "accounts"),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("last4", Text, nullable=False),
    Column("created_at", Time, nullable=False),
    Column("last_used_at", Time),
    Column("client_version", Text),  # of turbo-client, as it last said it of itself
    Column("revoked_at", Time),
    Column("scope", Text, nullable=False, server_default="admin"),
    Column("machine", Text),
    Column("expires_at", Time),
    Column("renewal_days", Integer),  # what a renewal adds from then on; null: the end that was set stays
    Column("is_limited", Boolean, nullable=False, server_default=false()),  # to its projects, be there none
    Column("next_hash", Text),
    Column("next_last4", Text),
    Column("previous_hash", Text),
    Column("previous_until", Time),
    reference("made_by_id", "api_keys", required=False),
    sqlite_autoincrement=True,
)
Index("ix_api_keys_next_hash", api_keys.c.next_hash, unique=True)
Index("ix_api_keys_previous_hash", api_keys.c.previous_hash, unique=True)
Index("ix_api_keys_account_id", api_keys.c.account_id)
Index("ix_api_keys_made_by_id", api_keys.c.made_by_id)

key_projects = Table(
    "key_projects",
    metadata,
    reference("key_id", "api_keys", primary_key=True),
    reference("project_id", "projects", primary_key=True),
    reference("workspace_id", "workspaces"),
)

_TOUCH = sql("""
    update api_keys set last_used_at = $2, client_version = coalesce($3, client_version) where id = $1 returning id
""")
_TAKE_UP_NEXT = sql("""
    update api_keys
    set previous_hash = hash, previous_until = $3, hash = next_hash, last4 = next_last4, next_hash = null,
        next_last4 = null, expires_at = $4, last_used_at = $2
    where id = $1 and next_hash = $5
    returning id
""")
_OFFER_NEXT = sql("""
    update api_keys set next_hash = $2, next_last4 = $3 where id = $1 and revoked_at is null returning id
""")
_REPLACE = sql("""
    update api_keys
    set previous_hash = hash, previous_until = $2, hash = $3, last4 = $4, next_hash = null, next_last4 = null,
        expires_at = $5
    where id = $1 and revoked_at is null
    returning id
""")
_LIFETIME = sql(
    "select workspace_id, account_id, expires_at, renewal_days from api_keys where id = $1 and revoked_at is null"
)
_ADD = sql("""
    insert into api_keys (workspace_id, account_id, name, hash, last4, created_at, scope, machine, expires_at,
                          renewal_days, is_limited, made_by_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict do nothing returning id
""")
_LIMIT = sql("""
    insert into key_projects (key_id, project_id, workspace_id)
    select k.id, p.id, p.workspace_id from api_keys k join projects p on p.workspace_id = k.workspace_id
    where k.id = $1 and p.id {among}$2{end_among}
    returning project_id
""")
_PROJECTS_NAMED = sql("select id, key from projects where workspace_id = $1 and key {among}$2{end_among}")
_PROJECT_KEYS = sql("select key from projects where workspace_id = $1 order by key limit 200")
_ALL = sql("""
    select k.id, w.name as workspace, a.name as account, a.role, k.name, k.last4, k.scope, k.machine, k.created_at,
           k.last_used_at, k.expires_at, k.renewal_days, k.revoked_at, k.made_by_id as made_by, k.is_limited,
           (select {json_list}(p.key) from key_projects l join projects p on p.id = l.project_id
            where l.key_id = k.id) as projects
    from api_keys k join accounts a on a.id = k.account_id join workspaces w on w.id = k.workspace_id
    order by k.id
""")
_SHOWN = """
    select k.id, k.name, k.machine, k.scope, k.last4, k.created_at, k.last_used_at, k.client_version, k.expires_at,
           k.renewal_days, k.is_limited, k.account_id, a.name as person,
           (select {json_list}(l.project_id) from key_projects l where l.key_id = k.id) as ids,
           (select {json_list}(p.key) from key_projects l join projects p on p.id = l.project_id
            where l.key_id = k.id) as projects
    from api_keys k join accounts a on a.id = k.account_id
    where k.workspace_id = $1 and k.revoked_at is null
"""
_OF_ACCOUNT = f"{_SHOWN} and k.account_id = $2"
_ALL_OF_WORKSPACE = sql(f"{_SHOWN} order by a.name, k.id limit 1000")
_ONE_OF_WORKSPACE = sql(f"{_SHOWN} and k.id = $2")
_ALL_OF_ACCOUNT = sql(f"{_OF_ACCOUNT} order by k.id limit 1000")
_ONE_OF_ACCOUNT = sql(f"{_OF_ACCOUNT} and k.id = $3")
_COUNT = sql("""
    select count(*) as found from api_keys
    where workspace_id = $1 and account_id = $2 and revoked_at is null and (expires_at is null or expires_at > $3)
""")
_RENAME = sql("update api_keys set name = $2 where id = $1 returning id")
_REVOKE = sql("""
    update api_keys set revoked_at = $2 where id = $1 and revoked_at is null returning id, workspace_id, account_id
""")
_REVOKE_WITH_MADE = sql("""
    with recursive made (id) as (
        select id from api_keys where id = $1
        union
        select k.id from api_keys k join made m on k.made_by_id = m.id
    )
    update api_keys set revoked_at = $2 where id in (select id from made) and revoked_at is null
    returning id, workspace_id, account_id
""")
_MADE_BY = sql("""
    with recursive made (id) as (
        select id from api_keys where made_by_id = $1
        union
        select k.id from api_keys k join made m on k.made_by_id = m.id
    )
    select id from api_keys where id in (select id from made) and revoked_at is null order by id
""")
_ANY_KEY = sql("""
    select k.id from api_keys k join workspaces w on w.id = k.workspace_id
    where k.revoked_at is null and (w.name = $1 or cast($1 as text) is null) limit 1
""")


async def touch(db: Connection, key_id: int, now: datetime, client_version: str | None) -> None:
    """What was known of the client stays where this caller is none."""
    await db.fetch(_TOUCH, key_id, now, client_version)


async def take_up_next(
    db: Connection, key_id: int, key_hash: str, now: datetime, *, previous_until: datetime, expires_at: datetime | None
) -> bool:
    """The next secret is used for the first time: from now on it is the key's own. False if it is that already."""
    return bool(await db.fetch(_TAKE_UP_NEXT, key_id, now, previous_until, expires_at, key_hash))


async def offer_next(db: Connection, key_id: int, secret: tuple[str, str]) -> None:
    """`secret` is (hash, last four). Takes the place of one that was offered before and never used."""
    await db.fetch(_OFFER_NEXT, key_id, *secret)


async def lifetime(db: Connection, key_id: int) -> Row | None:
    """None for a key that was revoked, or is not there."""
    return await db.fetch_one(_LIFETIME, key_id)


async def replace(
    db: Connection, key_id: int, secret: tuple[str, str], *, previous_until: datetime, expires_at: datetime | None
) -> None:
    """At once, whether or not the new secret is used."""
    await db.fetch(_REPLACE, key_id, previous_until, *secret, expires_at)


async def add(
    db: Connection, owner: tuple[int, int], name: str, secret: tuple[str, str], now: datetime, grant: tuple[object, ...]
) -> int | None:
    """The new key's id; None when this very key is stored already.

    `owner` is (workspace id, account id), `secret` (hash, last four), `grant` (scope, machine, expires at, renewal
    days, whether it is limited, made by).
    """
    row = await db.fetch_one(_ADD, *owner, name, *secret, now, *grant)
    return row["id"] if row else None


async def limit(db: Connection, key_id: int, project_ids: list[int]) -> None:
    await db.fetch(_LIMIT, key_id, project_ids)


async def projects_named(db: Connection, workspace_id: int, keys: list[str]) -> dict[str, int]:
    """Id by key, of those that are there."""
    return {row["key"]: row["id"] for row in await db.fetch(_PROJECTS_NAMED, workspace_id, keys)}


async def project_keys(db: Connection, workspace_id: int) -> list[str]:
    return [row["key"] for row in await db.fetch(_PROJECT_KEYS, workspace_id)]


async def has_any(db: Connection, workspace: str | None = None) -> bool:
    """Of that workspace, or of any."""
    return await db.fetch_one(_ANY_KEY, workspace) is not None


async def of_account(db: Connection, workspace_id: int, account_id: int) -> list[Row]:
    """Those that were not revoked."""
    return await db.fetch(_ALL_OF_ACCOUNT, workspace_id, account_id)


async def one_of_account(db: Connection, workspace_id: int, account_id: int, key_id: int) -> Row | None:
    return await db.fetch_one(_ONE_OF_ACCOUNT, workspace_id, account_id, key_id)


async def of_workspace(db: Connection, workspace_id: int) -> list[Row]:
    """Everybody's that were not revoked."""
    return await db.fetch(_ALL_OF_WORKSPACE, workspace_id)


async def one_of_workspace(db: Connection, workspace_id: int, key_id: int) -> Row | None:
    return await db.fetch_one(_ONE_OF_WORKSPACE, workspace_id, key_id)


async def count(db: Connection, workspace_id: int, account_id: int, now: datetime) -> int:
    """Of keys that work."""
    row = await db.fetch_one(_COUNT, workspace_id, account_id, now)
    return int(row["found"]) if row else 0


async def rename(db: Connection, key_id: int, name: str) -> None:
    await db.fetch(_RENAME, key_id, name)


async def everything(db: Connection) -> list[Row]:
    """For the operator: of all workspaces, and without secrets."""
    return await db.fetch(_ALL)


async def revoke(db: Connection, key_id: int, now: datetime, *, with_made: bool = False) -> list[Row]:
    """With all its secrets, and with every key that was made with it, and with those: whose worked until now."""
    return await db.fetch(_REVOKE_WITH_MADE if with_made else _REVOKE, key_id, now)


async def made_by(db: Connection, key_id: int) -> list[int]:
    """The keys that were made with it, directly or not, and were not revoked."""
    return [row["id"] for row in await db.fetch(_MADE_BY, key_id)]
