"""Who is calling: from an API key to its person. Keys are stored only as HMAC-SHA256 under the instance's pepper."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from turbo_server.kit.context import Actor, Caller
from turbo_server.kit.database import Connection
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import Unauthenticated

from . import store
from .token import is_well_formed, mint

WORKSPACE = "personal"
OWNER = "owner"
TOUCH_EVERY = timedelta(minutes=15)


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

    def check(self, token: str | None) -> str:
        """Garbage is refused here, before it can wake a sleeping database."""
        if token is None or not is_well_formed(token):
            raise Unauthenticated
        return token

    async def actor(self, db: Connection, token: str, caller: Caller, now: datetime) -> Actor:
        row = await store.key_by_hash(db, await self._hash(db, token))
        if row is None or row["revoked_at"] is not None:
            raise Unauthenticated
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
        )

    async def create_key(self, db: Connection, account: str, name: str) -> NewKey:
        token = mint()
        key_id = await self._store(db, token, account, name)
        assert key_id is not None  # noqa: S101 - 238 random bits do not repeat
        return NewKey(key_id, token)

    async def adopt_key(self, db: Connection, token: str, account: str = OWNER) -> None:
        """Makes a key from outside (TURBO_API_KEY) valid for the account. One that was revoked here stays revoked."""
        await self._store(db, token, account, "TURBO_API_KEY")

    async def _store(self, db: Connection, token: str, account: str, name: str) -> int | None:
        now = datetime.now(UTC)
        async with db.transaction():
            workspace_id = await store.ensure_workspace(db, WORKSPACE, now)
            account_id = await store.ensure_account(db, workspace_id, account, now)
            key_hash = await self._hash(db, token)
            return await store.add_key(db, workspace_id, account_id, name, key_hash, token[-4:], now)

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


def _is_stale(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or now - last_used_at > TOUCH_EVERY
