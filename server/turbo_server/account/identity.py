"""Who is calling: from an API key to its person. Keys are stored only as HMAC-SHA256 under the instance's pepper."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from turbo_server.audit.record import OPERATOR, Action
from turbo_server.kit.context import Actor, Caller
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import KeyExpired, Unauthenticated
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope
from turbo_server.kit.token import SessionSecret
from turbo_server.project.types import ProjectNotFound

from . import caller_store, key_store, session_store, store
from .actors import Actors
from .grants import GRACE, NEVER, Grant, Lifetime, usual
from .key_audit import Addresses, by_row, tell, tell_made, tell_refused
from .sessions import IDLE, SessionEnded
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
        self._addresses = Addresses()
        self._actors = Actors()

    def check(self, token: str | None) -> str:
        """Garbage is refused here, before it can wake a sleeping database."""
        if isinstance(token, SessionSecret):
            if not token.is_well_formed:
                raise SessionEnded
            return token
        if token is None or not is_well_formed(token):
            raise Unauthenticated
        return token

    async def actor(self, db: Connection, token: str, caller: Caller, now: datetime) -> Actor:
        if isinstance(token, SessionSecret):
            return await self._actor_of_session(db, token, caller, now)
        key_hash = await self.hash(db, token)
        row = await caller_store.by_hash(db, key_hash)
        if row is None:
            return await self._actor_of_other_secret(db, key_hash, caller, now)
        lifetime = await _valid(db, row, caller, now)
        await self._addresses.note(db, row, caller, now)
        if _is_stale(as_moment(row["last_used_at"]), now):
            await key_store.touch(db, row["key_id"], now, caller.client_version)
        return await self._actors.of(db, row, lifetime, caller)

    async def _actor_of_session(self, db: Connection, secret: SessionSecret, caller: Caller, now: datetime) -> Actor:
        """The person of the key that it began with, while that may still be used. Raises SessionEnded."""
        row = await session_store.by_hash(db, await self.hash(db, secret), now, now - IDLE)
        if row is None:
            raise SessionEnded
        try:
            lifetime = await _valid(db, row, caller, now)
        except Unauthenticated:
            raise SessionEnded from None
        await self._addresses.note(db, row, caller, now)
        if _is_stale(as_moment(row["used_at"]), now):
            await session_store.touch(db, row["web_session_id"], now)
            await key_store.touch(db, row["key_id"], now, None)
        return replace(await self._actors.of(db, row, lifetime, caller), web_session_id=row["web_session_id"])

    async def _actor_of_other_secret(self, db: Connection, key_hash: str, caller: Caller, now: datetime) -> Actor:
        """While a key is rotated: with its next secret, which is taken up by this, or its previous one."""
        row = await caller_store.by_other_hash(db, key_hash)
        if row is None:
            raise Unauthenticated
        lifetime = await _valid(db, row, caller, now)
        if row["next_hash"] != key_hash:
            replaced = Lifetime(as_moment(row["previous_until"]))
            if replaced.is_over(now):
                await tell_refused(db, row, caller, now, "replaced")
            _require_unexpired(replaced, now)
            await self._addresses.note(db, row, caller, now)
            return replace(await self._actors.of(db, row, lifetime, caller), key_is_replaced=True)
        await self._addresses.note(db, row, caller, now)
        renewed = Lifetime(lifetime.renewed(now), lifetime.renewal_days)
        async with db.transaction():
            if await key_store.take_up_next(
                db, row["key_id"], key_hash, now, previous_until=now + GRACE, expires_at=renewed.expires_at
            ):
                await tell(db, row, row["key_id"], Action.KEY_RENEWED, by_row(row, caller), now)
        return await self._actors.of(db, row, renewed, caller)

    async def create_key(
        self, db: Connection, account: str, name: str, grant: Grant | None = None, projects: Sequence[str] = (),
        *, workspace: str = WORKSPACE, role: Role | None = None,
    ) -> NewKey:  # fmt: skip
        """For a person of that name, who is made, or comes back, where he is not there; so is the workspace.

        Without a grant: all scopes, for the usual time. Without a role: the first person of a workspace is an owner,
        others are members, and who is there stays what he is. Raises ProjectNotFound.
        """
        now = datetime.now(UTC)
        token = mint()
        grant = grant or Grant(Scope.ADMIN, usual(now))
        async with db.transaction():
            workspace_id = await store.ensure_workspace(db, workspace, now)
            account_id = await store.ensure_account(db, workspace_id, account, now, role)
            await store.bring_back(db, workspace_id, account_id, role)
            if projects:
                grant = replace(grant, project_ids=await project_ids(db, workspace_id, projects))
            key_id = await self.keep(db, token, (workspace_id, account_id), name, grant, now)
        assert key_id is not None  # noqa: S101 - 238 random bits do not repeat
        return NewKey(key_id, token)

    async def adopt_key(self, db: Connection, token: str, account: str = OWNER) -> None:
        """Makes a key from outside (TURBO_API_KEY) valid for the account. One that was revoked here stays revoked."""
        now = datetime.now(UTC)
        async with db.transaction():
            workspace_id = await store.ensure_workspace(db, WORKSPACE, now)
            owner = (workspace_id, await store.ensure_account(db, workspace_id, account, now, Role.OWNER))
            grant = Grant(Scope.ADMIN, NEVER)
            await self.keep(db, token, owner, "TURBO_API_KEY", grant, now, action=Action.KEY_ADOPTED)

    async def keep(
        self, db: Connection, token: str, owner: tuple[int, int], name: str, grant: Grant, now: datetime,
        *, action: Action = Action.KEY_CREATED,
    ) -> int | None:  # fmt: skip
        """The key's id; None for one that is known already. `owner` is (workspace id, account id)."""
        secret = (await self.hash(db, token), token[-4:])
        key_id = await key_store.add(db, owner, name, secret, now, grant.columns)
        if key_id is not None and grant.project_ids:
            await key_store.limit(db, key_id, sorted(grant.project_ids))
        if key_id is not None:
            await tell_made(db, owner, key_id, name, grant, now, action=action)
        return key_id

    async def rotate(self, db: Connection, key_id: int, now: datetime) -> str | None:
        """A new secret for the key at once; the one before works for a day. None for no such key. Raises KeyExpired."""
        row = await key_store.lifetime(db, key_id)
        if row is None:
            return None
        lifetime = _lifetime(row)
        if lifetime.renewal_days is None:
            _require_unexpired(lifetime, now)
        token = mint()
        secret = (await self.hash(db, token), token[-4:])
        expires_at = lifetime.renewed(now)
        async with db.transaction():
            await key_store.replace(db, key_id, secret, previous_until=now + GRACE, expires_at=expires_at)
            await tell(db, row, key_id, Action.KEY_ROTATED, OPERATOR, now)
        return token

    async def hash(self, db: Connection, token: str) -> str:
        if self._pepper is None:
            self._pepper = (await self._instance_pepper(db)).encode()
        return hmac.digest(self._pepper, token.encode(), "sha256").hex()

    async def _instance_pepper(self, db: Connection) -> str:
        found = await store.pepper(db)
        if found is None:
            await store.make_pepper(db, secrets.token_hex(32), datetime.now(UTC))
            found = await store.pepper(db)
        assert found is not None  # noqa: S101 - just made
        return found


async def project_ids(db: Connection, workspace_id: int, keys: Sequence[str]) -> frozenset[int]:
    """Of project keys in any letter case. Raises ProjectNotFound."""
    words = [key.strip().upper() for key in keys]
    found = await key_store.projects_named(db, workspace_id, words)
    for word in words:
        if word not in found:
            raise ProjectNotFound(word, await key_store.project_keys(db, workspace_id))
    return frozenset(found.values())


async def _valid(db: Connection, row: Row, caller: Caller, now: datetime) -> Lifetime:
    """Raises Unauthenticated and KeyExpired, which the audit tells."""
    if row["ended_at"] is not None:
        await tell_refused(db, row, caller, now, "revoked")
        raise Unauthenticated
    lifetime = _lifetime(row)
    if lifetime.is_over(now):
        await tell_refused(db, row, caller, now, "expired")
    _require_unexpired(lifetime, now)
    return lifetime


def _lifetime(row: Row) -> Lifetime:
    return Lifetime(as_moment(row["expires_at"]), row["renewal_days"])


def _require_unexpired(lifetime: Lifetime, now: datetime) -> None:
    if lifetime.expires_at is not None and lifetime.is_over(now):
        raise KeyExpired(lifetime.expires_at.date())


def _is_stale(last_used_at: datetime | None, now: datetime) -> bool:
    return last_used_at is None or now - last_used_at > TOUCH_EVERY
