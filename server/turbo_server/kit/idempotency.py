"""A call that is sent again is not done again: the promise behind the Idempotency-Key header.

The key is claimed, the work done and its answer kept in one transaction: a server that dies in between leaves nothing.
A refusal undoes its transaction, and is kept by a statement of its own.

TurboError
├── InvalidIdempotencyKey  400  the header is no key
├── IdempotencyKeyReused   422  the key belongs to a call with other arguments
└── IdempotencyKeyInUse    409  the same call is still being worked on
"""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Column, Index, PrimaryKeyConstraint, SmallInteger, Table, Text

from .answer import Answer, render
from .database import Connection, Row
from .errors import NotFound, TurboError
from .faults import LockNotFree
from .sql import sql
from .tables import Bytewise, Time, metadata, reference
from .token import holds_key

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
PROMISE = "Turbo-Idempotency"  # tells a client, in seconds, for how long the promise holds
KEPT_FOR = timedelta(days=30)
# What the state of the data forbade: the same call may be refused no longer a moment later, but it was answered.
# Not 422, which the arguments alone decide; never 401, 403 or 429, and nothing that is a fault of ours.
KEPT_REFUSALS = frozenset({404, 409, 410, 412})
TWIN_SECONDS = 3.0
FORGET_EVERY = 100  # calls with a key; the first of a process is one
FORGOTTEN_AT_ONCE = 200
_KEY = re.compile(r"[\x21-\x7e]{1,255}")

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    reference("account_id", "accounts"),
    Column("key", Bytewise, nullable=False),
    reference("workspace_id", "workspaces"),
    Column("fingerprint", Text, nullable=False),
    Column("status", SmallInteger),  # without a value only inside of the transaction that claimed the key
    Column("headers", Text),  # JSON
    Column("body", Text),
    Column("created_at", Time, nullable=False),
    PrimaryKeyConstraint("account_id", "key"),
)
Index("ix_idempotency_keys_created", idempotency_keys.c.created_at)

# Waits for a twin's transaction, if there is one. An entry that is too old to count becomes the new call's own.
_CLAIM = sql("""
    insert into idempotency_keys as k (account_id, key, workspace_id, fingerprint, created_at)
    select $1, $2, $3, $4, $5 where {limit_lock_wait} $7 {end_limit_lock_wait}
    on conflict (account_id, key) do update
    set fingerprint = excluded.fingerprint, status = null, headers = null, body = null, created_at = excluded.created_at
    where k.created_at < $6
    returning key
""")
_FINISH = sql("""
    update idempotency_keys set status = $3, headers = $4, body = $5 where account_id = $1 and key = $2 returning key
""")
_STORED = sql("""
    select fingerprint, status, headers, body from idempotency_keys where account_id = $1 and key = $2
""")
_FORGET = sql("""
    delete from idempotency_keys where created_at < $1 and (account_id, key) in (
        select account_id, key from idempotency_keys where created_at < $1 order by created_at limit $2 {skip_locked}
    ) returning key
""")


class KeyProblem(TurboError):
    """Nothing was done, and the answer is about the key and not about the call: it is never kept."""


class InvalidIdempotencyKey(KeyProblem):
    status = 400
    code = "invalid_idempotency_key"

    def __init__(self) -> None:
        super().__init__(
            f"{HEADER} must be one value of 1 to 255 visible ASCII characters.",
            "Send a new random UUID for each new call, and the same one again only when you repeat that call.",
        )


class IdempotencyKeyReused(KeyProblem):
    status = 422
    code = "idempotency_key_reused"

    def __init__(self) -> None:
        super().__init__(
            f"This {HEADER} was used before, for a call with another tool or other arguments; nothing was done now.",
            "Send a new key with a new call, and the same one only to repeat a call unchanged.",
        )


class IdempotencyKeyInUse(KeyProblem):
    status = 409
    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        super().__init__(
            f"A call with this {HEADER} is still being worked on.",
            "Send it again in a second, with the same key and arguments, to get its answer.",
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "1"}


class AnswerConcealed(NotFound):
    """As for what is not there: whether it was ever there, the caller may no longer know."""

    def __init__(self) -> None:
        super().__init__("What this call was about is not there.", "list_projects shows what there is.")


@dataclass(frozen=True, slots=True)
class Claim:
    """One keyed call. Its key counts for this account alone."""

    account_id: int
    workspace_id: int
    key: str
    fingerprint: str
    now: datetime


def require_key(value: str) -> str:
    """Raises InvalidIdempotencyKey."""
    if not _KEY.fullmatch(value) or holds_key(value):
        raise InvalidIdempotencyKey
    return value


def fingerprint(tool: str, arguments: Mapping[str, object]) -> str:
    """The same for the same tool and arguments, however their JSON is spaced and ordered."""
    canonical = json.dumps(arguments, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{tool} {canonical}".encode()).hexdigest()


class Once:
    """Does keyed work once. One for each process: it counts, to forget old keys now and then."""

    def __init__(self, twin_seconds: float = TWIN_SECONDS) -> None:
        self._twin_wait = f"{int(twin_seconds * 1000)}ms"
        self._calls = count()

    async def answer(self, db: Connection, claim: Claim, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer of the work, or the one it gave before. Raises TurboError for what must not be kept."""
        if next(self._calls) % FORGET_EVERY == 0:
            await forget_expired(db, claim.now)
        try:
            async with db.transaction():
                if not await self._is_ours(db, claim):
                    return await _stored(db, claim)
                answer = await work()
                await _finish(db, claim, answer)
            return answer
        except KeyProblem:
            raise
        except TurboError as refusal:
            if refusal.status not in KEPT_REFUSALS:
                raise
            return await self._keep(db, claim, render(refusal))

    async def _is_ours(self, db: Connection, claim: Claim) -> bool:
        mine = (claim.account_id, claim.key, claim.workspace_id, claim.fingerprint, claim.now)
        try:
            return await db.fetch_one(_CLAIM, *mine, claim.now - KEPT_FOR, self._twin_wait) is not None
        except LockNotFree:
            raise IdempotencyKeyInUse from None

    async def _keep(self, db: Connection, claim: Claim, refusal: Answer) -> Answer:
        """Its transaction is undone, and a twin may have come in between: then what that one was answered holds."""
        async with db.transaction():
            if not await self._is_ours(db, claim):
                return await _stored(db, claim)
            await _finish(db, claim, refusal)
        return refusal


async def forget_expired(db: Connection, now: datetime) -> None:
    """A few at a time, so that nobody ever waits for it."""
    await db.fetch(_FORGET, now - KEPT_FOR, FORGOTTEN_AT_ONCE)


async def _finish(db: Connection, claim: Claim, answer: Answer) -> None:
    headers = json.dumps(dict(answer.headers)) if answer.headers else None
    await db.fetch_one(_FINISH, claim.account_id, claim.key, answer.status, headers, answer.body.decode())


async def _stored(db: Connection, claim: Claim) -> Answer:
    row = await db.fetch_one(_STORED, claim.account_id, claim.key)
    assert row is not None  # noqa: S101 - it was in the way of the claim, which locked it
    if row["fingerprint"] != claim.fingerprint:
        raise IdempotencyKeyReused
    return _replayed(row)


def _replayed(row: Row) -> Answer:
    headers = json.loads(row["headers"]) if row["headers"] else {}
    return Answer(row["status"], row["body"].encode(), {**headers, REPLAYED: "true"})
