"""How long a session waits for its tools: from the spawn to `initialize` and `tools/list` answered."""

import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from bench.figure import Figure, at_least, at_most
from bench.floors.stand_in import TOOL_COUNT
from bench.mcp_session import session
from bench.peers import mcp_remote
from bench.process import FLOORS, Command
from bench.rounds import interleaved, median, paired_ratio
from bench.workshop import Workshop

BARE, SDK, REMOTE = "bare JSON loop", "smallest SDK server", "mcp-remote"
ROUNDS = 24


def measure(bench: Workshop) -> list[Figure]:
    """mcp-remote answers nothing before it has reached its backend: then it has to, and ours need not."""
    client = bench.client
    contenders: dict[str, tuple[Command, Mapping[str, str]]] = {
        "ours": (client.command, client.environment),
        BARE: ([sys.executable, FLOORS / "bare_loop.py", client.catalogue], client.environment),
        SDK: ([sys.executable, FLOORS / "sdk_server.py", client.catalogue], client.environment),
        REMOTE: mcp_remote(bench),
    }
    lists: dict[str, list[float]] = {name: [] for name in contenders}

    def started(name: str) -> float:
        command, environment = contenders[name]
        initialized, listed = _start(command, environment, bench.log)
        lists[name].append(listed)
        return initialized

    for name in contenders:  # once unmeasured: bytecode is compiled, files are in memory
        started(name)
        lists[name].clear()
    initialized = interleaved(bench.rounds(ROUNDS), {name: partial(started, name) for name in contenders})
    return [*_figures("initialize", initialized), *_figures(f"tools/list, {TOOL_COUNT} tools", lists)]


def _start(command: Command, environment: Mapping[str, str], log: Path) -> tuple[float, float]:
    """Milliseconds to both answers."""
    with session(command, environment, log) as opened:
        opened.initialize()
        initialized = time.perf_counter() - opened.started
        tools = opened.list_tools()
        listed = time.perf_counter() - opened.started
    assert len(tools) == TOOL_COUNT, f"{command[0]} lists {len(tools)} tools"
    return initialized * 1000, listed * 1000


def _figures(answered: str, times: dict[str, list[float]]) -> list[Figure]:
    ours = times["ours"]
    slower = Figure(
        f"client: spawn to {answered}",
        "ms",
        median(ours),
        median(times[BARE]),
        BARE,
        paired_ratio(ours, times[BARE]),
        at_most(2.5),
    )
    faster = [
        Figure(
            f"client: spawn to {answered}, times faster",
            "ms",
            median(ours),
            median(times[peer]),
            peer,
            paired_ratio(times[peer], ours),
            at_least(15),
        )
        for peer in (SDK, REMOTE)
    ]
    return [slower, *faster]
