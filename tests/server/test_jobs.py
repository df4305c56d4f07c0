"""Jobs: done once, by one machine, again after a death, and shown when nothing helps."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.server.clock import Clock
from tests.server.harness import Turbo
from tests.server.job_calls import listed, put, worker
from turbo_server.job.queue import enqueue, finish
from turbo_server.job.types import GiveUp, Job, JobLost, NotYet, Run, Services
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import Conflict
from turbo_server.kit.sql import sql

LATER = timedelta(days=365)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock=clock) as server:
        yield server


def test_each_job_is_done_once_in_the_order_in_which_it_came(turbo: Turbo) -> None:
    done: list[object] = []

    async def run(job: Job, _services: Services) -> None:
        done.append(job.payload["number"])

    for number in range(20):
        put(turbo, number=number)
    turbo.run(worker(turbo, run).catch_up())
    assert done == list(range(20))
    assert listed(turbo) == []


def test_two_workers_never_have_the_same_job(turbo: Turbo) -> None:
    done: list[object] = []

    async def run(job: Job, _services: Services) -> None:
        done.append(job.payload["number"])
        await asyncio.sleep(0)

    for number in range(60):
        put(turbo, number=number)

    async def both() -> None:
        await asyncio.gather(worker(turbo, run).catch_up(), worker(turbo, run).catch_up())

    turbo.run(both())
    assert sorted(done) == list(range(60))  # type: ignore[type-var]


def test_what_is_rolled_back_was_never_enqueued(turbo: Turbo) -> None:
    async def work(db: Connection) -> None:
        async with db.transaction():
            await enqueue(db, 1, "test", {})
            raise Conflict("no", "no")

    with pytest.raises(Conflict):
        turbo.run(turbo.with_database(work))
    assert listed(turbo) == []


def test_a_unique_job_is_there_once_while_it_is_open(turbo: Turbo) -> None:
    async def run(_job: Job, _services: Services) -> None: ...

    assert put(turbo, unique="a") is not None
    assert put(turbo, unique="a") is None
    assert put(turbo, unique="b") is not None
    turbo.run(worker(turbo, run).catch_up())
    assert put(turbo, unique="a") is not None


def failing(error: Exception) -> Run:
    async def run(_job: Job, _services: Services) -> None:
        raise error

    return run


def test_a_failed_job_is_tried_again_later_and_later_and_then_lies_dead(turbo: Turbo, clock: Clock) -> None:
    put(turbo, number=1)
    ours = worker(turbo, failing(RuntimeError("password=hunter2")))
    waits = []
    for _ in range(2):
        turbo.run(ours.catch_up())
        (row,) = listed(turbo)
        assert row["state"] == "waiting"
        due = datetime.fromisoformat(row["due_at"]) if isinstance(row["due_at"], str) else row["due_at"]
        waits.append((due - clock.now).total_seconds())
        clock.now = due
    turbo.run(ours.catch_up())
    (row,) = listed(turbo)
    assert (row["state"], row["attempts"], row["error"]) == ("dead", 3, "RuntimeError")
    assert waits == [pytest.approx(2, rel=0.25), pytest.approx(10, rel=0.25)]
    clock.now += LATER
    turbo.run(ours.catch_up())
    assert listed(turbo)[0]["attempts"] == 3


@pytest.mark.parametrize(
    ("error", "state", "attempts", "told"),
    [
        (GiveUp("nobody is there"), "dead", 1, "nobody is there"),
        (NotYet(datetime(2200, 1, 1, tzinfo=UTC), "the budget is used up"), "waiting", 0, "the budget is used up"),
        (Conflict("It is archived.", ""), "waiting", 1, "It is archived."),
    ],
)
def test_what_becomes_of_a_job_follows_from_what_its_handler_says(
    turbo: Turbo, error: Exception, state: str, attempts: int, told: str
) -> None:
    put(turbo)
    turbo.run(worker(turbo, failing(error)).catch_up())
    (row,) = listed(turbo)
    assert (row["state"], row["attempts"], row["error"]) == (state, attempts, told)


def test_a_job_that_takes_too_long_has_failed(turbo: Turbo) -> None:
    async def run(_job: Job, _services: Services) -> None:
        await asyncio.Event().wait()

    put(turbo)
    turbo.run(worker(turbo, run, seconds=0.01).catch_up())
    assert listed(turbo)[0]["error"] == "TimeoutError"


def test_a_job_whose_machine_died_is_taken_over_and_the_dead_one_can_write_nothing(turbo: Turbo, clock: Clock) -> None:
    """The first attempt comes back to life after its lease: its transaction is undone."""
    outcomes: list[str] = []

    async def slow(job: Job, services: Services) -> None:
        clock.now += timedelta(minutes=5)
        await worker(turbo, quick).catch_up()
        await write(job, services, "slow")

    async def quick(job: Job, services: Services) -> None:
        await write(job, services, "quick")

    async def write(job: Job, services: Services, name: str) -> None:
        async with services.database.connection() as db, db.transaction():
            await db.fetch(sql("update workspaces set name = name || $1 where id = 1 returning id"), f" {name}")
            try:
                await finish(db, job)
            except JobLost:
                outcomes.append(f"{name} lost")
                raise

    put(turbo)
    turbo.run(worker(turbo, slow).catch_up())
    assert outcomes == ["slow lost"]
    (row,) = turbo.run(turbo.with_database(lambda db: db.fetch(sql("select name from workspaces"))))
    assert row["name"].endswith(" quick")
    assert listed(turbo) == []
