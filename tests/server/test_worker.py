"""The worker beside the calls: it holds what it does, gives it back at a stop, and asks nothing when it is idle."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from tests.server.at_present import clock, turbo
from tests.server.clock import Clock
from tests.server.harness import Turbo
from tests.server.job_calls import listed, put, worker
from turbo_server.job.queue import enqueue
from turbo_server.job.types import Handler, Job, Services
from turbo_server.job.worker import Worker

__all__ = ["clock", "turbo"]


def test_a_long_job_is_held_by_its_machine(turbo: Turbo, clock: Clock) -> None:
    """Longer than its lease, in real time: it is renewed meanwhile."""
    began: list[int] = []

    async def run(job: Job, services: Services) -> None:
        began.append(job.attempt)
        if len(began) == 1:
            for _ in range(8):
                await asyncio.sleep(0.05)
                clock.now += timedelta(seconds=0.05)
                await other.catch_up_once()

    lease = timedelta(seconds=0.2)
    other = _Once(worker(turbo, run, lease=lease))
    put(turbo)
    turbo.run(worker(turbo, run, lease=lease).catch_up())
    assert began == [1]


class _Once:
    def __init__(self, ours: Worker) -> None:
        self._ours = ours

    async def catch_up_once(self) -> None:
        await self._ours._look()


def test_what_is_under_way_at_a_stop_is_given_back(turbo: Turbo) -> None:
    async def run(_job: Job, _services: Services) -> None:
        running.set()
        await asyncio.Event().wait()

    async def stopped() -> None:
        ours = worker(turbo, run)
        task = asyncio.create_task(ours.run(lambda: False))
        await running.wait()
        task.cancel()
        await ours.stop(seconds=0.01)

    running = asyncio.Event()
    put(turbo)
    turbo.run(stopped())
    (row,) = listed(turbo)
    assert (row["state"], row["attempts"]) == ("waiting", 0)


def test_an_enqueued_job_is_begun_at_once_and_an_idle_worker_asks_the_database_nothing(
    turbo: Turbo, clock: Clock
) -> None:
    done = asyncio.Event()

    async def run(_job: Job, _services: Services) -> None:
        done.set()

    async def work(statements: Callable[[], int]) -> tuple[int, int]:
        ours = worker(turbo, run)
        task = asyncio.create_task(ours.run(lambda: False))
        await asyncio.sleep(0.1)
        before = statements()
        await asyncio.sleep(0.2)
        idle = statements() - before
        async with turbo.runner.database.connection() as db, db.transaction():
            await enqueue(db, 1, "test", {})
        async with asyncio.timeout(5):
            await done.wait()
        task.cancel()
        await ours.stop()
        return before, idle

    clock.now += timedelta(seconds=5)
    with turbo.counting() as seen:
        before, idle = turbo.run(work(lambda: len(seen)))
    assert (before, idle) == (1, 0)


def test_each_kind_of_job_has_places_of_its_own(turbo: Turbo) -> None:
    """Answers that hang take all of theirs, and a webhook is sent all the same."""
    ended = asyncio.Event()

    async def hang(_job: Job, _services: Services) -> None:
        hanging.append(1)
        await asyncio.Event().wait()

    async def end(_job: Job, _services: Services) -> None:
        ended.set()

    async def work() -> int:
        handlers = {"slow": Handler(hang, at_once=2), "quick": Handler(end)}
        ours = Worker(Services(turbo.runner.database, turbo.runner, turbo.settings), handlers)
        async with turbo.runner.database.connection() as db, db.transaction():
            for number in range(5):
                await enqueue(db, 1, "slow", {"number": number}, now=turbo.runner.clock())
            await enqueue(db, 1, "quick", {}, now=turbo.runner.clock())
        task = asyncio.create_task(ours.run(lambda: False))
        async with asyncio.timeout(20):
            await ended.wait()
        task.cancel()
        await ours.stop(seconds=0.01)
        return len(hanging)

    hanging: list[int] = []
    assert turbo.run(work()) == 2
    assert [row["state"] for row in listed(turbo) if row["kind"] == "slow"] == ["waiting"] * 5
