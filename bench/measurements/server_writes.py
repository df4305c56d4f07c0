"""What being asked again costs: create_issue with an Idempotency-Key and its event, against the same without both."""

import contextlib
import re
import sys
from collections.abc import Callable, Iterator
from functools import partial

from bench.application import application
from bench.figure import Figure, at_least
from bench.loader import Job, load, tool_request
from bench.process import FLOORS, free_port, http_server
from bench.rounds import interleaved, median, paired_ratio
from bench.server import Server, on_postgres, on_sqlite, running
from bench.workshop import Workshop

CONNECTIONS = 16
ROUNDS, SECONDS = 12, 2.0
SHARE = 0.6
PROJECTS = [f"P{number}" for number in range(CONNECTIONS)]
WITHOUT = "with neither key nor event"


def measure(bench: Workshop) -> list[Figure]:
    on_both = (("Postgres", on_postgres), ("SQLite", on_sqlite))
    return [figure for database, make in on_both for figure in _on(bench, make(bench), database)]


def _on(bench: Workshop, server: Server, database: str) -> list[Figure]:
    with application(server) as app:
        for project in PROJECTS:
            app.call("create_project", key=project, name=project)
        app.settle()
    keyed = [tool_request("create_issue", arguments(project), server.token) for project in PROJECTS]
    plain = [re.sub("Idempotency-Key: .*\r\n", "", request) for request in keyed]
    seconds = SECONDS / 2 if bench.quick else SECONDS

    def per_second(port: int, requests: list[str]) -> float:
        return load(Job(port, requests, CONNECTIONS, seconds)).per_second

    with running(bench, server) as ours, _without_events(bench, server) as bare:
        contenders: dict[str, Callable[[], float]] = {
            "both": partial(per_second, ours.port, keyed),
            "event": partial(per_second, ours.port, plain),
            "key": partial(per_second, bare, keyed),
            "neither": partial(per_second, bare, plain),
        }
        for warm in contenders.values():
            warm()
        taken = interleaved(bench.rounds(ROUNDS), contenders)
    return [
        Figure(
            f"{database}: create_issue with {what}, calls a second", "", median(taken[name]), median(taken["neither"]),
            WITHOUT, paired_ratio(taken[name], taken["neither"]), at_least(SHARE) if name == "both" else None,
        )
        for name, what in (("both", "key and event"), ("event", "the event alone"), ("key", "the key alone"))
    ]  # fmt: skip


def arguments(project: str) -> dict[str, object]:
    described = {"title": "Keep it short", "description": "Why, and what to do.\n" * 10, "type": "bug"}
    return {"project": project, **described, "priority": "high"}


@contextlib.contextmanager
def _without_events(bench: Workshop, server: Server) -> Iterator[int]:
    port = free_port()
    environment = server.environment | {"API_PORT": str(port)}
    with http_server((sys.executable, FLOORS / "without_events.py"), environment, port, bench.log):
        yield port
