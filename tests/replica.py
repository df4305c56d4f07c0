"""A Postgres with a streaming replica, both real and of the tests' own; its replay can be stopped."""

import asyncio
import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from tests import postgres
from tests.postgres import OwnPostgres, find_programs, own_postgres, spawn

SENDING = {"wal_level": "replica", "max_wal_senders": "4"}
CATCHES_UP_WITHIN = 20.0


@dataclass(frozen=True)
class Pair:
    primary: OwnPostgres
    replica: OwnPostgres

    def on_replica(self, url: str) -> str:
        """The same database there."""
        return urlunsplit(urlsplit(self.replica.url)._replace(path=urlsplit(url).path))

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[None]:
        """What is written meanwhile does not get there."""
        asyncio.run(_do(self.replica.url, "select pg_wal_replay_pause()"))
        try:
            yield
        finally:
            asyncio.run(_do(self.replica.url, "select pg_wal_replay_resume()"))

    def catch_up(self) -> None:
        """Returns when all that the primary has is there."""
        asyncio.run(_caught_up(self.primary.url, self.replica.url))


@contextlib.contextmanager
def primary_and_replica() -> Iterator[Pair]:
    """Skips where there is no pg_basebackup to make one with; in CI there must be one."""
    programs = find_programs()
    if programs is None or not (programs / "pg_basebackup").is_file():
        missing = "No replica was tested: no Postgres programs with pg_basebackup are found."
        if os.environ.get("CI") == "true":
            pytest.fail(missing, pytrace=False)
        pytest.skip(missing)
    with patch.dict(postgres.SETTINGS, SENDING), own_postgres(programs) as primary, _copied(primary) as replica:
        yield Pair(primary, replica)


@contextlib.contextmanager
def _copied(primary: OwnPostgres) -> Iterator[OwnPostgres]:
    with tempfile.TemporaryDirectory(prefix="turbo-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        run, account = Path(folder), primary.account
        if account:
            os.chown(run, account.pw_uid, account.pw_gid)
        copy = [primary.programs / "pg_basebackup", "--host", primary.run, "--username=test", "--write-recovery-conf",
                "--checkpoint=fast", "--no-sync", "--pgdata", run / "data"]  # fmt: skip
        if spawn([str(word) for word in copy], run, account).wait():
            raise RuntimeError(f"pg_basebackup failed:\n{(run / 'log').read_text(errors='replace')}")
        replica = OwnPostgres(primary.programs, run, account)
        try:
            replica.start()
            yield replica
        finally:
            replica.stop()


async def _do(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def _caught_up(primary_url: str, replica_url: str) -> None:
    primary, replica = await asyncpg.connect(primary_url), await asyncpg.connect(replica_url)
    try:
        end = await primary.fetchval("select pg_current_wal_insert_lsn()::text")
        async with asyncio.timeout(CATCHES_UP_WITHIN):
            while not await replica.fetchval("select pg_last_wal_replay_lsn() >= $1::text::pg_lsn", end):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    finally:
        await primary.close()
        await replica.close()
