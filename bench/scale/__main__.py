"""`python -m bench.scale`: the same calls on ten thousand issues and on a million, in turn; 1 when a bar is missed."""

import argparse
import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from bench.figure import Bar, Figure, at_most, below
from bench.loader import Job, load, tool_request
from bench.process import PROGRAMS, Command
from bench.report import add_outputs, publish
from bench.rounds import interleaved, median, paired_ratio
from bench.scale.calls import calls
from bench.scale.fill import fill
from bench.scale.rows import Team
from bench.server import Running, Server, on_postgres, on_sqlite, running
from bench.workshop import Workshop

SMALL, LARGE, LITE, PROJECTS = 10_000, 1_000_000, 100_000, 200
ROUNDS, CALLS = 9, 40
TIMES, LITE_MS = 2.0, 50.0


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    with Workshop(quick=arguments.quick) as bench:
        figures = []
        if arguments.database in ("postgres", "both"):
            figures += _on_postgres(bench, arguments.issues)
        if arguments.database in ("sqlite", "both"):
            figures += _on_sqlite(bench)
        notes = bench.notes
    return publish(figures, notes, arguments.json, arguments.markdown)


def _on_postgres(bench: Workshop, issues: int) -> list[Figure]:
    """The small one's projects are as large as the large one's: a call about a project costs what the project holds."""
    small, large = Team(SMALL, max(1, PROJECTS * SMALL // issues)), Team(issues, PROJECTS)
    with _served(bench, on_postgres(bench), small) as few, _served(bench, on_postgres(bench), large) as many:
        return [_compared(bench, name, (many, large), (few, small), at_most(TIMES)) for name in calls(small)]


def _on_sqlite(bench: Workshop) -> list[Figure]:
    team = Team(LITE, PROJECTS)
    with _served(bench, on_sqlite(bench), team) as served:
        for name in calls(team):
            _p50(served, team, name)
        times = {name: [_p50(served, team, name) for _ in range(bench.rounds(ROUNDS))] for name in calls(team)}
    return [
        Figure(f"SQLite, {LITE:,} issues: {name}, p50", "ms", median(each), bar=below(LITE_MS))
        for name, each in times.items()
    ]


@contextlib.contextmanager
def _served(bench: Workshop, server: Server, team: Team) -> Iterator[Running]:
    started = time.perf_counter()
    fill(server.database_url, team)
    filled = time.perf_counter()
    reindex: Command = [PROGRAMS / "turbo-server", "reindex"]
    subprocess.run(reindex, env=server.environment, check=True, capture_output=True)
    took = time.perf_counter() - filled
    bench.note(f"{team.issues:,} issues: filled in {filled - started:.0f} s, indexed for search in {took:.0f} s.")
    print(f"filled {team.issues:,} issues", file=sys.stderr, flush=True)
    with running(bench, server) as process:
        yield process


def _compared(bench: Workshop, name: str, large: tuple[Running, Team], small: tuple[Running, Team], bar: Bar) -> Figure:
    contenders: dict[str, Callable[[], float]] = {
        "large": partial(_p50, *large, name),
        "small": partial(_p50, *small, name),
    }
    for warm in contenders.values():
        warm()
    taken = interleaved(bench.rounds(ROUNDS), contenders)
    what = f"Postgres, {large[1].issues:,} issues: {name}, p50"
    ratio = paired_ratio(taken["large"], taken["small"])
    return Figure(what, "ms", median(taken["large"]), median(taken["small"]), f"on {SMALL:,}", ratio, bar)


def _p50(served: Running, team: Team, name: str) -> float:
    tool, arguments = calls(team)[name]
    requests = [tool_request(tool, each, served.server.token) for each in arguments]
    return load(Job(served.port, requests, connections=1, calls=max(CALLS, len(requests)))).p50_ms


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench.scale", description="Fills databases, and compares calls on them."
    )
    parser.add_argument("--database", choices=("postgres", "sqlite", "both"), default="both")
    parser.add_argument("--issues", type=int, default=LARGE, help="how many the large one holds")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    add_outputs(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
