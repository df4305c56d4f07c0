"""A bound on the memory of one process, by the kernel: a cgroup of version 1 or 2, made and removed by us."""

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

MIB = 1024 * 1024
ROOT = Path("/sys/fs/cgroup")


class NoCgroup(Exception):
    """There is none to be had here: the text says why."""


class MemoryGroup:
    def __init__(self, megabytes: int) -> None:
        self._megabytes = megabytes

    def __enter__(self) -> Self:
        own = dict(_own_groups())
        self._is_first = "memory" in own and (ROOT / "memory").is_dir()
        parent = ROOT / "memory" / own["memory"].lstrip("/") if self._is_first else ROOT / own.get("", "").lstrip("/")
        self._folder = parent / f"turbo-bench-{os.getpid()}-{time.monotonic_ns()}"
        try:
            self._folder.mkdir()
            self._set("memory.limit_in_bytes" if self._is_first else "memory.max", self._megabytes * MIB)
            # Without swap, as on the machine that is meant.
            with contextlib.suppress(OSError):
                swap = self._megabytes * MIB if self._is_first else 0
                self._set("memory.memsw.limit_in_bytes" if self._is_first else "memory.swap.max", swap)
        except OSError as error:
            raise NoCgroup(f"The memory of a process cannot be bounded here ({error}): it needs root.") from error
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # it goes when its processes have gone
            self._folder.rmdir()

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

    def _set(self, name: str, value: int) -> None:
        (self._folder / name).write_text(str(value))

    def _read(self, name: str) -> str:
        return (self._folder / name).read_text()


def _own_groups() -> list[tuple[str, str]]:
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    return [(controllers, path) for _, controllers, path in (line.split(":", 2) for line in lines)]
