"""`slow-senders`: a thousand connections that say nothing, or one byte at a time, while others work.

The others' p95 stays under twice what it is without, and the server's memory under its bound.
"""

import argparse
import asyncio
import contextlib
import math
import threading
from collections.abc import Iterator, Sequence
from functools import partial

from bench.application import application
from bench.faults.sending import Call, send
from bench.loader import Job, LoadFailed, load, tool_request
from bench.process import free_port, http_server, resident_mib
from bench.rounds import interleaved, median, paired_ratio
from bench.seed import fill
from bench.server import COMMAND, Server, on_postgres, on_sqlite
from bench.workshop import Workshop

LIMIT_RATIO, LIMIT_MIB = 2.0, 256.0
DRIP_SECONDS = 1.0
LARGE = 900 * 1024  # of a body that never comes to its end
WORKERS = 8


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    with Workshop(quick=False) as bench:
        server = on_sqlite(bench) if arguments.database == "sqlite" else on_postgres(bench)
        with application(server) as app:
            fill(app, 300)
            app.settle()
        port = free_port()
        with http_server(COMMAND, server.environment | {"API_PORT": str(port)}, port, bench.log) as child:
            return _compared(arguments, server, port, child.pid)


def _compared(arguments: argparse.Namespace, server: Server, port: int, pid: int) -> int:
    requests = [tool_request("list_issues", {"limit": 20}, server.token), tool_request("get_status", {}, server.token)]
    p95 = partial(_p95, Job(port, requests, WORKERS, arguments.seconds))
    p95()
    before = resident_mib(pid)
    peaks: list[float] = []

    def beside_them() -> float:
        with slow_senders(port, server.token, arguments.connections, busy=arguments.busy) as there:
            try:
                taken = p95()
            except LoadFailed:  # refused, because too many calls were there: that is seen too
                taken = math.inf
            peaks.append(resident_mib(pid))
            assert there.count >= arguments.connections * 0.9, f"only {there.count} connections were held open"
        return taken

    taken = interleaved(arguments.rounds, {"alone": p95, "beside": beside_them})
    ratio, peak = paired_ratio(taken["beside"], taken["alone"]), max(peaks)
    fine = ratio < LIMIT_RATIO and peak < LIMIT_MIB
    print(
        f"{arguments.connections:,} slow connections, {arguments.database}, {arguments.rounds} rounds: p95 of others"
        f" {median(taken['beside']):.1f} ms, {median(taken['alone']):.1f} ms without them, ratio {ratio:.2f};"
        f" memory {before:.0f} MiB before, at most {peak:.0f} MiB"
    )
    works = send(server, port, Call("create_issue", {"project": "PERF", "title": "x"}, "k")).status
    if arguments.busy:
        print("OVER: busy connections cost nothing" if fine else "ok: busy connections are seen")
        return 1 if fine else 0
    print("ok: the others hardly notice" if fine else f"OVER: at most {LIMIT_RATIO} and {LIMIT_MIB:g} MiB are allowed")
    return 0 if fine and works in (200, 404) else 1


def _p95(job: Job) -> float:
    return load(job).p95_ms


class Slow:
    """A fifth of them say nothing at all, two fifths drip a head, two fifths a body: half of those a large one."""

    def __init__(self, port: int, token: str, *, busy: bool) -> None:
        self._port, self._token, self._busy = port, token, busy
        self.count = 0

    async def hold(self, connections: int, ready: threading.Event) -> None:
        tasks = [asyncio.ensure_future(self._one(number)) for number in range(connections)]
        while self.count < connections * 0.95:  # noqa: ASYNC110 - many tasks count
            await asyncio.sleep(0.05)
        ready.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _one(self, number: int) -> None:
        """One that the server hangs up on comes again."""
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", self._port)
                self.count += 1
                try:
                    await self._drip(writer, number % 5)
                finally:
                    self.count -= 1
                    writer.close()
            await asyncio.sleep(1)

    async def _drip(self, writer: asyncio.StreamWriter, kind: int) -> None:
        head = f"POST /v1/tools/list_issues HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self._token}\r\n"
        if self._busy:
            head += "Content-Length: 2\r\n\r\n{}"
        elif kind in (1, 2):
            head += "X-Slow: "
        elif kind in (3, 4):
            head += f"Content-Length: {LARGE + 10_000}\r\n\r\n" + (" " * LARGE if kind == 4 else "")
        if kind or self._busy:
            writer.write(head.encode())
        while not writer.is_closing():
            await asyncio.sleep(DRIP_SECONDS)
            if kind or self._busy:
                writer.write(head.encode() if self._busy else b" ")
                await writer.drain()


@contextlib.contextmanager
def slow_senders(port: int, token: str, connections: int, *, busy: bool) -> Iterator[Slow]:
    """In a thread of this process; the measured load comes from another one."""
    slow, ready, loop = Slow(port, token, busy=busy), threading.Event(), asyncio.new_event_loop()

    async def until_cancelled() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await slow.hold(connections, ready)

    task = loop.create_task(until_cancelled())
    thread = threading.Thread(target=loop.run_until_complete, args=(task,))
    thread.start()
    try:
        assert ready.wait(60), "the connections cannot be opened"
        yield slow
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(30)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.faults slow-senders", description=__doc__)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=4, help="of load in each round")
    parser.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument(
        "--busy", action="store_true", help="the control: they all ask, once a second: that must be seen"
    )
    return parser
