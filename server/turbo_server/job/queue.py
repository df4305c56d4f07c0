"""How a job is put into the queue, and how an attempt at it ends."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from turbo_server.kit.bell import JOBS
from turbo_server.kit.database import Connection

from . import store
from .types import Job, JobLost


async def enqueue(
    db: Connection, workspace_id: int, kind: str, payload: Mapping[str, Any], *,
    unique: str | None = None, delay: float = 0, now: datetime | None = None,
) -> int | None:  # fmt: skip
    """In the caller's transaction: with it the job is there, or is not. Its id; None where one of the same kind and
    `unique` is open already. One that died is begun anew."""
    now = now or datetime.now(UTC)
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    made = await store.add(db, workspace_id, kind, text, unique, (now + timedelta(seconds=delay), now))
    db.after_commit(JOBS.ring)
    return made


async def enqueue_each(db: Connection, workspace_id: int, kind: str, ids: list[int], now: datetime) -> None:
    """As `enqueue`, a job for each, due in this order: its payload is {"id": ...}, and it is unique by that."""
    await store.add_each(db, workspace_id, kind, ids, now)
    db.after_commit(JOBS.ring)


async def finish(db: Connection, job: Job) -> None:
    """In the transaction of what the job is to do: both are done, or neither. Raises JobLost."""
    if not await store.finish(db, job.mark):
        raise JobLost
    db.after_commit(job.end)
