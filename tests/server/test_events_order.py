"""The feed while others write: every event once, in order, and none skipped."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from tests.server.events import everything, ids, newest, read, reading
from tests.server.harness import Turbo
from turbo_server.kit.database import Database, open_database
from turbo_server.kit.sql import sql


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="first")


WRITERS = 16
EACH = 12
TAKE_NUMBER = sql("select {this_tx} as tx")
WRITE = sql("""
    insert into events (workspace_id, tx, action, subject_kind, subject_id, key, author_id, created_at)
    values (1, {this_tx}, 'written', 'issue', $1, 'TURBO-1', 1, '2026-01-01 00:00:00+00:00') returning id
""")


async def _write(database: Database, writer: int) -> None:
    """Transactions of different lengths: each takes its number, then dawdles before it writes and commits."""
    for number in range(EACH):
        async with database.connection() as db, db.transaction():
            await db.fetch(TAKE_NUMBER)
            for _ in range((writer * 7 + number * 3) % 11):
                await db.fetch(sql("select 1 as one"))
            await db.fetch(WRITE, writer * EACH + number)


@contextlib.asynccontextmanager
async def _writing(url: str) -> AsyncIterator[list[asyncio.Task[None]]]:
    """All writers at once, over two pools: one has fewer connections than that."""
    pools = [open_database(url) for _ in range(2)]
    for pool in pools:
        await pool.connect()
    writers = [asyncio.create_task(_write(pools[writer % 2], writer)) for writer in range(WRITERS)]
    yield writers
    await asyncio.gather(*writers)
    for pool in pools:
        await pool.disconnect()


class Reader:
    """Polls in small pages, and keeps what it has seen."""

    def __init__(self, turbo: Turbo) -> None:
        self.person = turbo.ada
        self.cursor: str = read(turbo, after="latest")["next_cursor"]
        self.seen: list[int] = []

    async def poll(self) -> bool:
        """Whether there is more."""
        page = await reading(self.person, after=self.cursor, limit=10)
        self.seen += ids(page)
        self.cursor = page["next_cursor"]
        return bool(page["more"])


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_sixteen_writers_at_once_and_the_reader_sees_each_event_once_and_in_order(turbo: Turbo) -> None:
    """One transaction is held open on purpose: its number is the lowest, its event is written after many others."""
    before, reader = newest(turbo), Reader(turbo)

    async def play() -> None:
        async with turbo.runner.database.connection() as db, db.transaction():
            await db.fetch(TAKE_NUMBER)
            writing = _writing(turbo.settings.database_url)
            writers = await writing.__aenter__()
            while not any(task.done() for task in writers):
                await reader.poll()
            await reader.poll()
            assert reader.seen == [], "all come after a transaction that still runs"
            await db.fetch(WRITE, 10_000)
        while not all(task.done() for task in writers):
            await reader.poll()
        await writing.__aexit__(None, None, None)
        while await reader.poll():
            pass

    turbo.run(play())
    assert len(reader.seen) == len(set(reader.seen)) == WRITERS * EACH + 1
    told = [event["id"] for event in everything(turbo) if event["id"] > before]
    assert reader.seen == told, "in the order in which a reader who comes later gets them"
    assert reader.seen[0] > reader.seen[1], "the one that was held open began first"


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_readers_that_poll_while_tools_write_miss_nothing(turbo: Turbo) -> None:
    async def play() -> list[int]:
        cursor, seen = (await reading(turbo.ada, after="latest"))["next_cursor"], []
        writing = [
            asyncio.create_task(turbo.ada.calling("create_issue", {"project": "TURBO", "title": str(number)}))
            for number in range(64)
        ]
        while True:
            is_over = all(task.done() for task in writing)
            page = await reading(turbo.ada, after=cursor, limit=7)
            seen += ids(page)
            cursor = page["next_cursor"]
            if is_over and not page["more"]:
                return seen

    seen = turbo.run(play())
    assert len(seen) == len(set(seen)) == 64
