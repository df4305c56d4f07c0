"""How long a woken machine keeps its caller waiting: from the spawn to the first 200 on /health."""

import sys
import time
from collections.abc import Callable, Mapping
from functools import partial

from bench.figure import Figure, at_most
from bench.process import FLOORS, Command, clean_environment, free_port, http_server
from bench.rounds import interleaved, median, paired_ratio
from bench.server import COMMAND, on_postgres, on_sqlite
from bench.workshop import Workshop

ROUNDS = 12
BARE = "bare FastAPI with the same drivers"


def measure(bench: Workshop) -> list[Figure]:
    databases = {"SQLite, migrated": on_sqlite(bench), "Postgres": on_postgres(bench)}
    starts: dict[str, Callable[[], float]] = {
        name: partial(_start_ms, bench, COMMAND, server.environment) for name, server in databases.items()
    }
    starts[BARE] = partial(
        _start_ms, bench, (sys.executable, FLOORS / "bare_api.py"), clean_environment(bench.folder), by_word=True
    )
    for start in starts.values():
        start()
    times = interleaved(bench.rounds(ROUNDS), starts)
    return [
        Figure(
            f"server: spawn to /health, {name}",
            "ms",
            median(times[name]),
            median(times[BARE]),
            BARE,
            paired_ratio(times[name], times[BARE]),
            at_most(1.2),
        )
        for name in databases
    ]


def _start_ms(bench: Workshop, command: Command, environment: Mapping[str, str], *, by_word: bool = False) -> float:
    port = free_port()
    words = [*command, str(port)] if by_word else command
    started = time.perf_counter()
    with http_server(words, {**environment, "API_PORT": str(port)}, port, bench.log):
        return (time.perf_counter() - started) * 1000
