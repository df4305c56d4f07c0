"""How soon the process is gone when Claude Code closes its stdin."""

from bench.figure import Figure, below
from bench.mcp_session import session
from bench.workshop import Workshop

ROUNDS = 12
LIMIT_MS = 100


def measure(bench: Workshop) -> list[Figure]:
    """The slowest of them: one late exit is one session that hangs."""
    return [
        Figure(
            "client: end of stdin to exit, idle, slowest",
            "ms",
            max(_exit_ms(bench) for _ in range(bench.rounds(ROUNDS))),
            bar=below(LIMIT_MS),
        )
    ]


def _exit_ms(bench: Workshop) -> float:
    with session(bench.client.command, bench.client.environment, bench.log) as opened:
        opened.initialize()
        opened.list_tools()
        opened.call("tool_1", {})  # answered: HTTP, key and connection are up, and nothing is under way
        return opened.seconds_to_exit() * 1000
