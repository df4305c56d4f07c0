"""All that is done beside the calls: which kinds of jobs there are, and what looks for them."""

import asyncio
from collections.abc import Callable, Mapping

from turbo_server.job.types import Handler, Services
from turbo_server.job.worker import Worker
from turbo_server.mentor.answering.job import ANSWER
from turbo_server.mentor.answering.job import HANDLER as ANSWERING
from turbo_server.webhook.deliver import HANDLER as DELIVERING
from turbo_server.webhook.pump import DELIVER, Pump

HANDLERS: dict[str, Handler] = {DELIVER: DELIVERING, ANSWER: ANSWERING}


class Background:
    def __init__(self, services: Services, handlers: Mapping[str, Handler] = HANDLERS) -> None:
        self.worker = Worker(services, handlers)
        self.pump = Pump(services)

    async def run(self, is_ending: Callable[[], bool]) -> None:
        """Until it is cancelled; nothing is begun any more where `is_ending`."""
        await asyncio.gather(self.worker.run(is_ending), self.pump.run())

    async def stop(self) -> None:
        """After `run` was cancelled: what is under way is ended or given back."""
        await self.worker.stop()

    async def catch_up(self) -> None:
        """All that there is to do now, for those who do not serve."""
        await self.pump.catch_up()
        await self.worker.catch_up()
