"""Every statement that doctor asks. None of them changes anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Statement, sql

_SERVER = sql("""
    select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
           current_setting('server_encoding') as encoding, current_schema() as schema_name,
           current_setting('default_transaction_read_only') = 'on' or pg_is_in_recovery() as is_read_only,
           clock_timestamp() as clock
""")
_OTHERS = "from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
# Of the whole server, of the database and of the user; -1 is no limit.
_ROOM = sql(f"""
    select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - (select count(*) {_OTHERS}) as of_server,
           (select case when datconnlimit >= 0 then
                datconnlimit - (select count(*) {_OTHERS} and datname = d.datname) end
            from pg_database d where datname = current_database()) as of_database,
           (select case when rolconnlimit >= 0 then
                rolconnlimit - (select count(*) {_OTHERS} and usename = r.rolname) end
            from pg_roles r where rolname = current_user) as of_user
""")  # noqa: S608 - both parts are ours
_LACKING = sql("""
    select t.tablename as name from pg_tables t where t.schemaname = current_schema() and not (
        has_table_privilege(quote_ident(t.schemaname) || '.' || quote_ident(t.tablename), 'select') and
        has_table_privilege(quote_ident(t.schemaname) || '.' || quote_ident(t.tablename), 'insert') and
        has_table_privilege(quote_ident(t.schemaname) || '.' || quote_ident(t.tablename), 'update') and
        has_table_privilege(quote_ident(t.schemaname) || '.' || quote_ident(t.tablename), 'delete')
    ) order by t.tablename limit 20
""")
_MAY_CREATE = sql("select has_schema_privilege(current_schema(), 'create') as may")
_SQLITE_VERSION = sql("select sqlite_version() as name")
_JOURNAL = sql("pragma journal_mode")
_CHECK = sql("pragma quick_check(3)")
_KEYS = sql("""
    select k.id, k.name as key_name, k.scope, k.expires_at, k.renewal_days, a.name as person, a.role
    from api_keys k join accounts a on a.id = k.account_id
    where k.revoked_at is null and a.removed_at is null order by k.id limit 10000
""")
_HASHED = sql("select id, revoked_at, expires_at from api_keys where hash = $1 or next_hash = $1 or previous_hash = $1")
_PEPPER = sql("select pepper from instance where id = 1")
_LAST_EVENT = sql("select created_at from events order by id desc limit 1", sees_all="looks at the clock alone")


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that our SQL needs and not every database has; `statement` fails without it."""

    name: str
    statement: Statement


# On Postgres, and what calls itself compatible with it.
FEATURES: Sequence[Feature] = (
    Feature("full text search", sql("select to_tsvector('simple', 'a b') @@ to_tsquery('simple', 'a') as found")),
    Feature("GIN indexes", sql("select 1 / count(*) as found from pg_am where amname = 'gin'")),
    Feature("JSON", sql("select json_agg(n) as found from (values (1), (2)) as given (n)")),
    Feature("transaction numbers", sql("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as found")),
    Feature("settings for a transaction", sql("select set_config('lock_timeout', '3s', true) as found")),
    Feature("advisory locks", sql("select 1 / count(*) as found from pg_proc where proname = 'pg_advisory_xact_lock'")),
)
# SQLite is asked in a database in memory.
_OF_SQLITE: dict[str, str] = {
    "full text search (FTS5)": "create virtual table words using fts5 (text)",
    "returning": "create table one (id integer primary key); insert into one (id) values (1) returning id",
    "JSON": "select json_group_array(value) from json_each('[1, 2]')",
}


async def server(db: Connection) -> Row | None:
    return await db.fetch_one(_SERVER)


async def room(db: Connection) -> int | None:
    """For how many more connections; None where it is not told."""
    row = await db.fetch_one(_ROOM)
    return min((int(left) for left in row.values() if left is not None), default=None) if row else None


async def tables_out_of_reach(db: Connection) -> list[str]:
    """Those that may not be read and written."""
    return [row["name"] for row in await db.fetch(_LACKING)]


async def may_create(db: Connection) -> bool:
    row = await db.fetch_one(_MAY_CREATE)
    return bool(row and row["may"])


async def has(db: Connection, feature: Feature) -> None:
    """Raises what the database says where it has it not."""
    await db.fetch(feature.statement)


async def sqlite_version(db: Connection) -> str:
    row = await db.fetch_one(_SQLITE_VERSION)
    return str(row["name"]) if row else ""


async def journal_mode(db: Connection) -> str:
    row = await db.fetch_one(_JOURNAL)
    return str(row["journal_mode"]) if row else ""


async def problems(db: Connection) -> list[str]:
    """What SQLite finds wrong with its file."""
    found = [str(row["quick_check"]) for row in await db.fetch(_CHECK)]
    return [] if found == ["ok"] else found


async def keys(db: Connection) -> list[Row]:
    """Those that nobody revoked, of people who are still there."""
    return await db.fetch(_KEYS)


async def key_hashed(db: Connection, key_hash: str) -> Row | None:
    return await db.fetch_one(_HASHED, key_hash)


async def pepper(db: Connection) -> str | None:
    row = await db.fetch_one(_PEPPER)
    return str(row["pepper"]) if row else None


async def last_event(db: Connection) -> datetime | str | None:
    row = await db.fetch_one(_LAST_EVENT)
    return row["created_at"] if row else None


def sqlite_features() -> dict[str, list[str]]:
    """Name to the statements that try it."""
    return {name: text.split("; ") for name, text in _OF_SQLITE.items()}
