"""Does the jobs that are due, beside serving: each on one machine only, and again where that machine dies.

Each kind has places of its own: answers that wait for a slow API hold no webhook up.
"""

import asyncio
import json
import logging
import random
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from turbo_server.kit.bell import JOBS
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import TurboError

from . import store
from .types import Failed, GiveUp, Handler, Job, JobLost, NotYet, Services
from .watch import Watch

log = logging.getLogger("turbo_server")
LEASE = timedelta(seconds=30)
RENEWALS = 3  # in the time of a lease
CONTENDED_SECONDS = 0.05  # another machine is taking the jobs at this moment
STOP_SECONDS = 5.0
JITTER = 0.2


class Worker:
    """`handlers` by kind: a job of another kind is left to a server that knows it."""

    def __init__(self, services: Services, handlers: Mapping[str, Handler], *, lease: timedelta = LEASE) -> None:
        self._services = services
        self._handlers = handlers
        self._lease = lease
        self._is_ending: Callable[[], bool] = _never
        self._work: set[asyncio.Task[None]] = set()
        self._busy: Counter[str] = Counter()  # places taken, by kind
        self._watch = Watch(self._look, JOBS)

    async def run(self, is_ending: Callable[[], bool]) -> None:
        """Until it is cancelled; what is being done then goes on until `stop`. Where `is_ending`, nothing is begun."""
        self._is_ending = is_ending
        await self._watch.run()

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """What does not end by itself in that time is given back, for another machine or the next start."""
        if self._work:
            await asyncio.wait(self._work, timeout=seconds)
        for task in self._work:
            task.cancel()
        if self._work:
            await asyncio.wait(self._work)

    async def catch_up(self) -> None:
        """Does all that is due at this moment, and what becomes due through it."""
        while await self._look() == 0 or self._work:
            if self._work:
                await asyncio.wait(self._work)

    async def _look(self) -> float | None:
        rooms = {kind: room for kind, each in self._handlers.items() if (room := each.at_once - self._busy[kind]) > 0}
        if not rooms or self._is_ending():
            return None  # the end of a job wakes it
        now = self._services.now()
        async with self._services.database.connection() as db:
            due = as_moment(await store.next_due(db, list(rooms)))
            if due is None:
                return None
            if due > now:
                return (due - now).total_seconds()
            begun = 0
            for kind, room in rooms.items():
                rows = await store.claim(db, secrets.token_hex(8), now, now + self._lease, [kind], room)
                begun += self._begin(rows)
        return 0 if begun else CONTENDED_SECONDS

    def _begin(self, rows: list[Row]) -> int:
        for row in sorted(rows, key=lambda row: int(row["id"])):
            task = asyncio.create_task(self._do(_job(row)))
            self._work.add(task)
            self._busy[row["kind"]] += 1
            task.add_done_callback(partial(self._ended, row["kind"]))
        return len(rows)

    def _ended(self, kind: str, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        self._busy[kind] -= 1
        self._watch.wake()

    async def _do(self, job: Job) -> None:
        try:
            await self._settle(job, await self._attempt(job))
        except TurboError as error:
            log.warning("job %s %d stays with its lease: %s", job.kind, job.id, error.message)

    async def _attempt(self, job: Job) -> "Outcome":
        handler = self._handlers[job.kind]
        holding = asyncio.create_task(self._hold(job))
        try:
            async with asyncio.timeout(handler.seconds):
                await handler.run(job, self._services)
            return _finished
        except asyncio.CancelledError:
            return _given_back
        except JobLost:
            return _lost
        except NotYet as later:
            return _put_off(later)
        except GiveUp as end:
            return _dead(str(end))
        except Exception as error:  # noqa: BLE001 - the edge of this process' other work: a defect must not end it
            return _failed(handler, error)
        finally:
            holding.cancel()

    async def _hold(self, job: Job) -> None:
        """The sign of life of a job that takes longer than its lease."""
        while True:
            await asyncio.sleep(self._lease.total_seconds() / RENEWALS)
            try:
                async with self._services.database.connection() as db:
                    if not await store.renew(db, job.mark, self._services.now() + self._lease):
                        return
            except TurboError as error:
                log.warning("job %s %d could not be held: %s", job.kind, job.id, error.message)

    async def _settle(self, job: Job, outcome: "Outcome") -> None:
        if not job.is_finished:
            async with self._services.database.connection() as db:
                await outcome(db, job, self._services.now())


def _never() -> bool:
    return False


Outcome = Callable[[Connection, Job, datetime], Awaitable[None]]


async def _finished(db: Connection, job: Job, _now: datetime) -> None:
    await store.finish(db, job.mark)


async def _given_back(db: Connection, job: Job, now: datetime) -> None:
    await store.put_back(db, job.mark, now, 1, None)


async def _lost(_db: Connection, job: Job, _now: datetime) -> None:
    log.info("job %s %d is no longer this machine's", job.kind, job.id)


def _put_off(later: NotYet) -> Outcome:
    async def settle(db: Connection, job: Job, _now: datetime) -> None:
        await store.put_back(db, job.mark, later.until, 1, str(later))

    return settle


def _dead(why: str) -> Outcome:
    async def settle(db: Connection, job: Job, _now: datetime) -> None:
        log.warning("job %s %d is given up: %s", job.kind, job.id, why)
        await store.bury(db, job.mark, why)

    return settle


def _failed(handler: Handler, error: Exception) -> Outcome:
    """The text of a foreign exception stays in the log: it may hold anything."""
    why = error.message if isinstance(error, TurboError) else str(error)
    if not isinstance(error, TurboError | Failed):
        why = type(error).__name__
        log.error("a job failed", exc_info=error)

    async def settle(db: Connection, job: Job, now: datetime) -> None:
        if job.attempt > len(handler.delays):
            await _dead(why)(db, job, now)
        else:
            seconds = handler.delays[job.attempt - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
            await store.put_back(db, job.mark, now + timedelta(seconds=seconds), 0, why)

    return settle


def _job(row: Row) -> Job:
    return Job(
        id=row["id"], workspace_id=row["workspace_id"], kind=row["kind"], payload=json.loads(row["payload"]),
        attempt=row["attempts"], created_at=as_moment(row["created_at"]), holder=row["holder"],
    )  # fmt: skip
