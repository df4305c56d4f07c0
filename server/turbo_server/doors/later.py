"""Routes that are made once they are asked for, so that a server listens before it has read all of its tools."""

import asyncio
from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

from turbo_server.kit.collector import nothing_collected

Make = Callable[[], Sequence[BaseRoute]]


class Later(BaseRoute):
    """Stands at the end of a router's routes for those that `make` returns, which is called once, in a thread."""

    def __init__(self, router: Router, make: Make) -> None:
        self._router = router
        self._make = make
        self._arriving: asyncio.Task[None] | None = None

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if scope["type"] == "http" else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.arrive()
        await self._router(scope, receive, send)

    async def arrive(self) -> None:
        """Returns when the routes are there, whoever asked for them first. Raises what `make` raises."""
        if self._arriving is None or _has_failed(self._arriving):
            self._arriving = asyncio.create_task(self._replace())
        await asyncio.shield(self._arriving)

    async def _replace(self) -> None:
        with nothing_collected():
            routes = await asyncio.to_thread(self._make)
        # In front: they are what is asked for.
        self._router.routes[:] = [*routes, *(each for each in self._router.routes if each is not self)]


def _has_failed(task: asyncio.Task[None]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
