"""`python -m bench.cold_start`: a machine wakes with the sixteenth part of a processor, and a session waits for it.

That is what a shared processor of Fly gives when its burst is used up: the worst case. Figures, on both databases: from
the server's spawn to its first 200 on /health, and to the answer of a call that a real turbo-client made meanwhile. 1
when one is over its bar, 2 where no processor can be shared out.
"""

import argparse
import math
import sys
import time
from collections.abc import Sequence
from itertools import count

from bench.cgroup import CpuGroup, NoCgroup
from bench.figure import Figure, below
from bench.holding_proxy import holding_proxy
from bench.mcp_session import Session, ToolCallFailed
from bench.process import PROGRAMS, clean_environment, free_port, http_server, is_healthy, spawn, stop, wait_for
from bench.report import as_text
from bench.rounds import median
from bench.server import COMMAND, Server, on_postgres, on_sqlite
from bench.workshop import Workshop
from turbo_client.backend import TOTAL_SECONDS

SHARE = 0.0625
START_SECONDS = 12.0
ROUNDS = 3
PROJECT = "WAKE"
_numbers = count(1)


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    kinds = {"Postgres": on_postgres, "SQLite": on_sqlite}
    figures: list[Figure] = []
    try:
        with Workshop(quick=False) as bench:
            for name, make in kinds.items():
                figures += _measured(bench, name, make(bench), arguments)
            print(as_text(figures, [f"{arguments.share:.2%} of one processor, no burst", *bench.notes]))
    except NoCgroup as missing:
        print(missing, file=sys.stderr)
        return 2
    return 1 if any(figure.is_over for figure in figures) else 0


def _measured(bench: Workshop, name: str, server: Server, arguments: argparse.Namespace) -> list[Figure]:
    """The client has been here before: its tool list is on disk, as that of anybody who works with it."""
    port, home = free_port(), bench.fresh_folder("client")
    with holding_proxy(port) as front:
        client = clean_environment(home) | {
            "TURBO_API_URL": f"http://127.0.0.1:{front}", "TURBO_API_KEY": server.token,
        }  # fmt: skip
        environment = server.environment | {"API_PORT": str(port), "TURBO_ENVIRONMENT": "production"}
        with http_server(COMMAND, environment, port, bench.log):
            _call(bench, client, "create_project", {"key": PROJECT, "name": "Wake"})
        starts = [_start(bench, environment, port, arguments.share) for _ in range(arguments.rounds)]
        calls = [_first_call(bench, environment, client, port, arguments.share) for _ in range(arguments.rounds)]
    budget = below(TOTAL_SECONDS)
    return [
        Figure(f"{name}: spawn to /health", "s", median(starts), bar=below(START_SECONDS)),
        Figure(f"{name}: spawn to the first call's answer", "s", median(calls), bar=budget),
        Figure(f"{name}: the slowest first call", "s", max(calls), bar=budget),
    ]


def _start(bench: Workshop, environment: dict[str, str], port: int, share: float) -> float:
    with CpuGroup(share) as group:
        began = time.perf_counter()
        child = spawn(group.command(COMMAND), environment, bench.log)
        try:
            wait_for(child, bench.log, lambda: is_healthy(port))
            return time.perf_counter() - began
        finally:
            stop(child)


def _first_call(bench: Workshop, environment: dict[str, str], client: dict[str, str], port: int, share: float) -> float:
    """The session is there before the server, and asks at once. Infinite where it gave up."""
    with CpuGroup(share) as group:
        began = time.perf_counter()
        child = spawn(group.command(COMMAND), environment, bench.log)
        try:
            _call(bench, client, "create_issue", {"project": PROJECT, "title": f"Woken {next(_numbers)}"})
            return time.perf_counter() - began
        except ToolCallFailed:
            return math.inf
        finally:
            wait_for(child, bench.log, lambda: is_healthy(port))
            stop(child)


def _call(bench: Workshop, client: dict[str, str], tool: str, arguments: dict[str, str]) -> None:
    """Through the stdio proxy. Raises ToolCallFailed for an error."""
    session = Session([PROGRAMS / "turbo-client", "serve"], client, bench.log)
    try:
        session.initialize()
        session.call(tool, arguments)
    finally:
        stop(session.process)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.cold_start", description=__doc__)
    parser.add_argument("--share", type=float, default=SHARE, help="of one processor; far below it is over the bars")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
