"""A Postgres that writes as one in production does: with fsync, where the one of the tests does without."""

import asyncio
import contextlib
import itertools
from collections.abc import Iterator
from unittest.mock import patch

import asyncpg

from tests import postgres
from tests.postgres import create_database, postgres_server
from turbo_server.migrations.migrate import migrate

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_SHOWN = ("server_version", *DURABLE)


class Postgres:
    def __init__(self, admin_url: str) -> None:
        self._admin_url = admin_url
        self._numbers = itertools.count(1)

    def database(self) -> str:
        """The URL of a new one, migrated."""
        url = create_database(self._admin_url, f"turbo_bench_{next(self._numbers)}")
        migrate(url)
        return url

    def settings(self) -> str:
        """What its speed hangs on, by its own word."""
        return asyncio.run(_settings(self._admin_url))


@contextlib.contextmanager
def durable_postgres() -> Iterator[Postgres]:
    """Ours with DURABLE settings, or the one of TEST_DATABASE_URL with its own."""
    with patch.dict(postgres.SETTINGS, DURABLE), postgres_server() as url:
        yield Postgres(url)


async def analyze(url: str) -> None:
    """What autovacuum does within a minute of so many writes: without statistics both sides of a ratio would mostly
    measure a planner that thinks the tables empty."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("analyze")
    finally:
        await connection.close()


async def _settings(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        values = [f"{name} {await connection.fetchval(f'show {name}')}" for name in _SHOWN]
    finally:
        await connection.close()
    return f"Postgres: {', '.join(values)}."
