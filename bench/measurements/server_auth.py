"""What the look at the key costs a read: processor time of server and database together, against the same server that
takes everybody for the same person.

Not a rate and not a delay: on a busy machine both show how long a process waits for its turn.
"""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import asyncpg

from bench.application import application
from bench.figure import Bar, Figure, at_most
from bench.loader import Job, load, tool_request
from bench.process import FLOORS, cpu_seconds, free_port, http_server
from bench.rounds import interleaved
from bench.seed import PROJECT, fill
from bench.server import Server, on_postgres, running
from bench.workshop import Workshop

ISSUES = 300
ROUNDS, CALLS = 12, 150
SHARE = 0.1  # of the read
WITHOUT = "without a look at the key"
READS: dict[str, dict[str, object]] = {
    "list_issues": {"project": PROJECT, "limit": 50},
    "get_item": {"key": f"{PROJECT}-1"},
    "get_status": {},
}


@dataclass(frozen=True)
class Contender:
    server: Server
    port: int
    pid: int

    def microseconds(self, tool: str) -> float:
        """Of processor time, for each of a number of calls one after the other."""
        request = tool_request(tool, READS[tool], self.server.token)
        job = Job(self.port, [request], connections=1, calls=CALLS)
        before = self._cpu_seconds()
        load(job)
        return (self._cpu_seconds() - before) / CALLS * 1e6

    def _cpu_seconds(self) -> float:
        return sum(cpu_seconds(pid) for pid in (self.pid, *asyncio.run(_backends(self.server.database_url))))


def measure(bench: Workshop) -> list[Figure]:
    ours, floor = _filled(bench), _filled(bench)  # a database each: its processes tell whose time it was
    port = free_port()
    environment = floor.environment | {"API_PORT": str(port)}
    command = (sys.executable, FLOORS / "without_keys.py")
    with running(bench, ours) as running_ours, http_server(command, environment, port, bench.log) as other:
        contenders = {
            "ours": Contender(ours, running_ours.port, running_ours.pid),
            WITHOUT: Contender(floor, port, other.pid),
        }
        taken = {tool: _taken(tool, contenders, bench.rounds(ROUNDS)) for tool in READS}
    each = [_figure(tool, *costs) for tool, costs in taken.items()]
    ours_of_all, floor_of_all = (sum(costs) for costs in zip(*taken.values(), strict=True))
    return [_figure("one of each read", ours_of_all, floor_of_all, at_most(1 / (1 - SHARE))), *each]


def _filled(bench: Workshop) -> Server:
    server = on_postgres(bench)
    with application(server) as app:
        fill(app, ISSUES)
        app.settle()
    return server


def _taken(tool: str, contenders: dict[str, Contender], rounds: int) -> tuple[float, float]:
    """With and without."""
    rounded: dict[str, Callable[[], float]] = {
        name: partial(contender.microseconds, tool) for name, contender in contenders.items()
    }
    interleaved(1, rounded)  # connections, plans
    taken = interleaved(rounds, rounded)
    return sum(taken["ours"]) / rounds, sum(taken[WITHOUT]) / rounds


def _figure(what: str, ours: float, floor: float, bar: Bar | None = None) -> Figure:
    return Figure(f"server: {what} with its look at the key, CPU", "us", ours, floor, WITHOUT, ours / floor, bar)


async def _backends(url: str) -> list[int]:
    """The database's processes that serve somebody else than us."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
            " and backend_type = 'client backend'"
        )
    finally:
        await connection.close()
    return [row["pid"] for row in rows]
