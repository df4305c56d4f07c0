"""Bounds on what a process may use, by the kernel: a cgroup of version 1 or 2, made and removed by us."""

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from bench.process import Command

MIB = 1024 * 1024
ROOT = Path("/sys/fs/cgroup")
PERIOD_MICROSECONDS = 80_000  # Fly's own


class NoCgroup(Exception):
    """There is none to be had here: the text says why."""


class Cgroup:
    """One group of a controller, below our own. `_limit` says what its processes may use."""

    controller: ClassVar[str]
    cannot: ClassVar[str]

    def __enter__(self) -> Self:
        own = _own_groups()
        self._is_first = self.controller in own and (ROOT / self.controller).is_dir()
        parent = ROOT / self.controller / own[self.controller] if self._is_first else ROOT / own.get("", "")
        self._folder = parent / f"turbo-bench-{os.getpid()}-{time.monotonic_ns()}"
        try:
            self._folder.mkdir()
            self._limit()
        except OSError as error:
            raise NoCgroup(f"{self.cannot} here ({error}): it needs root and cgroups.") from error
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # it goes when its processes have gone
            self._folder.rmdir()

    def _limit(self) -> None:
        raise NotImplementedError

    def _set(self, name: str, value: int | str) -> None:
        (self._folder / name).write_text(str(value))

    def _read(self, name: str) -> str:
        return (self._folder / name).read_text()


class CpuGroup(Cgroup):
    """`share`: 0.0625 is what Fly gives a shared processor once its burst is used up: 5 ms of each 80 ms."""

    controller = "cpu"
    cannot = "The processor cannot be shared out"

    def __init__(self, share: float) -> None:
        self._quota = round(share * PERIOD_MICROSECONDS)

    def _limit(self) -> None:
        if self._is_first:
            self._set("cpu.cfs_period_us", PERIOD_MICROSECONDS)
            self._set("cpu.cfs_quota_us", self._quota)
        else:
            self._set("cpu.max", f"{self._quota} {PERIOD_MICROSECONDS}")

    def command(self, words: Command) -> Command:
        """The same command, inside from its first instruction on."""
        return ("sh", "-c", f'echo $$ >{self._folder}/cgroup.procs && exec "$@"', "sh", *words)


class MemoryGroup(Cgroup):
    controller = "memory"
    cannot = "The memory of a process cannot be bounded"

    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes

    def _limit(self) -> None:
        self._set("memory.limit_in_bytes" if self._is_first else "memory.max", self._megabytes * MIB)
        # Without swap, as on the machine that is meant.
        with contextlib.suppress(OSError):
            swap = self._megabytes * MIB if self._is_first else 0
            self._set("memory.memsw.limit_in_bytes" if self._is_first else "memory.swap.max", swap)

    def take_in(self, pid: int) -> None:
        self._set("cgroup.procs", pid)

    @property
    def peak_mib(self) -> float:
        return int(self._read("memory.max_usage_in_bytes" if self._is_first else "memory.peak")) / MIB

    @property
    def times_at_limit(self) -> int:
        return int(self._read("memory.failcnt")) if self._is_first else self._event("memory.events", "max")

    @property
    def kills(self) -> int:
        return self._event("memory.oom_control" if self._is_first else "memory.events", "oom_kill")

    def _event(self, name: str, word: str) -> int:
        lines = dict(line.split() for line in self._read(name).splitlines())
        return int(lines.get(word, 0))


def _own_groups() -> dict[str, str]:
    """By controller; version 2 has one for all, under ""."""
    lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
    return {name: path.lstrip("/") for _, names, path in lines for name in names.split(",")}
