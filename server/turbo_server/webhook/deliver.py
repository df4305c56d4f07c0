"""One attempt at telling a receiver of one event."""

from datetime import datetime

from turbo_server.activity.feed import EventShown
from turbo_server.activity.following import event_told
from turbo_server.job.types import Failed, GiveUp, Handler, Job, Services
from turbo_server.kit.answer import shown
from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row

from . import store
from .addresses import UrlRefused, read_target
from .filters import told_to
from .sending import NotSent, Outgoing, send
from .signature import secret_of, signed_headers
from .types import Message

# Of standardwebhooks.com: the last attempt comes more than a day after the first.
DELAYS = (5.0, 300.0, 1800.0, 7200.0, 18000.0, 36000.0, 36000.0)
SAYS_GONE = 410


async def deliver(job: Job, services: Services) -> None:
    """Raises Failed and GiveUp."""
    async with services.database.connection() as db:
        row = await store.delivery(db, job.workspace_id, job.payload["id"])
        outgoing = await _outgoing(db, services, row) if row else None
    if row is None or outgoing is None:
        return
    try:
        status = await send(outgoing, is_hosted=services.settings.traits.is_hosted)
        error = None if 200 <= status < 300 else f"it answered {status}"
    except NotSent as failure:
        status, error = None, str(failure)
    is_last = job.attempt > len(DELAYS) or status == SAYS_GONE
    state = "delivered" if error is None else "dead" if is_last else "waiting"
    await _tell(services, row, (state, status, error))
    if error is not None:
        raise GiveUp(error) if is_last else Failed(error)


HANDLER = Handler(deliver, DELAYS, seconds=60)


async def _outgoing(db: Connection, services: Services, row: Row) -> Outgoing | None:
    """None where there is nothing to tell any more: what happened is hidden from whoever made the webhook."""
    now = services.now()
    body = await _body(db, services, row)
    if body is None:
        await store.drop(db, row["workspace_id"], row["delivery_id"])
        return None
    secret = await secret_of(db, services.runner.authenticator.hash, row["salt"])
    try:
        target = read_target(row["url"], is_hosted=services.settings.traits.is_hosted)
    except UrlRefused as refusal:
        await store.tell(db, row["workspace_id"], row["delivery_id"], ("dead", None, refusal.message), now)
        raise GiveUp(refusal.message) from None
    return Outgoing(target, signed_headers(secret, row["message"], now, body), body)


async def _body(db: Connection, services: Services, row: Row) -> bytes | None:
    actor = await told_to(db, row)
    if actor is None:
        return None
    context = services.runner.context_of(db, actor)
    if row["event_id"] is None:
        return _written(row, actor, "webhook.test", context.now, None)
    event = await event_told(context, row["event_id"])
    if event is None:
        return None
    page = context.page_of(event.key) if event.key else None
    return _written(row, actor, f"{event.kind}.{event.action}", event.at, event, page)


def _written(
    row: Row, actor: Actor, kind: str, at: datetime, event: EventShown | None, page: str | None = None
) -> bytes:
    message = Message(
        type=kind, timestamp=at, workspace=actor.workspace, webhook=row["id"], sequence=row["delivery_id"], url=page,
        data=event,
    )  # fmt: skip
    return shown(message.as_json())


async def _tell(services: Services, row: Row, outcome: tuple[str, int | None, str | None]) -> None:
    """`outcome` is (state, status, error)."""
    now = services.now()
    async with services.database.connection() as db, db.transaction():
        await store.tell(db, row["workspace_id"], row["delivery_id"], outcome, now)
        failing_since = None if outcome[0] == "delivered" else now
        await store.mark_failing(db, (row["workspace_id"], row["id"]), failing_since)
