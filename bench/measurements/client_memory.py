"""What a session holds after a hundred calls, by plain HTTP and by TLS with every public authority loaded."""

from bench.figure import Figure, below
from bench.mcp_session import session
from bench.process import resident_mib
from bench.workshop import Client, Workshop

CALLS = 100
LIMIT_MIB = 40


def measure(bench: Workshop) -> list[Figure]:
    doors = {"http": bench.client, "https": bench.secure_client}
    return [
        Figure(f"client: resident after {CALLS} calls, {door}", "MiB", _resident(bench, client), bar=below(LIMIT_MIB))
        for door, client in doors.items()
    ]


def _resident(bench: Workshop, client: Client) -> float:
    """The most of several sessions: a bar on memory is about the worst one."""
    return max(_after_calls(bench, client) for _ in range(bench.rounds(4)))


def _after_calls(bench: Workshop, client: Client) -> float:
    with session(client.command, client.environment, bench.log) as opened:
        opened.initialize()
        tools = opened.list_tools()
        for number in range(CALLS):
            opened.call(tools[number % (len(tools) - 1)]["name"], {"number": number})
        return resident_mib(opened.process.pid)
