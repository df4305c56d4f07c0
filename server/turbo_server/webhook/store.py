"""Webhooks and what was sent to them: the tables and every statement on them."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, partial_index, reference

Key = tuple[int, int]
Place = tuple[int, int]
Filters = tuple[str | None, str | None, str | None]

webhooks = Table(
    "webhooks",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("account_id", "accounts"),  # it is told what this person sees, and no more
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("salt", Text, nullable=False),  # of its secret, which is not stored: see secret.py
    Column("kinds", Text),  # JSON lists, as the next two; without one there is no such filter
    Column("actions", Text),
    Column("project_ids", Text),
    Column("cursor_tx", BigInteger, nullable=False),  # the place of the last event that was looked at
    Column("cursor_id", BigInteger, nullable=False),
    Column("failing_since", Time),
    Column("created_at", Time, nullable=False),
    Index("ix_webhooks_workspace", "workspace_id", "id"),
    sqlite_autoincrement=True,
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("webhook_id", "webhooks"),
    Column("event_id", BigInteger),  # none: a test
    Column("message", Text, nullable=False),  # the webhook-id header: the same each time it is sent
    Column("state", Text, nullable=False),  # waiting, delivered, dead
    Column("attempts", Integer, nullable=False),
    Column("status", Integer),  # that of the last answer
    Column("error", Text),
    Column("created_at", Time, nullable=False),
    Column("attempted_at", Time),
    Index("ix_webhook_deliveries_webhook", "webhook_id", "id"),
    Index("ix_webhook_deliveries_age", "created_at", "id"),
    sqlite_autoincrement=True,
)
partial_index(
    "ix_webhook_deliveries_open", webhook_deliveries.c.webhook_id, webhook_deliveries.c.state,
    where="state <> 'delivered'",
)  # fmt: skip

_COLUMNS = """
    w.id, w.workspace_id, w.account_id, w.name, w.url, w.salt, w.kinds, w.actions, w.project_ids, w.cursor_tx,
    w.cursor_id, w.failing_since, w.created_at
"""
_ADD = sql("""
    insert into webhooks (workspace_id, account_id, name, url, salt, kinds, actions, project_ids, cursor_tx, cursor_id,
                          created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id
""")
_COUNT = sql("select count(*) as found from webhooks where workspace_id = $1")
_SHOWN = sql(f"""
    select {_COLUMNS}, a.name as person, a.role, a.removed_at,
           (select count(*) from webhook_deliveries d where d.webhook_id = w.id and d.state = 'waiting') as waiting,
           (select count(*) from webhook_deliveries d where d.webhook_id = w.id and d.state = 'dead') as dead
    from webhooks w join accounts a on a.id = w.account_id where w.workspace_id = $1 order by w.id
""")  # noqa: S608 - all parts of these are ours
_ONE = sql(f"select {_COLUMNS} from webhooks w where w.workspace_id = $1 and w.id = $2")  # noqa: S608
_EVERY = sql(f"select {_COLUMNS} from webhooks w order by w.id limit 1000", sees_all="the server's own")  # noqa: S608
_FORGET_DELIVERIES = sql("delete from webhook_deliveries where workspace_id = $1 and webhook_id = $2 returning id")
_DELETE = sql("delete from webhooks where workspace_id = $1 and id = $2 returning id")
_LOCK = sql("""
    select id from webhooks where workspace_id = $1 and id = $2 and cursor_tx = $3 and cursor_id = $4 {skip_locked}
""")
_ADVANCE = sql("update webhooks set cursor_tx = $3, cursor_id = $4 where workspace_id = $1 and id = $2 returning id")
_FAILING = sql("""
    update webhooks set failing_since = $3
    where workspace_id = $1 and id = $2 and (failing_since is null) <> ($3 {as_time} is null) returning id
""")
_DELIVER_EACH = sql("""
    insert into webhook_deliveries (workspace_id, webhook_id, event_id, message, state, attempts, created_at)
    select $1, $2, value, $4 || cast(value as text), 'waiting', 0, $5 from {each_of} $3 {end_each_of} where true
    returning id
""")
_DELIVER_TEST = sql("""
    insert into webhook_deliveries (workspace_id, webhook_id, message, state, attempts, created_at)
    values ($1, $2, $3, 'waiting', 0, $4) returning id
""")
_DELIVERY = sql(f"""
    select {_COLUMNS}, d.id as delivery_id, d.event_id, d.message, d.state
    from webhook_deliveries d join webhooks w on w.id = d.webhook_id where d.workspace_id = $1 and d.id = $2
""")  # noqa: S608
_DROP = sql("delete from webhook_deliveries where workspace_id = $1 and id = $2 returning id")
_TELL = sql("""
    update webhook_deliveries set state = $3, attempts = attempts + 1, status = $4, error = $5, attempted_at = $6
    where workspace_id = $1 and id = $2 returning id
""")
_LIST = sql("""
    select id, message, event_id, state, attempts, status, error, created_at, attempted_at from webhook_deliveries
    where workspace_id = $1 and webhook_id = $2 and ($3 = '' or state = $3) and ($4 = 0 or id < $4)
    order by id desc limit $5
""")
_REVIVE = sql("""
    update webhook_deliveries set state = 'waiting', attempts = 0
    where workspace_id = $1 and webhook_id = $2 and state <> 'waiting' and (id = $3 or ($3 = 0 and state = 'dead'))
    returning id
""")
_FORGET_OLD = sql("""
    delete from webhook_deliveries where id in (
        select id from webhook_deliveries
        where created_at < $2 and (state = 'delivered' or (state = 'dead' and created_at < $1))
        order by created_at, id limit 500
    ) returning id
""")


async def add(
    db: Connection, owner: tuple[int, int], named: tuple[str, str, str], wanted: Filters, place: Place, now: datetime
) -> int:
    """`owner` is (workspace id, account id), `named` (name, address, salt)."""
    row = await db.fetch_one(_ADD, *owner, *named, *wanted, *place, now)
    assert row is not None  # noqa: S101 - an insert answers its id
    return int(row["id"])


async def count(db: Connection, workspace_id: int) -> int:
    row = await db.fetch_one(_COUNT, workspace_id)
    return int(row["found"]) if row else 0


async def shown(db: Connection, workspace_id: int) -> list[Row]:
    return await db.fetch(_SHOWN, workspace_id)


async def one(db: Connection, workspace_id: int, webhook_id: int) -> Row | None:
    return await db.fetch_one(_ONE, workspace_id, webhook_id)


async def every(db: Connection) -> list[Row]:
    """Of all workspaces."""
    return await db.fetch(_EVERY)


async def delete(db: Connection, workspace_id: int, webhook_id: int) -> None:
    """With all that was sent, and that waits to be."""
    await db.fetch(_FORGET_DELIVERIES, workspace_id, webhook_id)
    await db.fetch(_DELETE, workspace_id, webhook_id)


async def lock(db: Connection, webhook: Key, cursor: Place) -> bool:
    """False where another machine has it, or had: its cursor has moved. A webhook is (workspace id, id)."""
    return await db.fetch_one(_LOCK, *webhook, *cursor) is not None


async def advance(db: Connection, webhook: Key, cursor: Place) -> None:
    await db.fetch(_ADVANCE, *webhook, *cursor)


async def mark_failing(db: Connection, webhook: Key, since: datetime | None) -> None:
    """None: it does not fail. Since when it does stays as it was first said."""
    await db.fetch(_FAILING, *webhook, since)


async def deliver_each(db: Connection, webhook: Key, events: list[int], message: str, now: datetime) -> list[int]:
    """The ids of the deliveries, in the order of the events; `message` is what each one's id begins with."""
    return sorted(row["id"] for row in await db.fetch(_DELIVER_EACH, *webhook, events, message, now))


async def deliver_test(db: Connection, webhook: Key, message: str, now: datetime) -> int:
    row = await db.fetch_one(_DELIVER_TEST, *webhook, message, now)
    assert row is not None  # noqa: S101 - an insert answers its id
    return int(row["id"])


async def delivery(db: Connection, workspace_id: int, delivery_id: int) -> Row | None:
    """With its webhook."""
    return await db.fetch_one(_DELIVERY, workspace_id, delivery_id)


async def drop(db: Connection, workspace_id: int, delivery_id: int) -> None:
    await db.fetch(_DROP, workspace_id, delivery_id)


async def tell(
    db: Connection, workspace_id: int, delivery_id: int, outcome: tuple[str, int | None, str | None], now: datetime
) -> None:
    """Of an attempt: the state that the delivery is in, the answer's status, and what went wrong."""
    await db.fetch(_TELL, workspace_id, delivery_id, *outcome, now)


async def deliveries(db: Connection, webhook: Key, state: str, before: int, limit: int) -> list[Row]:
    """Newest first; an empty state is any, 0 is the newest."""
    return await db.fetch(_LIST, *webhook, state, before, limit)


async def revive(db: Connection, webhook: Key, delivery_id: int) -> list[int]:
    """That one, unless it is under way; with 0 all that are dead."""
    return sorted(row["id"] for row in await db.fetch(_REVIVE, *webhook, delivery_id))


async def forget_old(db: Connection, dead_before: datetime, delivered_before: datetime) -> None:
    """Some at a time."""
    await db.fetch(_FORGET_OLD, dead_before, delivered_before)
