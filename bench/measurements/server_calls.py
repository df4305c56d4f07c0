"""Calls a second on Postgres, against hand-written Starlette and asyncpg that do the same statements.

Writes are spread over as many projects as there are connections: on a single one they would queue for its counter's
row while the disk syncs, on both sides alike, and the cost of the server would not show.
"""

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass
from functools import partial

import httpx

from bench.application import Application, application
from bench.figure import Figure, at_least, at_most
from bench.floors.issues_api import Api, app
from bench.loader import Job, Load, load, tool_request
from bench.process import FLOORS, cpu_seconds, free_port, http_server
from bench.rounds import interleaved, median, paired_ratio
from bench.seed import PROJECT, fill
from bench.server import Server, on_postgres, running
from bench.workshop import Workshop

CONNECTIONS = 16
ISSUES = 300
ROWS = 50
ROUNDS, SECONDS = 12, 2.0
SHARE = 0.6
FLOOR = "hand-written asyncpg"
LIST_ISSUES = "list_issues"
CREATE_ISSUE = "create_issue"
TOOLS = (LIST_ISSUES, CREATE_ISSUE)  # the list first, while there is nothing but what it was planned for
PROJECTS = [f"P{number}" for number in range(CONNECTIONS)]


@dataclass(frozen=True)
class Contender:
    port: int
    pid: int


@dataclass(frozen=True)
class Taken:
    load: Load
    cpu_us: float


def measure(bench: Workshop) -> list[Figure]:
    server = on_postgres(bench)
    with application(server) as filled:
        fill(filled, ISSUES)
        for project in PROJECTS:
            filled.call("create_project", key=project, name=project)
        same_work = [_statements(filled, server, tool) for tool in TOOLS]
        filled.settle()
    port = free_port()
    command = (sys.executable, FLOORS / "issues_api.py", str(port))
    with running(bench, server) as ours, http_server(command, server.environment, port, bench.log) as floor:
        contenders = {"ours": Contender(ours.port, ours.pid), FLOOR: Contender(port, floor.pid)}
        _require_same_answer(contenders, server.token)
        speeds = [figure for tool in TOOLS for figure in _speed(bench, contenders, tool, server.token)]
    return [*speeds, *same_work]


def _arguments(tool: str) -> list[dict[str, object]]:
    if tool == LIST_ISSUES:
        return [{"project": PROJECT, "limit": ROWS}]
    described = {"title": "Keep it short", "description": "Why, and what to do.\n" * 10, "type": "bug"}
    return [{"project": project, **described, "priority": "high"} for project in PROJECTS]


def _speed(bench: Workshop, contenders: dict[str, Contender], tool: str, token: str) -> list[Figure]:
    requests = [tool_request(tool, arguments, token) for arguments in _arguments(tool)]
    seconds = SECONDS / 2 if bench.quick else SECONDS
    taken: dict[str, list[Taken]] = {name: [] for name in contenders}

    def round_of(name: str) -> float:
        contender = contenders[name]
        before = cpu_seconds(contender.pid)
        seen = load(Job(contender.port, requests, CONNECTIONS, seconds))
        taken[name].append(Taken(seen, (cpu_seconds(contender.pid) - before) / seen.calls * 1e6))
        return seen.per_second

    for name in contenders:  # once unmeasured: connections and prepared statements are made
        round_of(name)
        taken[name].clear()
    interleaved(bench.rounds(ROUNDS), {name: partial(round_of, name) for name in contenders})
    what = f"server: {tool}, {ROWS} rows" if tool == LIST_ISSUES else f"server: {tool}"
    return _figures(what, taken["ours"], taken[FLOOR])


def _figures(what: str, ours: list[Taken], floor: list[Taken]) -> list[Figure]:
    series = {
        ("calls a second", "", at_least(SHARE)): [[each.load.per_second for each in side] for side in (ours, floor)],
        ("CPU", "us a call", None): [[each.cpu_us for each in side] for side in (ours, floor)],
        ("p50", "ms", None): [[each.load.p50_ms for each in side] for side in (ours, floor)],
        ("p99", "ms", None): [[each.load.p99_ms for each in side] for side in (ours, floor)],
    }
    return [
        Figure(f"{what}, {kind}", unit, median(own), median(other), FLOOR, paired_ratio(own, other), bar)
        for (kind, unit, bar), (own, other) in series.items()
    ]


def _require_same_answer(contenders: dict[str, Contender], token: str) -> None:
    """A floor that answers something else does other work."""
    answers = []
    for contender in contenders.values():
        url = f"http://127.0.0.1:{contender.port}/v1/tools/{LIST_ISSUES}"
        (arguments,) = _arguments(LIST_ISSUES)
        answer = httpx.post(url, json=arguments, headers={"Authorization": f"Bearer {token}"}).raise_for_status().json()
        assert answer.pop("next_cursor"), "there is another page"
        answers.append(answer)
    ours, floor = answers
    assert len(ours["items"]) == ROWS
    assert ours == floor, f"bench/floors/issues_api.py answers otherwise: {json.dumps(ours)}\n{json.dumps(floor)}"


def _statements(filled: Application, server: Server, tool: str) -> Figure:
    """A floor with fewer statements is none; one with more makes us look good."""
    arguments = _arguments(tool)[0]
    ours = filled.statements_of(tool, **arguments)
    floor = asyncio.run(_floor_statements(server, tool, arguments))
    return Figure(f"server: {tool}, SQL statements", "", ours, floor, FLOOR, ours / floor, at_most(1))


async def _floor_statements(server: Server, tool: str, arguments: dict[str, object]) -> int:
    seen: list[object] = []
    served = app(Api(server.database_url, seen.append))
    headers = {"Authorization": f"Bearer {server.token}"}
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(served.router.lifespan_context(served))
        transport = httpx.ASGITransport(served)
        http = await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://floor"))
        seen.clear()
        (await http.post(f"/v1/tools/{tool}", json=arguments, headers=headers)).raise_for_status()
    return len(seen)
