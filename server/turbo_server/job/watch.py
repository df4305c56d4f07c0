"""Looks when there may be something to do: at the start, when it is woken, and when it said that it would.

While nothing is to be done it waits without a clock, so that an idle machine and its database may sleep.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

from turbo_server.kit.bell import CALLS, Bell
from turbo_server.kit.errors import TurboError

log = logging.getLogger("turbo_server")
LOOK_AGAIN = 60.0  # while calls come in, which keep everything awake: another machine may have left something
AFTER_FAULT = (1.0, 5.0, 15.0, 60.0)  # the database is away; after that the next call wakes it

# Returns the seconds until it wants to look again, or None.
Look = Callable[[], Awaitable[float | None]]


class Watch:
    def __init__(self, look: Look, *bells: Bell) -> None:
        self._look = look
        self._bells = bells
        self._woken = asyncio.Event()
        self._looked_at = 0.0
        self._faults = 0

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Until it is cancelled."""
        with ExitStack() as stack:
            stack.enter_context(CALLS.heard_by(self._called))
            for bell in self._bells:
                stack.enter_context(bell.heard_by(self.wake))
            while True:
                self._woken.clear()
                self._looked_at = time.monotonic()
                await self._wait(await self._looked())

    def _called(self) -> None:
        if time.monotonic() - self._looked_at > LOOK_AGAIN:
            self.wake()

    async def _looked(self) -> float | None:
        try:
            seconds = await self._look()
        except TurboError as error:
            log.warning("work beside the calls has to wait: %s", error.message)
            self._faults += 1
            return AFTER_FAULT[self._faults - 1] if self._faults <= len(AFTER_FAULT) else None
        self._faults = 0
        return seconds

    async def _wait(self, seconds: float | None) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
