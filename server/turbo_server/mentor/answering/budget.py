"""The budgets of a day: reserved before a request, settled after it. Days are UTC's: they end for all at once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from turbo_server.kit.database import Connection, Database
from turbo_server.kit.errors import TurboError
from turbo_server.kit.schema import to_seconds
from turbo_server.mentor_settings import MICROS, MentorSettings

from . import store
from .prices import Tokens, dollars

WORKSPACE = "workspace"
UNBOUNDED = 2**62


class BudgetUsedUp(TurboError):
    status = 429
    code = "mentor_budget_used_up"

    def __init__(self, whose: str, cap: int, used: int, wanted: int, now: datetime) -> None:
        left = end_of_day(now) - now
        hours, minutes = divmod(max(60, int(left.total_seconds())) // 60, 60)
        self.resets_at = end_of_day(now)
        super().__init__(
            f"{whose} may cost {dollars(cap)} a day; {dollars(used)} of it is used, and an answer to this may need "
            f"up to {dollars(wanted)} more.",
            f"It begins anew at {to_seconds(self.resets_at)}, midnight UTC, in {hours} h {minutes} min. Until then "
            "ask_mentor(..., brief_only=true) gives you the brief to answer from yourself, at no cost.",
        )

    @property
    def text(self) -> str:
        return f"{self.message} {self.hint}"


@dataclass(frozen=True, slots=True)
class Limit:
    """Whatever is counted of a day; `micros` bounds it, None counts alone."""

    subject: str
    whose: str
    micros: int | None

    @property
    def cap(self) -> int:
        return UNBOUNDED if self.micros is None else self.micros


@dataclass(frozen=True, slots=True)
class Purse:
    """What one turn's answer is paid from. The limits are always taken in the same order: nobody waits in a circle."""

    workspace_id: int
    turn_id: int
    limits: tuple[Limit, ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        return tuple(limit.subject for limit in self.limits)

    async def reserve(self, database: Database, micros: int, now: datetime) -> None:
        """Raises BudgetUsedUp, and then nothing is reserved."""
        day = day_of(now)
        async with database.connection() as db, db.transaction():
            for limit in self.limits:
                if not await store.reserve(db, self.workspace_id, day, limit.subject, micros, limit.cap):
                    used = sum(await store.of_day(db, self.workspace_id, day, limit.subject))
                    raise BudgetUsedUp(limit.whose, limit.cap, used, micros, now)
            await store.note_reservation(db, self.workspace_id, self.turn_id, micros, day)

    async def settle(self, db: Connection, micros: int, tokens: Tokens, *, is_whole: bool = True) -> None:
        """In the caller's transaction: in place of what was reserved stands what it was."""
        row = (await store.of_turns(db, self.workspace_id, [self.turn_id]))[self.turn_id]
        if not row["reserved"]:
            return
        day = _day(row["reserved_day"])
        for subject in self.subjects:
            await store.settle(db, self.workspace_id, day, subject, (micros, row["reserved"]), tokens)
        await store.add(db, self.workspace_id, self.turn_id, micros, int(is_whole), tokens)

    async def settle_what_was_left(self, database: Database) -> None:
        """Of an attempt that died: as much as is known of it."""
        async with database.connection() as db, db.transaction():
            row = (await store.of_turns(db, self.workspace_id, [self.turn_id])).get(self.turn_id)
            if row is not None:
                await self.settle(db, row["least"], Tokens(), is_whole=False)

    async def count(self, db: Connection, now: datetime) -> None:
        """One more answer of the day."""
        for subject in self.subjects:
            await store.count(db, self.workspace_id, day_of(now), subject)


@dataclass(frozen=True, slots=True)
class Asker:
    id: int
    name: str


def purse_of(
    settings: MentorSettings, workspace_id: int, turn_id: int, asker: Asker, mentor: tuple[int, str, int | None]
) -> Purse:
    """`mentor` is (its id, handle, and what it may cost a day in cents, or None)."""
    mentor_id, handle, cents = mentor
    own = Limit(mentor_subject(mentor_id), f"@{handle}", None if cents is None else cents * MICROS // 100)
    person = Limit(person_subject(asker.id), f"What {asker.name} asks mentors", settings.person_budget)
    return Purse(
        workspace_id, turn_id, (own, person, Limit(WORKSPACE, "This workspace's mentors", settings.workspace_budget))
    )


def person_subject(account_id: int) -> str:
    return f"person:{account_id}"


def mentor_subject(mentor_id: int) -> str:
    return f"mentor:{mentor_id}"


def day_of(now: datetime) -> date:
    return now.astimezone(UTC).date()


def end_of_day(now: datetime) -> datetime:
    return datetime.combine(day_of(now) + timedelta(days=1), datetime.min.time(), UTC)


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
