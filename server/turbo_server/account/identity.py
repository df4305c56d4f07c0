"""Who is calling: from an API key to its person. Keys are stored only as HMAC-SHA256 under the instance's pepper."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from turbo_server.audit.record import OPERATOR, About, Action, By, by_key, record, record_address, record_refusal
from turbo_server.kit.context import Actor, Caller
from turbo_server.kit.database import Connection
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import Unauthenticated
from turbo_server.kit.scope import Scope

from . import store
from .token import is_well_formed, mint

WORKSPACE = "personal"
OWNER = "owner"
TOUCH_EVERY = timedelta(minutes=15)
MOST_ADDRESSES = 10_000  # remembered: for any other the database is asked, which knows them all


@dataclass(frozen=True, slots=True)
class NewKey:
    """`token` is shown once and stored nowhere."""

    id: int
    token: str

    def __repr__(self) -> str:
        return f"NewKey(id={self.id})"


class Identity:
    """Turns keys into actors. `pepper` overrides the one that the database keeps for itself."""

    def __init__(self, pepper: str | None = None) -> None:
        self._pepper = pepper.encode() if pepper else None
        self._addresses: set[tuple[int, str]] = set()

    def check(self, token: str | None) -> str:
        """Garbage is refused here, before it can wake a sleeping database."""
        if token is None or not is_well_formed(token):
            raise Unauthenticated
        return token

    async def actor(self, db: Connection, token: str, caller: Caller, now: datetime) -> Actor:
        row = await store.key_by_hash(db, await self._hash(db, token))
        if row is None:
            raise Unauthenticated
        by = by_key(row["account_id"], row["key_id"], caller)
        if row["revoked_at"] is not None:
            await record_refusal(db, row["workspace_id"], by, now, "revoked")
            raise Unauthenticated
        await self._note_address(db, row["workspace_id"], by, now)
        if _is_stale(as_moment(row["last_used_at"]), now):
            await store.touch_key(db, row["key_id"], now)
        return Actor(
            account_id=row["account_id"],
            name=row["name"],
            workspace_id=row["workspace_id"],
            workspace=row["workspace"],
            key_id=row["key_id"],
            key_name=row["key_name"],
            key_last4=row["last4"],
            machine=caller.machine,
            session=caller.session,
            address=caller.address,
            scope=Scope.ADMIN,
        )

    async def _note_address(self, db: Connection, workspace_id: int, by: By, now: datetime) -> None:
        """The audit keeps the first call with a key from each address."""
        if by.address is None or by.key_id is None or (by.key_id, by.address) in self._addresses:
            return
        await record_address(db, workspace_id, by, now)
        if len(self._addresses) >= MOST_ADDRESSES:
            self._addresses.clear()
        self._addresses.add((by.key_id, by.address))

    async def create_key(self, db: Connection, account: str, name: str) -> NewKey:
        token = mint()
        key_id = await self._store(db, token, account, name, Action.KEY_CREATED)
        assert key_id is not None  # noqa: S101 - 238 random bits do not repeat
        return NewKey(key_id, token)

    async def adopt_key(self, db: Connection, token: str, account: str = OWNER) -> None:
        """Makes a key from outside (TURBO_API_KEY) valid for the account. One that was revoked here stays revoked."""
        await self._store(db, token, account, "TURBO_API_KEY", Action.KEY_ADOPTED)

    async def _store(self, db: Connection, token: str, account: str, name: str, action: Action) -> int | None:
        now = datetime.now(UTC)
        async with db.transaction():
            workspace_id = await store.ensure_workspace(db, WORKSPACE, now)
            account_id = await store.ensure_account(db, workspace_id, account, now)
            key_hash = await self._hash(db, token)
            key_id = await store.add_key(db, workspace_id, account_id, name, key_hash, token[-4:], now)
            if key_id is not None:
                await record(db, workspace_id, action, OPERATOR, now, About(account_id, key_id, {"name": name}))
            return key_id

    async def _hash(self, db: Connection, token: str) -> str:
        if self._pepper is None:
            self._pepper = (await self._instance_pepper(db)).encode()
        return hmac.new(self._pepper, token.encode(), "sha256").hexdigest()

    async def _instance_pepper(self, db: Connection) -> str:
        found = await store.pepper(db)
        if found is None:
            await store.make_pepper(db, secrets.token_hex(32), datetime.now(UTC))
            found = await store.pepper(db)
        assert found is not None  # noqa: S101 - just made
        return found


async def revoke_key(db: Connection, key_id: int, now: datetime, by: By = OPERATOR) -> bool:
    """False where there is no such key, or it is revoked already."""
    async with db.transaction():
        row = await store.revoke_key(db, key_id, now)
        if row is not None:
            await record(db, row["workspace_id"], Action.KEY_REVOKED, by, now, About(row["account_id"], key_id))
    return row is not None


def _is_stale(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or now - last_used_at > TOUCH_EVERY
