"""Agents on one queue: thirty-two claim and finish a thousand issues, each exactly once, over HTTP."""

import asyncio
import time
from collections import Counter

import httpx

from bench.application import application
from bench.figure import Figure, below
from bench.rounds import percentile
from bench.server import Server, on_postgres, on_sqlite, running
from bench.workshop import Workshop

AGENTS = 32
MANY, QUICK_MANY = 1_000, 200
PROJECT = "AGENTS"
PATIENCE = 120.0
# What one agent was given, and how long each claim took.
Work = tuple[list[str], list[float]]


def measure(bench: Workshop) -> list[Figure]:
    databases = {"Postgres": on_postgres(bench), "SQLite": on_sqlite(bench)}
    return [figure for name, server in databases.items() for figure in _measured(bench, name, server)]


def _measured(bench: Workshop, name: str, server: Server) -> list[Figure]:
    issues = QUICK_MANY if bench.quick else MANY
    with application(server) as app:
        app.call("create_project", key=PROJECT, name="A queue")
        app.call_all("create_issue", [{"project": PROJECT, "title": f"Issue {n}"} for n in range(1, issues + 1)])
        app.settle()
    with running(bench, server) as live:
        started = time.perf_counter()
        done = asyncio.run(_all_agents(live.port, server.token))
        seconds = time.perf_counter() - started
    given = Counter(key for keys, _ in done for key in keys)
    claims = [took for _, times in done for took in times]
    missed = issues - len(given)
    twice = sum(count - 1 for count in given.values())
    what = f"server: {AGENTS} agents finish {issues:,} issues, {name}"
    return [
        Figure(f"{what}, not given to anybody", "issues", missed, bar=below(1)),
        Figure(f"{what}, given twice", "issues", twice, bar=below(1)),
        Figure(f"{what}, in all", "s", seconds),
        Figure(f"{what}, next_issue(claim=true) p50", "ms", percentile(claims, 0.5) * 1000),
    ]


async def _all_agents(port: int, token: str) -> list[Work]:
    return list(await asyncio.gather(*(_agent(port, token, number) for number in range(AGENTS))))


async def _agent(port: int, token: str, number: int) -> Work:
    """Takes one after the other until there is none."""
    headers = {"Authorization": f"Bearer {token}", "Turbo-Machine": "bench", "Turbo-Session": f"agent-{number}"}
    keys: list[str] = []
    times: list[float] = []
    url = f"http://127.0.0.1:{port}/v1/tools"
    async with httpx.AsyncClient(headers=headers, timeout=PATIENCE) as http:
        while True:
            started = time.perf_counter()
            answer = (await http.post(f"{url}/next_issue", json={"claim": True})).raise_for_status().json()
            times.append(time.perf_counter() - started)
            if "issue" not in answer:
                return keys, times
            keys.append(answer["issue"]["key"])
            released = {"key": keys[-1], "outcome": "done"}
            (await http.post(f"{url}/release_issue", json=released)).raise_for_status()
