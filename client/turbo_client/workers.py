"""Threads for calls in flight: as many as there are calls at once, up to a limit, and gone again when idle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

LIMIT = 64
_IDLE_SECONDS = 30.0


class Workers:
    def __init__(self) -> None:
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0
        self._unclaimed = 0  # idle threads less waiting jobs; below zero means that a job would have to wait

    def submit(self, job: Callable[[], None]) -> None:
        """Jobs must not raise."""
        with self._lock:
            self._unclaimed -= 1
            grow = self._unclaimed < 0 and self._threads < LIMIT
            if grow:
                self._threads += 1
                self._unclaimed += 1
        self._jobs.put(job)
        if grow:
            threading.Thread(target=self._run, name="call", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                job = self._jobs.get(timeout=_IDLE_SECONDS)
            except Empty:
                if self._retire():
                    return
                continue
            job()
            with self._lock:
                self._unclaimed += 1

    def _retire(self) -> bool:
        """False if a job came in at the last moment: this thread is then the one it counts on."""
        with self._lock:
            if self._unclaimed <= 0:
                return False
            self._unclaimed -= 1
            self._threads -= 1
            return True
