"""What the look at the key costs a read: against the same server that takes everybody for the same person."""

import sys
from collections.abc import Callable
from functools import partial

from bench.application import application
from bench.figure import Figure, at_least
from bench.loader import Job, load, tool_request
from bench.process import FLOORS, free_port, http_server
from bench.rounds import interleaved, median, paired_ratio
from bench.seed import PROJECT, fill
from bench.server import on_postgres, running
from bench.workshop import Workshop

CONNECTIONS = 16
ISSUES = 300
ROUNDS, SECONDS = 12, 2.0
SHARE = 0.9
WITHOUT = "without a look at the key"
READS: dict[str, dict[str, object]] = {
    "list_issues": {"project": PROJECT, "limit": 50},
    "get_status": {},
    "list_projects": {},
}
HELD = {"list_issues", "get_status"}  # list_projects is the least there is: one statement beside that for the key


def measure(bench: Workshop) -> list[Figure]:
    server = on_postgres(bench)
    with application(server) as app:
        fill(app, ISSUES)
        app.settle()
    seconds = SECONDS / 2 if bench.quick else SECONDS
    port = free_port()
    environment = server.environment | {"API_PORT": str(port)}
    command = (sys.executable, FLOORS / "without_keys.py")

    def per_second(at: int, request: str) -> float:
        return load(Job(at, [request], CONNECTIONS, seconds)).per_second

    figures = []
    with running(bench, server) as ours, http_server(command, environment, port, bench.log):
        for tool, arguments in READS.items():
            request = tool_request(tool, arguments, server.token)
            contenders: dict[str, Callable[[], float]] = {
                "ours": partial(per_second, ours.port, request),
                WITHOUT: partial(per_second, port, request),
            }
            for warm in contenders.values():
                warm()
            taken = interleaved(bench.rounds(ROUNDS), contenders)
            ratio = paired_ratio(taken["ours"], taken[WITHOUT])
            figures.append(
                Figure(
                    f"server: {tool} with its look at the key, calls a second", "", median(taken["ours"]),
                    median(taken[WITHOUT]), WITHOUT, ratio, at_least(SHARE) if tool in HELD else None,
                )
            )  # fmt: skip
    return figures
