"""The server's application inside this process, on any database: to fill it, and to count what a call asks of it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

from bench.postgres import analyze
from bench.server import Server
from turbo_server.app import create_app
from turbo_server.kit.context import Caller
from turbo_server.kit.database import Connection, Database, Row
from turbo_server.kit.patience import Patience
from turbo_server.kit.runner import Runner
from turbo_server.kit.sql import Dialect, Statement
from turbo_server.settings import Settings

TOGETHER = 16
CALLER = Caller(machine="bench", session="bench")


class CallFailed(Exception):
    """A call that the bench needs was refused."""


class Application:
    """`statements` counts what went to the database, BEGIN and COMMIT included."""

    def __init__(self, server: Server, runner: Runner, loop: asyncio.Runner) -> None:
        self._counting = Counting(runner.database)
        self._runner = replace(runner, database=self._counting)
        self._database_url = server.database_url
        self._token = server.token
        self._loop = loop

    def call(self, tool: str, **arguments: object) -> bytes:
        return self._loop.run(self._call(tool, arguments))

    def call_all(self, tool: str, arguments: list[dict[str, object]]) -> None:
        """A few at a time, in order but for those."""

        async def called() -> None:
            for start in range(0, len(arguments), TOGETHER):
                await asyncio.gather(*(self._call(tool, each) for each in arguments[start : start + TOGETHER]))

        self._loop.run(called())

    def settle(self) -> None:
        """After the last write: the database knows how much it holds."""
        if self._counting.dialect is Dialect.POSTGRES:
            self._loop.run(analyze(self._database_url))

    def statements_of(self, tool: str, **arguments: object) -> int:
        """Of a second call: the first may note the key's use, which happens once in a while only."""
        self.call(tool, **arguments)
        self._counting.statements = 0
        self.call(tool, **arguments)
        return self._counting.statements

    async def _call(self, tool: str, arguments: dict[str, object]) -> bytes:
        answer = await self._runner.answer(tool, json.dumps(arguments).encode(), self._token, CALLER)
        if answer.status != 200:
            raise CallFailed(f"{tool}: {answer.body.decode()}")
        return answer.body


@contextlib.contextmanager
def application(server: Server) -> Iterator[Application]:
    app = create_app(Settings(database_url=server.database_url))
    with asyncio.Runner() as loop:
        lifespan = app.router.lifespan_context(app)
        loop.run(lifespan.__aenter__())
        try:
            yield Application(server, app.state.runner, loop)
        finally:
            loop.run(lifespan.__aexit__(None, None, None))


class Counting:
    """A database that counts, in front of the real one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect = database.dialect
        self.statements = 0

    async def connect(self) -> None:
        await self._database.connect()

    async def disconnect(self) -> None:
        await self._database.disconnect()

    @contextlib.asynccontextmanager
    async def connection(self, patience: Patience | None = None) -> AsyncIterator[Connection]:
        async with self._database.connection(patience) as held:
            yield CountingConnection(held, self)


class CountingConnection:
    def __init__(self, held: Connection, counting: Counting) -> None:
        self._held = held
        self._counting = counting
        self.dialect = held.dialect

    async def fetch(self, statement: Statement, *values: object) -> list[Row]:
        self._counting.statements += 1
        return await self._held.fetch(statement, *values)

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None:
        self._counting.statements += 1
        return await self._held.fetch_one(statement, *values)

    @contextlib.asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        self._counting.statements += 2
        async with self._held.transaction():
            yield

    @contextlib.asynccontextmanager
    async def snapshot(self) -> AsyncIterator[None]:
        self._counting.statements += 2
        async with self._held.snapshot():
            yield

    def after_commit(self, call: Callable[[], None]) -> None:
        self._held.after_commit(call)
