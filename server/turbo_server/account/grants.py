"""What a new key is given: its scope, its projects, its end, its machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from turbo_server.kit.scope import Scope

DAYS = 90
MOST_DAYS = 366
GRACE = timedelta(days=1)  # in which the secret before still works


@dataclass(frozen=True, slots=True)
class Lifetime:
    """`renewal_days` is what a renewal adds from then on; None where an end was set for good, or there is none."""

    expires_at: datetime | None = None
    renewal_days: int | None = None

    def renewed(self, now: datetime) -> datetime | None:
        """Its end after a renewal."""
        return self.expires_at if self.renewal_days is None else now + timedelta(days=self.renewal_days)

    def is_over(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    def outlasts(self, other: "Lifetime", now: datetime) -> bool:
        """Whether it may last longer than the other, renewals of either counted in: a key gives nothing that does."""
        if other.expires_at is None:
            return False
        if self.expires_at is None:
            return True
        if other.renewal_days is None:
            return self.renewal_days is not None or self.expires_at > other.expires_at
        if self.renewal_days is not None:
            return self.renewal_days > other.renewal_days
        return self.expires_at > now + timedelta(days=other.renewal_days)


@dataclass(frozen=True, slots=True)
class Grant:
    """`project_ids` are all that the key may see; None for no such limit."""

    scope: Scope
    lifetime: Lifetime
    machine: str | None = None
    project_ids: frozenset[int] | None = None
    made_by_id: int | None = None

    @property
    def columns(self) -> tuple[object, ...]:
        lifetime = self.lifetime
        limits = (lifetime.expires_at, lifetime.renewal_days, self.project_ids is not None, self.made_by_id)
        return (self.scope.value, self.machine, *limits)


NEVER = Lifetime()


def usual(now: datetime) -> Lifetime:
    """As long as nobody says otherwise: 90 days, and anew with each renewal."""
    return Lifetime(now + timedelta(days=DAYS), DAYS)


def until_day(now: datetime, days: int) -> Lifetime:
    """An end that was asked for is one: no renewal goes past it."""
    return Lifetime(now + timedelta(days=days))
