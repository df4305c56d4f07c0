"""A job, who does it, and how a handler says what became of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from turbo_server.kit.database import Database
from turbo_server.kit.runner import Runner
from turbo_server.settings import Settings


@dataclass(slots=True)
class Job:
    """One attempt at a job. `holder` is this attempt's own mark: whoever has the job now."""

    id: int
    workspace_id: int
    kind: str
    payload: Mapping[str, Any]
    attempt: int
    created_at: datetime
    holder: str = field(repr=False)
    is_finished: bool = False

    @property
    def mark(self) -> tuple[int, str]:
        return self.id, self.holder

    def end(self) -> None:
        self.is_finished = True


@dataclass(frozen=True, slots=True)
class Services:
    """What a handler has: no connection is held for it, it takes one when it needs one."""

    database: Database
    runner: Runner
    settings: Settings

    def now(self) -> datetime:
        return self.runner.clock()


Run = Callable[[Job, Services], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """`delays` are the seconds after each failed attempt; after one more the job is dead. `seconds` is the most that an
    attempt may take, `at_once` how many of its kind a process does at the same time."""

    run: Run
    delays: tuple[float, ...] = (2, 10, 60, 300, 1800)
    seconds: float = 600
    at_once: int = 8


class JobLost(Exception):
    """The lease ran out and somebody else has the job, or it was dropped: what this attempt would write must not be."""


class Failed(Exception):
    """It is tried again. The text is shown to the operator."""


class GiveUp(Exception):
    """No further attempt can help. The text is shown to the operator."""


class NotYet(Exception):
    """Not a failure: it is tried again at that time, and this attempt does not count."""

    def __init__(self, until: datetime, why: str) -> None:
        super().__init__(why)
        self.until = until
