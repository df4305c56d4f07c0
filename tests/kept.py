"""What a test process keeps from one test to the next: its event loop, and connections to Postgres.

A new connection costs Postgres fifty milliseconds of its processor until it knows the tables that a test works on.
"""

import asyncio
import atexit
import contextlib
import contextvars
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

T = TypeVar("T")

MOST = 10  # for each database, as many as one pool opens


class Loop:
    """One for all tests, because connections belong to theirs. What a test leaves running ends with it."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._users = 0

    def __enter__(self) -> "Loop":
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            atexit.register(self._loop.close)
        self._users += 1
        return self

    def __exit__(self, *_error: object) -> None:
        self._users -= 1
        if not self._users:
            self._end_tasks()

    def run(self, work: Coroutine[Any, Any, T], context: contextvars.Context) -> T:
        assert self._loop is not None
        return self._loop.run_until_complete(self._loop.create_task(work, context=context))

    def _end_tasks(self) -> None:
        assert self._loop is not None
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(_gathered(left))


async def _gathered(tasks: set[asyncio.Task[Any]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)


class Connections:
    """Those that wait for the next pool of the same database, told the same at their start."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[tuple[str, Any]]] = {}

    def keep_for(self, url: str) -> None:
        """Only for a database that is known here. Whoever forgets it closes them."""
        self._waiting.setdefault(url, [])

    def forget(self, url: str) -> None:
        for _, connection in self._waiting.pop(url, []):
            connection.terminate()

    def processes(self, url: str) -> list[int]:
        """Of Postgres, which serve them."""
        return [connection.get_server_pid() for _, connection in self._waiting.get(url, [])]

    @contextlib.contextmanager
    def shared(self, pool: Any, url: str) -> Iterator[None]:
        """It opens new ones only when none waits, and at the end, before it closes them, they leave it."""
        if url not in self._waiting:
            yield
            return
        self._lend(pool, self._waiting[url])
        yield
        self._take_back(pool, self._waiting[url])

    def _lend(self, pool: Any, waiting: list[tuple[str, Any]]) -> None:
        connect, told = pool._connect, _told(pool)

        async def connected(*arguments: Any, **options: Any) -> Any:
            for each in waiting:
                if each[0] == told and not each[1].is_closed():
                    waiting.remove(each)
                    each[1].heard()
                    return each[1]
            return await connect(*arguments, **options)

        pool._connect = connected

    def _take_back(self, pool: Any, waiting: list[tuple[str, Any]]) -> None:
        for holder in pool._holders:
            if len(waiting) < MOST and holder.is_connected() and holder.is_idle():
                holder._maybe_cancel_inactive_callback()
                connection, holder._con = holder._con, None
                connection._pool_holder = None
                waiting.append((_told(pool), connection))


def _told(pool: Any) -> str:
    return repr((pool._connect_args, sorted(pool._connect_kwargs.items())))


LOOP = Loop()
CONNECTIONS = Connections()
