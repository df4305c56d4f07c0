"""What a server holds when it has just started, and after ten thousand calls of every kind."""

from bench.application import application
from bench.figure import Figure, below
from bench.loader import Job, load, tool_request
from bench.process import resident_mib
from bench.seed import PROJECT, fill, issue
from bench.server import Server, on_postgres, on_sqlite, running
from bench.workshop import Workshop

CALLS, QUICK_CALLS = 10_000, 1_000
ISSUES = 200
IDLE_MIB, WORKED_MIB = 90, 120


def measure(bench: Workshop) -> list[Figure]:
    databases = {"SQLite": on_sqlite(bench), "Postgres": on_postgres(bench)}
    return [figure for name, server in databases.items() for figure in _measured(bench, name, server)]


def _measured(bench: Workshop, name: str, server: Server) -> list[Figure]:
    calls = QUICK_CALLS if bench.quick else CALLS
    with application(server) as app:
        fill(app, ISSUES)
        app.settle()
    with running(bench, server) as started:
        idle = resident_mib(started.pid)
        load(Job(started.port, _mixed(server.token), calls=calls))
        worked = resident_mib(started.pid)
    return [
        Figure(f"server: resident idle, {name}", "MiB", idle, bar=below(IDLE_MIB)),
        Figure(f"server: resident after {calls:,} calls, {name}", "MiB", worked, bar=below(WORKED_MIB)),
    ]


def _mixed(token: str) -> list[str]:
    """Every tool, the reading ones more often, as agents ask."""
    keys = [f"{PROJECT}-{number}" for number in range(1, ISSUES, 7)]
    requests = [tool_request("list_projects", {}, token), tool_request("get_status", {}, token)]
    for number, key in enumerate(keys):
        requests += [
            tool_request("list_issues", {"project": PROJECT, "limit": 10 + number}, token),
            tool_request("list_issues", {"status": ["open"], "assignee": "me", "sort": "priority"}, token),
            tool_request("get_item", {"key": key}, token),
            tool_request("create_issue", issue(PROJECT, number + 1), token),
            tool_request("update_issue", {"key": key, "status": "in_progress", "note": "On it."}, token),
            tool_request("log_work", {"text": "Did some of it", "issue": key, "minutes": 20}, token),
            tool_request("get_status", {"project": PROJECT}, token),
        ]
    return requests
