"""`python -m bench.capacity`: calls a second of one server process on Postgres, with ten thousand issues and 512 MB.

Told, not judged: how many there are hangs on the machine. The processor time of a call is what carries over to others.
"""

import argparse
import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence

from bench.cgroup import MemoryGroup, NoCgroup
from bench.figure import Figure, below
from bench.loader import Job, load, tool_request
from bench.process import PROGRAMS, Command, cpu_seconds, resident_mib
from bench.report import add_outputs, publish
from bench.scale.calls import calls
from bench.scale.fill import fill
from bench.scale.rows import Team
from bench.server import Running, on_postgres, running
from bench.workshop import Workshop

TEAM = Team(10_000, 20)
AT_ONCE = (1, 8, 32)
SECONDS, QUICK_SECONDS = 6.0, 1.5
MEGABYTES = 512
READS = ("list_issues, three filters", "get_item", "search in a project", "get_status")


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    with Workshop(quick=arguments.quick) as bench, _bounded(bench) as group, _served(bench) as served:
        if group is not None:
            group.take_in(served.pid)
        seconds = QUICK_SECONDS if bench.quick else SECONDS
        work = {"reads": _reads(served.server.token), "writes": _writes(served.server.token)}
        for requests in work.values():  # once unmeasured: connections and plans
            load(Job(served.port, requests, AT_ONCE[-1], seconds=1))
        figures = [
            figure
            for kind, requests in work.items()
            for at_once in AT_ONCE
            for figure in _measured(served, kind, requests, at_once, seconds)
        ]
        if group is not None:
            assert not group.kills, "it was killed for its memory"
        figures.append(Figure("resident memory afterwards", "MiB", resident_mib(served.pid), bar=below(MEGABYTES)))
        notes = bench.notes
    return publish(figures, notes, arguments.json, arguments.markdown)


@contextlib.contextmanager
def _bounded(bench: Workshop) -> Iterator[MemoryGroup | None]:
    try:
        with MemoryGroup(MEGABYTES) as group:
            bench.note(f"The server's memory is bounded to {MEGABYTES} MB by a cgroup.")
            yield group
    except NoCgroup as missing:
        bench.note(str(missing))
        yield None


@contextlib.contextmanager
def _served(bench: Workshop) -> Iterator[Running]:
    server = on_postgres(bench)
    fill(server.database_url, TEAM)
    reindex: Command = [PROGRAMS / "turbo-server", "reindex"]
    subprocess.run(reindex, env=server.environment, check=True, capture_output=True)
    with running(bench, server) as process:
        yield process


def _reads(token: str) -> list[str]:
    """A list, an item, a search and the status in turn."""
    known = calls(TEAM)
    chosen = [(known[name][0], known[name][1]) for name in READS]
    longest = max(len(variants) for _, variants in chosen)
    return [
        tool_request(tool, variants[number % len(variants)], token)
        for number in range(longest)
        for tool, variants in chosen
    ]


def _writes(token: str) -> list[str]:
    """An issue, logged work and a comment in turn, over all projects: those of one project wait for its counter."""
    return [
        tool_request(tool, arguments, token)
        for number in range(1, TEAM.projects + 1)
        for tool, arguments in _writes_of(TEAM.key_of(number)).items()
    ]


def _writes_of(project: str) -> dict[str, dict[str, object]]:
    return {
        "create_issue": {"project": project, "title": "Keep it short", "type": "bug", "priority": "high"},
        "log_work": {"issue": f"{project}-1", "text": "Made it shorter.", "minutes": 5},
        "add_comment": {"key": f"{project}-2", "text": "Is it short enough now?"},
    }


def _measured(served: Running, kind: str, requests: list[str], at_once: int, seconds: float) -> list[Figure]:
    before = cpu_seconds(served.pid)
    seen = load(Job(served.port, requests, at_once, seconds=seconds))
    each_ms = (cpu_seconds(served.pid) - before) / seen.calls * 1e3
    what = f"{kind}, {at_once} at once"
    return [
        Figure(f"{what}: calls a second", "", seen.per_second),
        Figure(f"{what}: p50", "ms", seen.p50_ms),
        Figure(f"{what}: p95", "ms", seen.p95_ms),
        Figure(f"{what}: the server's processor time of a call", "ms", each_ms),
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.capacity", description="What one server process holds.")
    parser.add_argument("--quick", action="store_true", help="shorter: for a first look")
    add_outputs(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
