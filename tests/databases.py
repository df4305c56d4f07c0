"""Where the tests' Postgres databases come from: copies of one that is migrated, used again once they are emptied.

Copying one costs Postgres a tenth of a second of its processor, emptying one a twentieth of that.
"""

import asyncio
import itertools
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from tests.kept import CONNECTIONS
from tests.postgres import create_database, drop_database
from turbo_server.migrations.migrate import migrate

T = TypeVar("T")

USES = 50  # deleted rows leave their room behind
TRIES = 5
PATIENCE = 20
KEPT = "alembic_version"
# Every catalog that our tables have rows in, and the column by which those are found.
CATALOGS = {
    "pg_class": "oid", "pg_attribute": "attrelid", "pg_attrdef": "oid", "pg_constraint": "oid", "pg_type": "oid",
    "pg_index": "indexrelid", "pg_proc": "oid", "pg_trigger": "oid", "pg_rewrite": "oid", "pg_namespace": "oid",
    "pg_extension": "oid", "pg_event_trigger": "oid", "pg_statistic": "starelid", "pg_db_role_setting": "setdatabase",
}  # fmt: skip
FIRST_OWN = 16384
# Whatever changes the rows of a catalog changes one of its two numbers.
_CATALOG_STATE = " union all ".join(
    f"select format('{catalog} %s %s', count(*), max(xmin::text::bigint)) as it "
    f"from {catalog} where {oid} >= {FIRST_OWN}"
    for catalog, oid in CATALOGS.items()
)
_STATE = f"""
select (select string_agg(it, ', ') from ({_CATALOG_STATE}) as catalogs) as catalogs,
       (select string_agg(version_num, ', ') from {KEPT}) as version
"""
_OTHERS = """
from pg_stat_activity
where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()
"""
_AT_WORK = f"select count(*) {_OTHERS} and state <> 'idle'"
_HANG_UP = f"select pg_terminate_backend(pid) {_OTHERS} and pid <> all($1::integer[])"
_DELETES = f"""
select string_agg(format('delete from %I;', tablename), ' ')
from pg_tables where schemaname = 'public' and tablename <> '{KEPT}'
"""
# As a replica: without foreign keys and triggers, so in any order.
_EMPTY = """
set session_replication_role = replica;
{deletes}
select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
from pg_sequences where last_value is not null;
"""


class PostgresDatabases:
    """Those of one test process, whose names begin alike. Each has a connection by which it is emptied."""

    def __init__(self, admin_url: str, prefix: str) -> None:
        self._admin_url = admin_url
        self._numbers = itertools.count()
        self._prefix = prefix
        self._template = f"{prefix}_template"
        self._holders: dict[str, asyncpg.Connection] = {}
        self._uses: Counter[str] = Counter()
        self._free: list[str] = []
        self._thread, self._loop = ThreadPoolExecutor(1), asyncio.Runner()
        url = create_database(admin_url, self._template)
        migrate(url)
        self._state, self._deletes = self._run(_described(url))

    def take(self) -> str:
        """The URL of a migrated, empty one."""
        url = self._free.pop() if self._free else self._copy()
        self._uses[url] += 1
        CONNECTIONS.keep_for(url)
        return url

    def give_back(self, url: str) -> None:
        """It serves again, unless something else than its rows has changed or somebody still works on it."""
        if self._uses[url] < USES and self._run(self._emptied(url)):
            self._free.append(url)
        else:
            self._drop(url)

    def empty(self, url: str) -> None:
        """For a server that goes on serving it, once that has done what it was asked for."""
        for _ in range(TRIES):  # it may have begun something of its own between the look and the emptying
            self._run(self._at_rest(url))
            if self._run(self._emptied(url, hang_up=False)):
                return
        raise AssertionError("more than its rows has changed")

    def close(self) -> None:
        for url in list(self._holders):
            self._drop(url)
        drop_database(self._admin_url, self._template)
        self._thread.submit(self._loop.close).result()
        self._thread.shutdown()

    def _copy(self) -> str:
        url = create_database(self._admin_url, f"{self._prefix}_{next(self._numbers)}", template=self._template)
        self._holders[url] = self._run(_connected(url))
        return url

    def _drop(self, url: str) -> None:
        CONNECTIONS.forget(url)
        self._holders.pop(url).terminate()
        drop_database(self._admin_url, urlsplit(url).path.removeprefix("/"))

    async def _emptied(self, url: str, *, hang_up: bool = True) -> bool:
        db = self._holders[url]
        try:
            if await db.fetchval(_AT_WORK) or await db.fetchrow(_STATE) != self._state:
                return False
            if hang_up:
                await db.execute(_HANG_UP, CONNECTIONS.processes(url))
            await db.execute(_EMPTY.format(deletes=self._deletes))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):  # such as: we are no superuser
            return False
        return True

    async def _at_rest(self, url: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self._holders[url].fetchval(_AT_WORK):  # noqa: ASYNC110 - nobody tells us when it is done
                await asyncio.sleep(0.01)

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        """In a thread of its own, so that it also works from inside a running event loop."""
        return self._thread.submit(self._loop.run, work).result()


async def _connected(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url)


async def _described(url: str) -> tuple[Any, str]:
    db = await _connected(url)
    try:
        return await db.fetchrow(_STATE), await db.fetchval(_DELETES)
    finally:
        await db.close()
