"""The statements that read all there is to search, a batch at a time: what reindex goes by."""

import contextlib
from collections.abc import AsyncIterator

from turbo_server.kit.database import Connection, Database, Row
from turbo_server.kit.sql import Dialect, Statement, sql

_WORKSPACES = sql("select id, name from workspaces order by id")
_TABLES = {"comment": "comments", "work_log": "work_logs"}  # of an item the table is called like its kind, and s
_WHAT = {
    "comment": "t.id, t.subject_kind as item_kind, t.subject_id as item_id, t.text, t.created_at as at",
    "work_log": """
        t.id, case when t.issue_id is null then 'project' else 'issue' end as item_kind,
        coalesce(t.issue_id, t.project_id) as item_id, t.text, t.created_at as at""",
}
_ITEM = "t.id, t.updated_at as at"
_LIVING = {
    "comment": "and t.archived_at is null",
    "work_log": "and t.archived_at is null and (t.issue_id is not null or t.project_id is not null)",
}
_MISSING = "and not exists (select 1 from search_entries e where e.kind = $4 and e.subject_id = t.id)"
_SAID_OF = sql("""
    select id, text, created_at as at from comments
    where workspace_id = $1 and subject_kind = $2 and subject_id = $3 and archived_at is null order by id
""")
_FORGET_WORDS = [
    sql(f"delete from {table} where workspace_id = $1 returning 1")  # noqa: S608 - ours, as below
    for table in ("search_words", "search_traces")
]
_DROP_OLDER = sql("delete from search_entries where workspace_id = $1 and id <= $2 returning id")
# Postgres' index takes what is written one word at a time; in bulk it is four times as fast to let it gather some
# first, which searches pay for meanwhile, as they read what was gathered.
_INDEX = "ix_search_entries_words"
_GATHER = f"alter index {_INDEX} set (fastupdate = on, gin_pending_list_limit = {32 * 1024})"
_GATHER_NO_MORE = (
    f"alter index {_INDEX} set (fastupdate = off)",
    f"alter index {_INDEX} reset (gin_pending_list_limit)",
    f"select gin_clean_pending_list('{_INDEX}')",
)
_TIDY = {
    Dialect.POSTGRES: ("analyze search_entries", "analyze search_words", "analyze search_traces"),
    Dialect.SQLITE: ("insert into search_index (search_index) values ('optimize')",),
}


async def workspaces(db: Connection) -> list[Row]:
    return await db.fetch(_WORKSPACES)


async def batch(
    db: Connection, workspace_id: int, kind: str, after: int, limit: int, *, only_missing: bool
) -> list[Row]:
    """The next ones by id: `id` and `at`; of a note also what it is on and its text."""
    table = _TABLES.get(kind, f"{kind}s")
    missing = _MISSING if only_missing else "and $4 = $4"
    statement = sql(f"""
        select {_WHAT.get(kind, _ITEM)} from {table} t
        where t.workspace_id = $1 and t.id > $2 {_LIVING.get(kind, "")} {missing} order by t.id limit $3
    """)  # noqa: S608
    return await db.fetch(statement, workspace_id, after, limit, kind)


async def count_missing(db: Connection, kind: str) -> int:
    """Of all workspaces: how many have no entry."""
    table = _TABLES.get(kind, f"{kind}s")
    statement = sql(f"""
        select count(*) as number from {table} t where 1 = 1 {_LIVING.get(kind, "")}
        and not exists (select 1 from search_entries e where e.kind = $1 and e.subject_id = t.id)
    """)  # noqa: S608
    row = await db.fetch_one(statement, kind)
    return int(row["number"]) if row else 0


async def said_of(db: Connection, workspace_id: int, item: tuple[str, int]) -> list[Row]:
    """The comments on an item, the oldest first."""
    return await db.fetch(_SAID_OF, workspace_id, *item)


async def forget_words(db: Connection, workspace_id: int) -> None:
    for statement in _FORGET_WORDS:
        await db.fetch(statement, workspace_id)


async def drop_older(db: Connection, workspace_id: int, last_id: int) -> None:
    """The entries that were not written anew: what they were about is not there any more."""
    await db.fetch(_DROP_OLDER, workspace_id, last_id)


@contextlib.asynccontextmanager
async def gathering(database: Database) -> AsyncIterator[None]:
    """While very much is written."""
    if database.dialect is not Dialect.POSTGRES:
        yield
        return
    async with database.connection() as db:
        await _do(db, _GATHER)
    try:
        yield
    finally:
        async with database.connection() as db:
            await _do(db, *_GATHER_NO_MORE)


async def tidy(db: Connection) -> None:
    await _do(db, *_TIDY[db.dialect])


async def _do(db: Connection, *texts: str) -> None:
    for text in texts:
        await db.fetch(Statement(text, text))
