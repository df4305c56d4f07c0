"""What happens to keys, as the audit tells it: each in the transaction of what it tells."""

from datetime import datetime

from turbo_server.audit.record import OPERATOR, About, Action, By, record, record_address, record_refusal
from turbo_server.kit.context import Caller
from turbo_server.kit.database import Connection, Row

from . import key_store
from .grants import Grant

MOST_ADDRESSES = 10_000  # remembered: for any other the database is asked, which knows them all


class Addresses:
    """Those that keys were seen at, so that a call from one of them costs no statement."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, str]] = set()

    async def note(self, db: Connection, row: Row, caller: Caller, now: datetime) -> None:
        """The audit keeps the first call with a key from each address."""
        place = (row["key_id"], caller.address)
        if caller.address is None or place in self._seen:
            return
        await record_address(db, row["workspace_id"], by_row(row, caller), now)
        if len(self._seen) >= MOST_ADDRESSES:
            self._seen.clear()
        self._seen.add((row["key_id"], caller.address))


def by_row(row: Row, caller: Caller) -> By:
    """Of a call with this key, before it has an actor."""
    return By(row["account_id"], row["key_id"], caller.machine, caller.session, caller.address)


async def tell_made(
    db: Connection, owner: tuple[int, int], key_id: int, name: str, grant: Grant,
    now: datetime, *, by: By = OPERATOR, action: Action = Action.KEY_CREATED,
) -> None:  # fmt: skip
    """`owner` is (workspace id, account id)."""
    workspace_id, account_id = owner
    end = grant.lifetime.expires_at
    details = {
        "name": name,
        "scope": str(grant.scope),
        "machine": grant.machine,
        "until": f"{end:%Y-%m-%d}" if end else None,
    }
    if grant.project_ids is not None:
        details["projects"] = str(len(grant.project_ids))
    told = {word: value for word, value in details.items() if value is not None}
    await record(db, workspace_id, action, by, now, About(account_id, key_id, told))


async def tell(db: Connection, row: Row, key_id: int, action: Action, by: By, now: datetime, **details: object) -> None:
    """`row` says whose the key is."""
    await record(db, row["workspace_id"], action, by, now, About(row["account_id"], key_id, details or None))


async def tell_session(db: Connection, action: Action, by: By, workspace_id: int, now: datetime) -> None:
    await record(db, workspace_id, action, by, now, About(by.account_id, by.key_id))


async def tell_refused(db: Connection, row: Row, caller: Caller, now: datetime, reason: str) -> None:
    await record_refusal(db, row["workspace_id"], by_row(row, caller), now, reason)


async def revoke(
    db: Connection, key_id: int, now: datetime, *, by: By = OPERATOR, with_made: bool = False
) -> list[int]:
    """In the caller's transaction: the numbers of the keys that worked until now."""
    rows = await key_store.revoke(db, key_id, now, with_made=with_made)
    for row in rows:
        await tell(db, row, row["id"], Action.KEY_REVOKED, by, now)
    return [row["id"] for row in rows]
