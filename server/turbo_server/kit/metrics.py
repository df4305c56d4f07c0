"""What this process counts while it serves, in the text format that Prometheus reads.

prometheus_client would write the same lines for 34 ms and 3 MB more at each start, and twice the time of a call.
"""

import contextlib
import os
import time
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import NamedTuple

from .database import Connection, Database
from .patience import Patience
from .sql import Dialect

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
Labels = tuple[tuple[str, object], ...]


class Observed(NamedTuple):
    """One request that was answered. `route` and `tool` are names of ours: their number is bounded."""

    method: str
    route: str
    tool: str
    status: int
    seconds: float
    code: str | None
    is_replay: bool


class CountedDatabase:
    """The database, and how many calls hold a connection of it or wait for one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect: Dialect = database.dialect
        self.in_use = 0
        self.waiting = 0

    async def connect(self) -> None:
        await self._database.connect()

    async def disconnect(self) -> None:
        await self._database.disconnect()

    def connection(self, patience: Patience | None = None) -> contextlib.AbstractAsyncContextManager[Connection]:
        return _CountedConnection(self, self._database.connection(patience))


class _CountedConnection(contextlib.AbstractAsyncContextManager[Connection]):
    """Written out: a generator's context manager would take three times as long."""

    __slots__ = ("_counts", "_held")

    def __init__(self, counts: CountedDatabase, held: contextlib.AbstractAsyncContextManager[Connection]) -> None:
        self._counts = counts
        self._held = held

    async def __aenter__(self) -> Connection:
        self._counts.waiting += 1
        try:
            db = await self._held.__aenter__()
        finally:
            self._counts.waiting -= 1
        self._counts.in_use += 1
        return db

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        self._counts.in_use -= 1
        return await self._held.__aexit__(kind, error, trace)


@dataclass
class _Durations:
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


class Metrics:
    def __init__(self, version: str, database: CountedDatabase, replica: Mapping[str, int]) -> None:
        """`replica`: what became of reads that a replica might answer; nothing where there is none."""
        self._version = version
        self._database = database
        self._replica = replica
        self._started_at = time.time()
        self._requests: Counter[tuple[str, str, str, int]] = Counter()
        self._durations: defaultdict[tuple[str, str], _Durations] = defaultdict(_Durations)
        self._limited: Counter[str] = Counter()
        self._database_errors: Counter[str] = Counter()
        self._replays = 0

    def observe(self, request: Observed) -> None:
        self._requests[request.method, request.route, request.tool, request.status] += 1
        durations = self._durations[request.route, request.tool]
        durations.buckets[bisect_left(BOUNDS, request.seconds)] += 1
        durations.seconds += request.seconds
        self._replays += request.is_replay
        if request.code is not None:
            self._refused(request.code, request.status)

    def _refused(self, code: str, status: int) -> None:
        if status == 429:
            self._limited[code] += 1
        if status == 503:
            self._database_errors[code] += 1

    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        requests = [
            ((("method", method), ("route", route), ("tool", tool), ("status", status)), count)
            for (method, route, tool, status), count in self._requests.items()
        ]
        yield from _metric("turbo_requests_total", "counter", "Requests answered", requests)
        yield from self._histogram()
        limited = [((("limit", code),), count) for code, count in self._limited.items()]
        yield from _metric("turbo_limited_total", "counter", "Requests refused for a limit", limited)
        replays: list[tuple[Labels, float]] = [((), self._replays)]
        yield from _metric("turbo_replays_total", "counter", "Writes answered from an earlier call", replays)
        errors = [((("error", code),), count) for code, count in self._database_errors.items()]
        yield from _metric("turbo_database_errors_total", "counter", "Requests answered with 503", errors)
        states = [
            ((("state", "in_use"),), self._database.in_use), ((("state", "waited_for"),), self._database.waiting)
        ]  # fmt: skip
        yield from _metric("turbo_database_connections", "gauge", "Connections that calls hold or wait for", states)
        reads = [((("outcome", outcome),), count) for outcome, count in self._replica.items()]
        if reads:
            yield from _metric("turbo_replica_reads_total", "counter", "Reads that a replica might answer", reads)
        version: list[tuple[Labels, float]] = [((("version", self._version),), 1)]
        yield from _metric("turbo_build_info", "gauge", "The version that runs", version)
        yield from self._process()

    def _histogram(self) -> Iterator[str]:
        name = "turbo_request_seconds"
        yield from _head(name, "histogram", "How long requests took")
        for (route, tool), durations in self._durations.items():
            labels: Labels = (("route", route), ("tool", tool))
            total = 0
            for bound, count in zip((*BOUNDS, "+Inf"), durations.buckets, strict=True):
                total += count
                yield _sample(f"{name}_bucket", (*labels, ("le", bound)), total)
            yield _sample(f"{name}_sum", labels, durations.seconds)
            yield _sample(f"{name}_count", labels, total)

    def _process(self) -> Iterator[str]:
        alone: Labels = ()
        times = os.times()
        yield from _metric("process_cpu_seconds_total", "counter", "User and system time",
                           [(alone, times.user + times.system)])  # fmt: skip
        yield from _metric("process_start_time_seconds", "gauge", "Since 1970", [(alone, self._started_at)])
        memory = _resident_bytes()
        if memory is not None:
            yield from _metric("process_resident_memory_bytes", "gauge", "Resident memory", [(alone, memory)])


def _metric(name: str, kind: str, about: str, samples: Iterable[tuple[Labels, float]]) -> Iterator[str]:
    yield from _head(name, kind, about)
    for labels, value in samples:
        yield _sample(name, labels, value)


def _head(name: str, kind: str, about: str) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} {kind}"


def _sample(name: str, labels: Labels, value: float) -> str:
    told = ",".join(f'{label}="{text}"' for label, text in labels)
    return f"{name}{{{told}}} {value}" if told else f"{name} {value}"


def _resident_bytes() -> int | None:
    try:
        with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - no path to handle
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, AttributeError, ValueError):
        return None  # where there is no /proc, nothing cheap tells the memory of now
