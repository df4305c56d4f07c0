"""get_status on many issues: as many statements as on few, one screen of text, and how long it takes."""

from bench.application import Application, application
from bench.figure import Figure, at_most, below
from bench.loader import Job, load, tool_request
from bench.seed import fill, issue
from bench.server import Server, on_postgres, on_sqlite, running
from bench.workshop import Workshop

FEW, MANY, QUICK_MANY = 100, 10_000, 1_000
CHARACTERS = 4_000
CALLS = 300
PROJECT = "MANY"


def measure(bench: Workshop) -> list[Figure]:
    databases = {"SQLite": on_sqlite(bench), "Postgres": on_postgres(bench)}
    return [figure for name, server in databases.items() for figure in _measured(bench, name, server)]


def _measured(bench: Workshop, name: str, server: Server) -> list[Figure]:
    many = QUICK_MANY if bench.quick else MANY
    with application(server) as app:
        fill(app, FEW, PROJECT)
        statements_few = _statements(app)
        app.call_all("create_issue", [issue(PROJECT, number) for number in range(FEW + 1, many + 1)])
        app.settle()
        statements_many = _statements(app)
        characters = max(len(app.call("get_status", **scope).decode()) for scope in _scopes())
    what = f"server: get_status on {many:,} issues, {name}"
    return [
        Figure(
            f"{what}, SQL statements",
            "",
            statements_many,
            statements_few,
            f"on {FEW}",
            statements_many / statements_few,
            at_most(1),
        ),
        Figure(f"{what}, longest answer", "characters", characters, bar=below(CHARACTERS)),
        *_times(bench, what, server),
    ]


def _scopes() -> list[dict[str, object]]:
    return [{}, {"project": PROJECT}]


def _statements(app: Application) -> int:
    return max(app.statements_of("get_status", **scope) for scope in _scopes())


def _times(bench: Workshop, what: str, server: Server) -> list[Figure]:
    requests = [tool_request("get_status", scope, server.token) for scope in _scopes()]
    with running(bench, server) as started:
        load(Job(started.port, requests, connections=1, calls=len(requests)))
        seen = load(Job(started.port, requests, connections=1, calls=bench.rounds(CALLS)))
    return [Figure(f"{what}, p50", "ms", seen.p50_ms), Figure(f"{what}, p99", "ms", seen.p99_ms)]
