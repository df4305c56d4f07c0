"""Load over HTTP from a process of its own: `python -m bench.loader` reads a job from stdin and prints what it saw.

Raw sockets on uvloop, answers read no further than needed, so that the two cores are left to what is measured.
"""

import asyncio
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self, cast

import uvloop

from bench.rounds import percentile

ROOT = Path(__file__).parents[1]
NEW_KEY = b"00000000-0000-4000-8000-000000000000"  # stands in a request for a key that was never used
_HEADER_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


@dataclass(frozen=True)
class Job:
    """`requests` are raw, each connection sends them in turn; ends after `seconds`, or after `calls` in all."""

    port: int
    requests: Sequence[str]
    connections: int = 16
    seconds: float | None = None
    calls: int | None = None


@dataclass(frozen=True)
class Load:
    calls: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.calls / self.seconds


class LoadFailed(Exception):
    """An answer was not a 200: a bench of errors measures nothing."""


def load(job: Job) -> Load:
    command = [sys.executable, "-m", "bench.loader"]
    done = subprocess.run(command, input=json.dumps(asdict(job)), capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode:
        raise LoadFailed(done.stderr)
    return Load(**json.loads(done.stdout))


def tool_request(tool: str, arguments: dict[str, object], token: str) -> str:
    """With the headers that turbo-client sends."""
    body = json.dumps(arguments, separators=(",", ":"))
    head = (
        f"POST /v1/tools/{tool} HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept: application/json",
        "Accept-Encoding: gzip, deflate",
        "User-Agent: turbo-client/0",
        "Turbo-Client-Version: 0",
        f"Authorization: Bearer {token}",
        "Content-Type: application/json",
        "Turbo-Machine: bench",
        "Turbo-Session: 0b0e7d3a-7a52-4f0e-9d57-5f1f6b1f0a11",
        f"Idempotency-Key: {NEW_KEY.decode()}",
        f"Content-Length: {len(body.encode())}",
    )
    return "\r\n".join(head) + "\r\n\r\n" + body


class Run:
    """What all connections share: the requests still to send, and the times of the answers."""

    def __init__(self, job: Job) -> None:
        self._requests = [text.encode() for text in job.requests]
        self._left = job.calls if job.calls is not None else sys.maxsize
        self._seconds = job.seconds
        self._sent = uuid.uuid4().int
        self.times: list[float] = []
        self.failure: bytes | None = None

    def start(self) -> None:
        self.started = time.perf_counter()
        self._deadline = self.started + (self._seconds or float("inf"))

    def next_request(self) -> bytes | None:
        if not self._left or self.failure or time.perf_counter() > self._deadline:
            return None
        self._left -= 1
        self._sent += 1
        request = self._requests[self._sent % len(self._requests)]
        return request.replace(NEW_KEY, str(uuid.UUID(int=self._sent % 2**128, version=4)).encode(), 1)


class Connection(asyncio.Protocol):
    """One request at a time."""

    @classmethod
    async def open(cls, run: Run, port: int) -> Self:
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(lambda: cls(run), "127.0.0.1", port)
        return connection

    def __init__(self, run: Run) -> None:
        self._run = run
        self._answer = b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's does not inherit from it

    def send_next(self) -> None:
        request = self._run.next_request()
        if request is None:
            self._transport.close()
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._answer = self._answer + data if self._answer else data
        end = self._answer.find(_HEADER_END)
        if end < 0 or len(self._answer) < end + len(_HEADER_END) + _length(self._answer[:end]):
            return
        self._run.times.append(time.perf_counter() - self._sent_at)
        if not self._answer.startswith(b"HTTP/1.1 200"):
            self._run.failure = self._answer
        self._answer = b""
        self.send_next()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


def _length(head: bytes) -> int:
    at = head.lower().index(_LENGTH) + len(_LENGTH)
    return int(head[at:].partition(b"\r\n")[0])


async def _run(job: Job) -> Load:
    run = Run(job)
    connections = [await Connection.open(run, job.port) for _ in range(job.connections)]
    run.start()
    for connection in connections:
        connection.send_next()
    for connection in connections:
        await connection.done
    took = time.perf_counter() - run.started
    if run.failure is not None:
        raise LoadFailed(run.failure.decode(errors="replace"))
    p50, p95, p99 = (percentile(run.times, share) * 1000 for share in (0.5, 0.95, 0.99))
    return Load(len(run.times), took, p50, p95, p99)


if __name__ == "__main__":
    try:
        print(json.dumps(asdict(uvloop.run(_run(Job(**json.load(sys.stdin)))))))
    except (LoadFailed, OSError) as error:
        sys.exit(str(error))
