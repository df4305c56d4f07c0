"""How soon the process is gone when Claude Code closes its stdin."""

from bench.figure import Figure, below
from bench.mcp_session import session
from bench.rounds import median
from bench.workshop import Workshop

ROUNDS = 24
LIMIT_MS = 100


def measure(bench: Workshop) -> list[Figure]:
    """The slowest is shown without a bar: on shared cores it is the scheduler's."""
    times = [_exit_ms(bench) for _ in range(bench.rounds(ROUNDS))]
    what = "client: end of stdin to exit, idle"
    return [
        Figure(f"{what}, p50", "ms", median(times), bar=below(LIMIT_MS)),
        Figure(f"{what}, slowest", "ms", max(times)),
    ]


def _exit_ms(bench: Workshop) -> float:
    with session(bench.client.command, bench.client.environment, bench.log) as opened:
        opened.initialize()
        opened.list_tools()
        opened.call("tool_1", {})  # answered: HTTP, key and connection are up, and nothing is under way
        return opened.seconds_to_exit() * 1000
