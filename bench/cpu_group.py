"""A share of one processor for one program, by the kernel: a cgroup of version 1 or 2, made and removed by us."""

import contextlib
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.faults.cgroup import NoCgroup
from bench.process import Command

ROOT = Path("/sys/fs/cgroup")
PERIOD_MICROSECONDS = 80_000  # Fly's own


class CpuGroup:
    """`share`: 0.0625 is what Fly gives a shared processor once its burst is used up: 5 ms of each 80 ms."""

    def __init__(self, share: float) -> None:
        self._quota = round(share * PERIOD_MICROSECONDS)

    def __enter__(self) -> Self:
        lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
        own = {name: path for _, names, path in lines for name in names.split(",")}
        is_first = "cpu" in own and (ROOT / "cpu").is_dir()
        parent = ROOT / "cpu" / own["cpu"].lstrip("/") if is_first else ROOT / own.get("", "").lstrip("/")
        self._folder = parent / f"turbo-bench-{os.getpid()}-{time.monotonic_ns()}"
        try:
            self._folder.mkdir()
            if is_first:
                self._set("cpu.cfs_period_us", str(PERIOD_MICROSECONDS))
                self._set("cpu.cfs_quota_us", str(self._quota))
            else:
                self._set("cpu.max", f"{self._quota} {PERIOD_MICROSECONDS}")
        except OSError as error:
            raise NoCgroup(f"The processor cannot be shared out here ({error}): it needs root and cgroups.") from error
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # it goes when its processes have gone
            self._folder.rmdir()

    def command(self, words: Command) -> Command:
        """The same command, inside from its first instruction on."""
        return ("sh", "-c", f'echo $$ >{self._folder}/cgroup.procs && exec "$@"', "sh", *words)

    def _set(self, name: str, value: str) -> None:
        (self._folder / name).write_text(value)
