"""Sixteen calls in flight, with and without a slow one before them: none may wait for it."""

import time

import httpx

from bench.figure import Figure, at_most
from bench.floors.stand_in import WAITING_TOOL
from bench.mcp_session import Session, session
from bench.rounds import interleaved, median, paired_ratio, percentile
from bench.workshop import Workshop

IN_FLIGHT = 16
ROUNDS = 40
# One call more is served beside them; waiting for it would take until the bench lets it go, which is never in time.
ALLOWED = 1.5


def measure(bench: Workshop) -> list[Figure]:
    client = bench.client
    with session(client.command, client.environment, bench.log) as opened, httpx.Client(base_url=client.origin) as http:
        opened.initialize()
        opened.list_tools()
        _burst(opened)

        def beside_a_slow_one() -> float:
            slow = opened.send("tools/call", {"name": WAITING_TOOL, "arguments": {}})
            took = _burst(opened)
            http.post("/release").raise_for_status()
            answered, _ = opened.receive()
            assert answered == slow, "the slow call ended before it was let go"
            return took

        p50 = interleaved(bench.rounds(ROUNDS), {"beside": beside_a_slow_one, "alone": lambda: _burst(opened)})
    return [
        Figure(
            f"client: {IN_FLIGHT} calls in flight beside a slow one, p50",
            "ms",
            median(p50["beside"]),
            median(p50["alone"]),
            "without it",
            paired_ratio(p50["beside"], p50["alone"]),
            at_most(ALLOWED),
        )
    ]


def _burst(opened: Session) -> float:
    """The p50 in milliseconds of calls sent in one write; each is answered before this returns."""
    sent = time.perf_counter()
    arguments = [{"number": number} for number in range(IN_FLIGHT)]
    waiting: set[int | None] = set(opened.send_together("tool_1", arguments))
    times = []
    while waiting:
        answered, _ = opened.receive()
        times.append(time.perf_counter() - sent)
        waiting.remove(answered)
    return percentile(times, 0.5) * 1000
