"""What one key, and one address, may do in a time.

TurboError
└── LimitReached          429
    ├── TooManyCalls      of one key
    ├── TooManyCreations  of one key
    └── TooManyBadKeys    of one address; a key that is valid is never refused for it
"""

from datetime import datetime
from ipaddress import ip_network
from math import ceil

from .allowance import SECOND, Allowance
from .database import Connection
from .errors import TurboError

BURST_MINUTES = 5  # of calls: ten agents that begin at once are work, and no loop


class LimitReached(TurboError):
    """`seconds` from now the same call has room again."""

    status = 429

    def __init__(self, message: str, hint: str, seconds: int) -> None:
        super().__init__(message, hint)
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.seconds)}


class TooManyCalls(LimitReached):
    code = "too_many_calls"

    def __init__(self, per_minute: int, seconds: int) -> None:
        super().__init__(
            f"This key has made too many calls; nothing was done. It may make {per_minute} a minute.",
            f"Call again in {spoken(seconds)}. If you repeat one call over and over, stop and say so to the person you "
            "work for.",
            seconds,
        )


class TooManyCreations(LimitReached):
    code = "too_many_creations"

    def __init__(self, per_hour: int, left: int, seconds: int) -> None:
        room = f" There is room for {left} right now." if left else ""
        super().__init__(
            f"This key has created too many things; nothing was created now. It may create {per_hour} an hour.{room}",
            f"Call again in {spoken(seconds)}. If this is a loop, stop it; for a large move there is `turbo-server "
            "import`, which has no limit.",
            seconds,
        )


class TooManyBadKeys(LimitReached):
    code = "too_many_bad_keys"

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "This API key is not valid, and too many that are not have come from this address.",
            f"Do not try it again: run `turbo-client login` with a valid key, which works at once. This key is looked "
            f"at again in {spoken(seconds)}.",
            seconds,
        )


class Creations:
    """What one call creates, against what its key may. Counted while it runs, so that calls at once share the rest."""

    def __init__(self, allowance: Allowance | None = None, subject: str = "", now: int = 0) -> None:
        self._allowance = allowance
        self._subject = subject
        self._now = now
        self._made = 0

    def require(self, number: int) -> None:
        """Raises TooManyCreations when there is no room for so many more."""
        allowance = self._allowance
        if allowance is None:
            return
        lacking = allowance.lacking(self._subject, self._now, number)
        if lacking:
            left = allowance.left(self._subject, self._now)
            raise TooManyCreations(allowance.per, left, _seconds(lacking))

    def add(self) -> None:
        """One more. Raises TooManyCreations."""
        self.require(1)
        if self._allowance is not None:
            self._allowance.spend(self._subject, self._now)
            self._made += 1

    def take_back(self) -> None:
        """The call was undone."""
        if self._allowance is not None and self._made:
            self._allowance.spend(self._subject, self._now, -self._made)
            self._made = 0

    async def settle(self, db: Connection) -> None:
        """What earlier calls have made. Not after a commit: what is saved must not be answered with an error."""
        if self._allowance is not None:
            await self._allowance.settle(db, self._subject, self._now)


class Limits:
    """Those of one process. 0 is no limit."""

    def __init__(self, calls_per_minute: int = 0, creations_per_hour: int = 0, bad_keys_per_minute: int = 0) -> None:
        self._calls = _allowance("calls", calls_per_minute, 60, calls_per_minute * BURST_MINUTES)
        self._creations = _allowance("creations", creations_per_hour, 3600, creations_per_hour)
        self._bad_keys = _allowance("bad_keys", bad_keys_per_minute, 60, bad_keys_per_minute)

    def call(self, key_id: int, now: datetime) -> bool:
        """Counts one, and says whether settle_calls is due. Raises TooManyCalls."""
        if self._calls is None:
            return False
        subject = str(key_id)
        lacking = self._calls.take(subject, _micros(now))
        if lacking:
            raise TooManyCalls(self._calls.per, _seconds(lacking))
        return self._calls.is_due(subject)

    async def settle_calls(self, db: Connection, key_id: int, now: datetime) -> None:
        if self._calls is not None:
            await self._calls.settle(db, str(key_id), _micros(now))

    def creations(self, key_id: int, now: datetime) -> Creations:
        return Creations(self._creations, str(key_id), _micros(now))

    def bad_key(self, address: str | None, now: datetime) -> None:
        """Counts one. Raises TooManyBadKeys in place of the usual refusal."""
        if self._bad_keys is None or address is None:
            return
        subject, moment = _network(address), _micros(now)
        lacking = self._bad_keys.lacking(subject, moment)
        if lacking:
            raise TooManyBadKeys(_seconds(lacking))
        self._bad_keys.spend(subject, moment)

    async def settle_bad_keys(self, db: Connection, address: str | None, now: datetime) -> None:
        """For one that the database was asked about: what is no key at all must not wake it."""
        if self._bad_keys is not None and address is not None:
            await self._bad_keys.settle(db, _network(address), _micros(now))


def spoken(seconds: int) -> str:
    """The time as one says it."""
    if seconds < 120:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    return f"{ceil(seconds / 60)} minutes"


def _allowance(name: str, per: int, seconds: int, burst: int) -> Allowance | None:
    return Allowance(name, per, seconds, burst) if per else None


def _network(address: str) -> str:
    """Whoever has one IPv6 address has 2**64 of them."""
    return str(ip_network((address.partition("%")[0], 64), strict=False)) if ":" in address else address


def _micros(moment: datetime) -> int:
    return int(moment.timestamp() * SECOND)


def _seconds(micros: int) -> int:
    return max(1, ceil(micros / SECOND))
