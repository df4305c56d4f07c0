"""Jobs of the tests' own kind: how one is put, done and listed."""

from typing import Any

from tests.server.harness import Turbo
from turbo_server.job import store
from turbo_server.job.queue import enqueue
from turbo_server.job.types import Handler, Run, Services
from turbo_server.job.worker import Worker
from turbo_server.kit.database import Connection


def worker(turbo: Turbo, run: Run, **options: Any) -> Worker:
    handler = Handler(run, options.pop("delays", (2, 10)), options.pop("seconds", 60))
    return Worker(Services(turbo.runner.database, turbo.runner, turbo.settings), {"test": handler}, **options)


def put(turbo: Turbo, *, unique: str | None = None, delay: float = 0, **payload: object) -> int | None:
    async def work(db: Connection) -> int | None:
        async with db.transaction():
            return await enqueue(db, 1, "test", payload, unique=unique, delay=delay, now=turbo.runner.clock())

    return turbo.run(turbo.with_database(work))


def listed(turbo: Turbo) -> list[Any]:
    return turbo.run(turbo.with_database(lambda db: store.listed(db, "", 100)))
