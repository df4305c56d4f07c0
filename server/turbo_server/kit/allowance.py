"""An allowance of something: counted in this process, and settled with the database now and then.

It fills up at its rate and holds at most its burst. What is spent is told to the database in parts of a tenth of what
one minute or hour brings, and what other processes have spent comes back: so most calls ask nothing, a refused one
never does, and each further process can go beyond the limit by one such part at most.
"""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import count

from sqlalchemy import BigInteger, Column, Index, Table

from .database import Connection
from .sql import sql
from .tables import Bytewise, metadata

PARTS = 10
SECOND = 1_000_000
FORGOTTEN_PAUSE = 60 * SECOND
KEPT_SUBJECTS = 10_000
FORGET_EVERY = 100  # settlements
FORGOTTEN_AT_ONCE = 200

allowances = Table(
    "allowances",
    metadata,
    Column("subject", Bytewise, primary_key=True),  # calls:KEY, creations:KEY or bad_keys:ADDRESS
    Column("full_at", BigInteger, nullable=False),  # microseconds since 1970: when all of it is there again
)
Index("ix_allowances_full_at", allowances.c.full_at)

_SETTLE = sql("""
    insert into allowances as a (subject, full_at) values ($1, cast($2 as bigint) + cast($3 as bigint))
    on conflict (subject) do update
    set full_at = case when a.full_at > excluded.full_at - cast($3 as bigint)
                  then a.full_at + cast($3 as bigint) else excluded.full_at end
    returning full_at
""")
_FORGET = sql("""
    delete from allowances where full_at < $1 and subject in (
        select subject from allowances where full_at < $1 order by full_at limit $2 {skip_locked}
    ) returning subject
""")


@dataclass(slots=True)
class _Account:
    full_at: int = 0
    untold: int = 0
    spent_at: int = 0


class Allowance:
    """`per` in `seconds`, and `burst` of them at once. Times are microseconds."""

    def __init__(self, name: str, per: int, seconds: int, burst: int) -> None:
        self.per = per
        self._name = name
        self._each = seconds * SECOND // per
        self._room = burst * self._each
        self._part = max(1, per // PARTS)
        self._accounts: OrderedDict[str, _Account] = OrderedDict()
        self._settlements = count()

    def take(self, subject: str, now: int) -> int:
        """Spends one and returns 0, or how long until there is room."""
        account = self._accounts.get(subject)
        if account is None or account.full_at - now > self._room - self._each:
            lacking = self.lacking(subject, now)
            if lacking:
                return lacking
        self.spend(subject, now)
        return 0

    def is_due(self, subject: str) -> bool:
        """Whether so much was spent that the database has to hear of it."""
        return self._accounts[subject].untold >= self._part

    def lacking(self, subject: str, now: int, wanted: int = 1) -> int:
        """How long until there is room for so many more; 0 when there is."""
        account = self._accounts.get(subject)
        if account is None:
            return max(0, wanted * self._each - self._room)
        if account.full_at - now > 2 * self._room:
            account.full_at = now + self._room  # a clock was wrong, here or elsewhere: it must not lock anybody out
        return max(0, max(account.full_at, now) + wanted * self._each - now - self._room)

    def left(self, subject: str, now: int) -> int:
        account = self._accounts.get(subject)
        return max(0, self._room - max(0, account.full_at - now if account else 0)) // self._each

    def spend(self, subject: str, now: int, number: int = 1) -> None:
        """A negative number gives back."""
        account = self._account(subject)
        if account.full_at < now and account.untold > 0 and now - account.spent_at > FORGOTTEN_PAUSE:
            account.untold = 0  # so little that nobody need know
        account.full_at = max(account.full_at, now) + number * self._each
        account.untold += number
        account.spent_at = now

    async def settle(self, db: Connection, subject: str, now: int) -> None:
        """Where enough was spent, tell it, and learn what was spent elsewhere: one statement, outside of the call's
        transaction, so that nobody waits for the row."""
        account = self._account(subject)
        told = account.untold
        if told < self._part:
            return
        account.untold = 0
        try:
            row = await db.fetch_one(_SETTLE, f"{self._name}:{subject}", now, told * self._each)
        except BaseException:
            account.untold += told
            raise
        assert row is not None  # noqa: S101 - the statement returns its row
        account.full_at = row["full_at"] + account.untold * self._each
        if next(self._settlements) % FORGET_EVERY == 0:
            await db.fetch(_FORGET, now, FORGOTTEN_AT_ONCE)

    def _account(self, subject: str) -> _Account:
        account = self._accounts.get(subject)
        if account is None:
            account = self._accounts[subject] = _Account()
            if len(self._accounts) > KEPT_SUBJECTS:
                self._accounts.popitem(last=False)
        elif len(self._accounts) > KEPT_SUBJECTS // 2:
            self._accounts.move_to_end(subject)
        return account
