"""From the row of a key to who calls with it; for what never changes, or did not since, no statement and no work."""

import json
from functools import lru_cache

from turbo_server.kit.context import Actor, Caller
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope
from turbo_server.kit.sight import EVERYTHING, Sight

from . import caller_store, store
from .grants import Lifetime

MOST_WORKSPACES = 10_000  # whose names are remembered


class Actors:
    def __init__(self) -> None:
        self._workspaces: dict[int, str] = {}

    async def of(self, db: Connection, row: Row, lifetime: Lifetime, caller: Caller) -> Actor:
        workspace = await self._workspace(db, row["workspace_id"])
        sight = await _sight(db, row) if row["may_see_less"] else EVERYTHING
        return _actor(row, workspace, sight, lifetime, (caller.machine, caller.session, caller.address))

    async def _workspace(self, db: Connection, workspace_id: int) -> str:
        name = self._workspaces.get(workspace_id)
        if name is None:
            if len(self._workspaces) >= MOST_WORKSPACES:
                self._workspaces.clear()
            name = self._workspaces[workspace_id] = await store.workspace_name(db, workspace_id)
        return name


# The row was read by this very call, so what is remembered of an equal one is as true; it saves a third of the work.
@lru_cache(maxsize=1024)
def _actor(
    row: Row, workspace: str, sight: Sight, lifetime: Lifetime, place: tuple[str | None, str | None, str | None]
) -> Actor:
    """`place` is (machine, session, address)."""
    machine, session, address = place
    role = Role(row["role"])
    return Actor(
        account_id=row["account_id"],
        name=row["name"],
        workspace_id=row["workspace_id"],
        workspace=workspace,
        key_id=row["key_id"],
        key_name=row["key_name"],
        key_last4=row["last4"],
        machine=machine,
        session=session,
        address=address,
        scope=Scope(row["scope"]).within(role.scope),
        only_projects=sight.only,
        key_machine=row["machine"],
        key_expires_at=lifetime.expires_at,
        key_renewal_days=lifetime.renewal_days,
        role=role,
        sight=sight,
    )


async def _sight(db: Connection, row: Row) -> Sight:
    seen = await caller_store.seen(db, row["key_id"])
    return Sight(_ids(seen["projects"]) if row["is_limited"] else None, _ids(seen["hidden"]))


def _ids(array: str | None) -> frozenset[int]:
    """Of a JSON array, which most often is empty."""
    return frozenset() if array is None or array == "[]" else frozenset(json.loads(array))
