"""Reads from a copy of the database that may be a little behind, for those tools that say so (`may_lag`).

Whoever has just written sees it: what he wrote must be there, and what others wrote some seconds ago. Otherwise, and
where the replica is away or does not understand, the primary is asked. Who calls, and what he may see, it alone says.
"""

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from .answer import Answer
from .context import Actor
from .database import Connection, Database
from .database_errors import CallTooLong, DatabaseProblem
from .errors import TurboError
from .faults import FAULTS
from .patience import Patience

PAUSE_SECONDS = 30.0  # in which a replica that is away is not asked
ANSWERED, BEHIND, AWAY, REFUSED = "replica", "behind", "away", "refused"


class Progress(Protocol):
    async def mark(self, db: Connection, actor: Actor, now: datetime) -> Any:
        """On the primary: what a replica must have for this person to read from it."""

    async def has_reached(self, db: Connection, mark: Any) -> bool:
        """On the replica."""


class Replica:
    def __init__(self, database: Database, progress: Progress) -> None:
        self.database = database
        self.outcomes: Counter[str] = Counter(dict.fromkeys((ANSWERED, BEHIND, AWAY, REFUSED), 0))
        self._progress = progress
        self._resumes_at = 0.0

    async def mark(self, primary: Connection, actor: Actor, now: datetime) -> Any:
        """None where it need not be asked."""
        if time.monotonic() < self._resumes_at:
            self.outcomes[AWAY] += 1
            return None
        return await self._progress.mark(primary, actor, now)

    async def answer(self, mark: Any, read: Callable[[Connection], Awaitable[Answer]]) -> Answer | None:
        """None where the primary has to answer: also whatever the replica would refuse, for it may not know it yet."""
        outcome, answer = await self._outcome(mark, read)
        self.outcomes[outcome] += 1
        return answer

    async def _outcome(self, mark: Any, read: Callable[[Connection], Awaitable[Answer]]) -> tuple[str, Answer | None]:
        try:
            async with self.database.connection() as db:
                if not await self._progress.has_reached(db, mark):
                    return BEHIND, None
                return ANSWERED, await read(db)
        except CallTooLong:
            raise  # the primary would need as long
        except DatabaseProblem:
            self._resumes_at = time.monotonic() + PAUSE_SECONDS
            return AWAY, None
        except (TurboError, *FAULTS):  # of the drivers' faults: it lacks a column that a migration has just added
            return REFUSED, None


def hurried(patience: Patience) -> Patience:
    """For a replica: there is somebody else to ask."""
    return replace(patience, room=0.5, connect=2.0, first=1.0)
