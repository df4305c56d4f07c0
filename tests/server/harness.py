"""Drives the server's application in this process, through the runner that every door uses."""

import asyncio
import contextlib
import contextvars
import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import pytest
from fastapi import FastAPI

from tests import canaries
from tests.kept import CONNECTIONS, LOOP
from turbo_server.account.grants import Grant
from turbo_server.account.identity import WORKSPACE, Identity, NewKey
from turbo_server.app import create_app
from turbo_server.background import HANDLERS, Background
from turbo_server.catalogue import ENDPOINTS
from turbo_server.job.types import Handler, Services
from turbo_server.kit.answer import Answer
from turbo_server.kit.context import Caller, Traits
from turbo_server.kit.database import Connection
from turbo_server.kit.postgres import PostgresConnection
from turbo_server.kit.role import Role
from turbo_server.kit.runner import Runner
from turbo_server.kit.sql import Dialect, Statement
from turbo_server.kit.sqlite import SqliteConnection
from turbo_server.settings import Settings

T = TypeVar("T")


class ToolFailed(Exception):
    """An error envelope, as a tool answered it."""

    def __init__(self, answer: Answer) -> None:
        error = json.loads(answer.body)["error"]
        canaries.look(answer.body, "in an error's body")
        super().__init__(f"{answer.status} {error}")
        self.status = answer.status
        self.code: str = error["code"]
        self.message: str = error["message"]
        self.hint: str = error["hint"]
        self.current: dict[str, Any] | None = error.get("current")


@dataclass
class Person:
    """Somebody with a key. Calls return the result object, or raise ToolFailed."""

    turbo: "Turbo"
    token: str
    caller: Caller

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        return self.turbo.run(self.calling(tool, arguments))

    def refused(self, tool: str, **arguments: object) -> ToolFailed:
        try:
            result = self.call(tool, **arguments)
        except ToolFailed as failure:
            return failure
        raise AssertionError(f"{tool} was not refused but answered {result}")

    def with_key(self, key: str | None) -> "Person":
        """The same, sending that Idempotency-Key with every call."""
        return replace(self, caller=replace(self.caller, idempotency_key=key))

    def answer(self, tool: str, body: bytes) -> Answer:
        return self.turbo.run(self.turbo.runner.answer(tool, body, self.token, self.caller))

    def ask(self, method: str, path: str, **arguments: object) -> Any:
        """An endpoint's answer. Raises ToolFailed."""
        endpoint = next(each for each in ENDPOINTS if (each.method, each.path) == (method, path))
        body = json.dumps(arguments).encode()
        answer = self.turbo.run(self.turbo.runner.answer_endpoint(endpoint.tool, body, self.token, self.caller))
        if answer.status != 200:
            raise ToolFailed(answer)
        return json.loads(answer.body)

    async def calling(self, tool: str, arguments: dict[str, object]) -> dict[str, Any]:
        body = json.dumps(arguments).encode()
        answer = await self.turbo.runner.answer(tool, body, self.token, self.caller)
        if answer.status != 200:
            raise ToolFailed(answer)
        result: dict[str, Any] = json.loads(answer.body)
        return result


class Turbo:
    """`settings` as in turbo_server.settings: without any, there are no limits."""

    def __init__(self, url: str, clock: Callable[[], datetime] | None = None, **settings: Any) -> None:
        self.settings = Settings(database_url=url, **settings)
        self._clock = clock
        self.handlers: dict[str, Handler] = dict(HANDLERS)
        self.traits: Traits | None = None
        self._context = contextvars.copy_context()

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as opened:
            opened.enter_context(LOOP)
            self._open(opened)
            self._opened = opened.pop_all()
        return self

    def _open(self, opened: contextlib.ExitStack) -> None:
        self.app: FastAPI = create_app(self.settings)
        lifespan = self.app.router.lifespan_context(self.app)
        self.run(lifespan.__aenter__())
        opened.callback(lambda: self.run(lifespan.__aexit__(None, None, None)))
        if self.app.state.database.dialect is Dialect.POSTGRES:
            pool = self.app.state.database._database._pool._backend._pool
            opened.enter_context(CONNECTIONS.shared(pool, self.settings.database_url))
        runner: Runner = self.app.state.runner
        self.runner = replace(runner, clock=self._clock or runner.clock, traits=self.traits or runner.traits)
        self.background = self.another_background()
        self.ada = self.person("ada")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._opened.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return LOOP.run(work, self._context)

    def person(
        self, name: str, grant: Grant | None = None, projects: tuple[str, ...] = (), *, role: Role | None = None,
        workspace: str = WORKSPACE, **caller: Any,
    ) -> Person:  # fmt: skip
        """Makes a key for the person, and the person too. The first of a workspace is its owner, others are members."""

        def make(db: Connection) -> Coroutine[Any, Any, NewKey]:
            return Identity().create_key(db, name, "test", grant, projects, workspace=workspace, role=role)

        token = self.run(self.with_database(make)).token
        return Person(self, token, replace(Caller(machine="laptop", session="session-1"), **caller))

    async def with_database(self, work: Callable[[Connection], Coroutine[Any, Any, T]]) -> T:
        async with self.runner.database.connection() as db:
            return await work(db)

    def another_background(self) -> Background:
        """As another machine has one, with the handlers of this moment."""
        return Background(Services(self.runner.database, self.runner, self.settings), dict(self.handlers))

    def catch_up(self) -> None:
        """Does all that waits to be done beside the calls."""
        self.run(self.background.catch_up())

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        return self.ada.call(tool, **arguments)

    def refused(self, tool: str, **arguments: object) -> ToolFailed:
        return self.ada.refused(tool, **arguments)

    def together(self, calls: list[tuple[str, dict[str, object]]], person: Person | None = None) -> list[Any]:
        """All at once; failures come back as values."""
        caller = person or self.ada

        async def gathered() -> list[Any]:
            work = [caller.calling(tool, arguments) for tool, arguments in calls]
            return list(await asyncio.gather(*work, return_exceptions=True))

        outcomes: list[Any] = self.run(gathered())
        return outcomes

    @contextlib.contextmanager
    def counting(self) -> Iterator[list[str]]:
        """Collects the SQL of every statement that runs meanwhile."""
        seen: list[str] = []

        def counted(method: Any) -> Any:
            async def run(db: Any, statement: Statement, *values: object) -> Any:
                seen.append(statement.text(db.dialect))
                return await method(db, statement, *values)

            return run

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(PostgresConnection, "fetch", counted(PostgresConnection.fetch))
            patch.setattr(PostgresConnection, "fetch_one", counted(PostgresConnection.fetch_one))
            patch.setattr(
                SqliteConnection, "fetch", counted(SqliteConnection.fetch)
            )  # its fetch_one goes through fetch
            yield seen
