"""From a hash to whose key it is, what it may and what its person sees: what every call begins with."""

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

# Of whom a key is, and what it may: `k` is the key, `a` its account. Every call asks this, so it does not ask which
# projects its person sees where nothing can be hidden from him (that would double what it costs), nor for the name of
# the workspace, which never changes.
IDENTITY = """
    select k.id as key_id, k.name as key_name, k.last4, k.scope, k.machine, k.expires_at, k.renewal_days,
           k.last_used_at, coalesce(k.revoked_at, a.removed_at) as ended_at, k.is_limited, k.account_id, a.name,
           a.role, k.workspace_id,
           k.is_limited or exists (select 1 from projects h where h.workspace_id = k.workspace_id
                                   and h.private_at is not null) as may_see_less
"""
OWNERS = "from api_keys k join accounts a on a.id = k.account_id"
_BY_HASH = sql(f"{IDENTITY} {OWNERS} where k.hash = $1")
_BY_OTHER_HASH = sql(f"""
    {IDENTITY}, k.next_hash, k.previous_until
    {OWNERS} where k.next_hash = $1 or k.previous_hash = $1
""")
_SEEN = sql("""
    select case when k.is_limited
                then (select {json_list}(p.project_id) from key_projects p where p.key_id = k.id) end as projects,
           (select {json_list}(h.id) from projects h
            where h.workspace_id = k.workspace_id and h.private_at is not null and not exists (
                select 1 from project_members m where m.project_id = h.id and m.account_id = k.account_id)) as hidden
    from api_keys k where k.id = $1
""")


async def by_hash(db: Connection, key_hash: str) -> Row | None:
    return await db.fetch_one(_BY_HASH, key_hash)


async def by_other_hash(db: Connection, key_hash: str) -> Row | None:
    """The key of which this is the next or the previous secret."""
    return await db.fetch_one(_BY_OTHER_HASH, key_hash)


async def seen(db: Connection, key_id: int) -> Row:
    """JSON arrays of project ids: those that it is limited to, and the private ones of others."""
    row = await db.fetch_one(_SEEN, key_id)
    assert row is not None  # noqa: S101 - keys are revoked, and stay
    return row
