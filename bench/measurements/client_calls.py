"""What a call costs on its way through the client, against the same call without one and through mcp-remote."""

import contextlib
import time
from collections.abc import Callable
from functools import partial

import httpx

from bench.figure import Figure, at_most, ratio_below
from bench.mcp_session import session
from bench.peers import mcp_remote
from bench.rounds import interleaved, median, paired_ratio, percentile
from bench.workshop import Workshop

TOOL, ARGUMENTS = "tool_1", {"project": "TURBO", "title": "Keep the list short"}
BLOCK = 150
ROUNDS = 12
REMOTE = "mcp-remote"


def measure(bench: Workshop) -> list[Figure]:
    client = bench.client
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(session(client.command, client.environment, bench.log))
        remote = stack.enter_context(session(*mcp_remote(bench), bench.log))
        http = stack.enter_context(httpx.Client(headers={"Authorization": f"Bearer {client.key}"}))
        for opened in (ours, remote):
            opened.initialize()
            opened.list_tools()
        contenders: dict[str, Callable[[], object]] = {
            "ours": lambda: ours.call(TOOL, ARGUMENTS),
            "httpx": lambda: http.post(f"{client.origin}/v1/tools/{TOOL}", json=ARGUMENTS).raise_for_status().json(),
            REMOTE: lambda: remote.call(TOOL, ARGUMENTS),
        }
        for call in contenders.values():
            _block(call)
        blocks: dict[str, Callable[[], float]] = {name: partial(_block, call) for name, call in contenders.items()}
        p50 = interleaved(bench.rounds(ROUNDS), blocks)
    bench.note(
        "A call: one at a time, to a stand-in backend whose REST and MCP doors do the same work; its MCP door is plain"
        " Starlette, which costs mcp-remote less than the SDK's would."
    )
    return [
        Figure("client: a call, p50", "ms", *_against(p50, "httpx", "httpx.Client"), at_most(2.0)),
        Figure("client: a call, p50", "ms", *_against(p50, REMOTE, REMOTE), ratio_below(1.0)),
    ]


def _against(p50: dict[str, list[float]], peer: str, called: str) -> tuple[float, float, str, float]:
    return median(p50["ours"]), median(p50[peer]), called, paired_ratio(p50["ours"], p50[peer])


def _block(call: Callable[[], object]) -> float:
    """The p50 of a block of calls, in milliseconds."""
    times = []
    for _ in range(BLOCK):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return percentile(times, 0.5) * 1000
