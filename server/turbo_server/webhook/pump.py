"""From what happens to what is to be sent: each event becomes one delivery of each webhook that wants it.

A webhook's cursor moves in the transaction that makes its deliveries, so none is left out and none made twice, and a
call that writes pays nothing for it.
"""

import asyncio
import secrets
from datetime import timedelta

from turbo_server.activity.following import Stretch, events_beyond, in_this_database
from turbo_server.job.queue import enqueue_each
from turbo_server.job.types import Services
from turbo_server.job.watch import Watch
from turbo_server.kit.bell import EVENTS, Bell
from turbo_server.kit.database import Connection, Row

from . import store
from .filters import told_to, wanted_by

WEBHOOKS = Bell()  # one was made
DELIVER = "webhook.deliver"
AT_ONCE = 500
GATHERING_SECONDS = 0.1  # in which more may happen: a burst is read in one go
UNSETTLED_SECONDS = 1.0
KEPT_DELIVERED = timedelta(days=7)
KEPT_DEAD = timedelta(days=30)


class Pump:
    """Where there is no webhook it asks the database nothing, whatever happens."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._watch = Watch(self._look, WEBHOOKS)
        self._has_any = False

    async def run(self) -> None:
        """Until it is cancelled."""
        with EVENTS.heard_by(self._happened):
            await self._watch.run()

    async def catch_up(self) -> None:
        while await self._look(gathering=0) == 0:
            pass

    def _happened(self) -> None:
        if self._has_any:
            self._watch.wake()

    async def _look(self, gathering: float = GATHERING_SECONDS) -> float | None:
        if self._has_any:
            await asyncio.sleep(gathering)
        async with self._services.database.connection() as db:
            webhooks = await store.every(db)
            self._has_any = bool(webhooks)
            stretches = [await self._follow(db, webhook) for webhook in webhooks]
            if webhooks:
                now = self._services.now()
                await store.forget_old(db, now - KEPT_DEAD, now - KEPT_DELIVERED)
        if any(each and each.more for each in stretches):
            return 0
        return UNSETTLED_SECONDS if any(each and each.unsettled for each in stretches) else None

    async def _follow(self, db: Connection, webhook: Row) -> Stretch | None:
        actor = await told_to(db, webhook)
        if actor is None:
            return None
        context = self._services.runner.context_of(db, actor)
        key, cursor = (webhook["workspace_id"], webhook["id"]), (webhook["cursor_tx"], webhook["cursor_id"])
        stretch = await events_beyond(context, await in_this_database(context, cursor), wanted_by(webhook), AT_ONCE)
        if stretch.end != cursor:
            async with db.transaction():
                if await store.lock(db, key, cursor):
                    await store.advance(db, key, stretch.end)
                    await self._deliver(db, key, stretch.ids)
        return stretch

    async def _deliver(self, db: Connection, webhook: store.Key, events: list[int]) -> None:
        if events:
            now = self._services.now()
            deliveries = await store.deliver_each(db, webhook, events, new_message(), now)
            await enqueue_each(db, webhook[0], DELIVER, deliveries, now)


def new_message() -> str:
    """What the ids of messages begin with, which no receiver has seen."""
    return f"msg_{secrets.token_hex(8)}_"
