"""What the look at the key costs a read: processor time of server and database together, against the same reads of the
same process without it.

Not a rate and not a delay: on a busy machine both show how long a process waits for its turn. And one process for both,
in short turns: two servers over equal databases differed by up to a third without any reason that we gave them.
"""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import asyncpg

from bench.application import application
from bench.figure import Bar, Figure, at_most
from bench.floors.without_keys import NOBODY
from bench.loader import Job, load, tool_request
from bench.process import FLOORS, cpu_seconds, free_port, http_server
from bench.rounds import interleaved, median
from bench.seed import PROJECT, fill
from bench.server import Server, on_postgres
from bench.workshop import Workshop

ISSUES = 300
ROUNDS, CALLS = 36, 50
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
    token: str = field(repr=False)

    def microseconds(self, tool: str) -> float:
        """Of processor time, for each of a number of calls one after the other."""
        request = tool_request(tool, READS[tool], self.token)
        job = Job(self.port, [request], connections=1, calls=CALLS)
        before = self._cpu_seconds()
        load(job)
        return (self._cpu_seconds() - before) / CALLS * 1e6

    def _cpu_seconds(self) -> float:
        return sum(cpu_seconds(pid) for pid in (self.pid, *asyncio.run(_backends(self.server.database_url))))


def measure(bench: Workshop) -> list[Figure]:
    server = _filled(bench)
    port = free_port()
    command = (sys.executable, FLOORS / "without_keys.py")
    with http_server(command, server.environment | {"API_PORT": str(port)}, port, bench.log) as child:
        ours, floor = (Contender(server, port, child.pid, token) for token in (server.token, NOBODY))
        taken = {tool: _taken(tool, ours, floor, bench.rounds(ROUNDS)) for tool in READS}
    each = [_figure(tool, *costs) for tool, costs in taken.items()]
    ours_of_all, floor_of_all = (sum(costs) for costs in zip(*taken.values(), strict=True))
    return [_figure("one of each read", ours_of_all, floor_of_all, at_most(1 / (1 - SHARE))), *each]


def _filled(bench: Workshop) -> Server:
    server = on_postgres(bench)
    with application(server) as app:
        fill(app, ISSUES)
        app.settle()
    return server


def _taken(tool: str, ours: Contender, floor: Contender, rounds: int) -> tuple[float, float]:
    """With and without."""
    ours.microseconds(tool)  # connections, plans, and a person to be taken for
    rounded: dict[str, Callable[[], float]] = {
        "ours": partial(ours.microseconds, tool),
        WITHOUT: partial(floor.microseconds, tool),
    }
    taken = interleaved(rounds, rounded)
    return median(taken["ours"]), median(taken[WITHOUT])


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
