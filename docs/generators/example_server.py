"""The server itself, on a new SQLite file and with a clock of ours: every example in the pages is its answer."""

import asyncio
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from turbo_server.account.identity import Identity
from turbo_server.account.token import ALPHABET, PREFIX, RANDOM_LENGTH, checksum
from turbo_server.app import create_app
from turbo_server.doors.rest import rest_routes
from turbo_server.migrations.migrate import migrate
from turbo_server.settings import Settings

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
STEP = timedelta(minutes=10)
PERSON = "ada"


@dataclass
class ExampleServer:
    """Each call comes ten minutes after the one before."""

    app: FastAPI
    loop: asyncio.Runner
    key: str
    now: datetime = START

    def request(
        self, method: str, path: str, *, body: bytes = b"", with_key: bool = True, key: str | None = None
    ) -> httpx.Response:
        """`key` is the call's Idempotency-Key."""
        headers = {"Turbo-Machine": "laptop"} | ({"Authorization": f"Bearer {self.key}"} if with_key else {})

        headers |= {"Idempotency-Key": key} if key else {}

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
                return await client.request(method, path, headers=headers, content=body)

        return self.loop.run(send())

    def call(self, tool: str, arguments: dict[str, Any]) -> httpx.Response:
        self.now += STEP
        return self.request("POST", f"/v1/tools/{tool}", body=json.dumps(arguments).encode())


@contextmanager
def example_server() -> Iterator[ExampleServer]:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as loop:
        url = f"sqlite:///{Path(folder) / 'turbo.db'}"
        migrate(url)
        app = create_app(Settings(database_url=url))
        lifespan = app.router.lifespan_context(app)
        loop.run(lifespan.__aenter__())
        try:
            yield _with_clock(app, loop)
        finally:
            loop.run(lifespan.__aexit__(None, None, None))


def _with_clock(app: FastAPI, loop: asyncio.Runner) -> ExampleServer:
    server = ExampleServer(app, loop, _example_key())
    runner = replace(app.state.runner, clock=lambda: server.now)
    app.router.routes[:0] = rest_routes(app.state.catalogue, runner)  # found before those of the real clock

    async def sign_up() -> None:
        async with runner.database.connection() as db:
            await Identity().adopt_key(db, server.key, PERSON)

    loop.run(sign_up())
    return server


def _example_key() -> str:
    """Always the same, and good for this server only, which is gone a second later."""
    body = PREFIX + (ALPHABET[10:] * RANDOM_LENGTH)[:RANDOM_LENGTH]
    return body + checksum(body)
