"""A server that has just started: it answers before it has read its tools, and reads them once."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Sequence

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from tests.server.harness import Turbo
from turbo_server.app import create_waking_app
from turbo_server.doors.later import Later
from turbo_server.settings import Settings

WHAT_HEALTH_NEEDS = """
import asyncio, json, sys
import httpx
from turbo_server.app import create_waking_app
from turbo_server.settings import Settings

app, _ = create_waking_app(Settings(database_url="sqlite:///unused.db"))

async def ask():
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://turbo") as client:
        return (await client.get("/health")).status_code

status = asyncio.run(ask())
print(json.dumps([status, [name for name in sys.modules if name.startswith("turbo_server")]]))
"""


def test_health_is_answered_without_a_tool_read() -> None:
    ran = subprocess.run([sys.executable, "-c", WHAT_HEALTH_NEEDS], capture_output=True, text=True, check=True)
    status, modules = json.loads(ran.stdout)
    assert status == 200
    assert "turbo_server.catalogue" not in modules
    assert "turbo_server.issue.store" not in modules


def test_the_first_calls_wait_for_the_tools_and_are_answered_as_ever(turbo: Turbo) -> None:
    app, _ = create_waking_app(Settings(database_url=turbo.settings.database_url))
    headers = {"Authorization": f"Bearer {turbo.ada.token}", "Content-Type": "application/json"}

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, headers=headers, base_url="http://turbo") as client,
        ):
            return await asyncio.gather(
                *(client.post("/v1/tools/get_status", content=b"{}") for _ in range(8)),
                client.get("/v1/me"), client.post("/health"), client.get("/nowhere"),
            )  # fmt: skip

    *statuses, me, wrong_method, nowhere = turbo.run(ask())
    assert [each.status_code for each in statuses] == [200] * 8
    assert me.json()["name"] == "ada"
    assert wrong_method.status_code == 405
    assert nowhere.status_code == 404
    assert nowhere.json()["error"]["code"] == "not_found"
    assert all(each.headers["X-Request-Id"] for each in (me, wrong_method, nowhere))


def test_routes_are_made_once_and_again_only_after_a_failure() -> None:
    made: list[str] = []

    async def answer(_request: Request) -> Response:
        return PlainTextResponse("here")

    def make() -> Sequence[BaseRoute]:
        made.append("")
        if len(made) == 1:
            raise OSError("too many open files")
        return [Route("/late", answer)]

    app = Starlette()
    later = Later(app.router, make)
    app.router.routes.append(later)

    async def ask() -> None:
        with pytest.raises(OSError, match="too many"):
            await later.arrive()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://turbo") as client:
            answers = await asyncio.gather(*(client.get("/late") for _ in range(5)))
        assert [each.text for each in answers] == ["here"] * 5
        await later.arrive()

    asyncio.run(ask())
    assert len(made) == 2
    assert later not in app.router.routes
