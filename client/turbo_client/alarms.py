"""Things to be done at a time: deadlines and progress. One thread, which sleeps until the next one is due."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Alarm:
    __slots__ = ("_alarms", "action", "due")

    def __init__(self, alarms: Alarms, due: float, action: Callable[[], None]) -> None:
        self._alarms = alarms
        self.due = due
        self.action = action

    def cancel(self) -> None:
        self._alarms.discard(self)


class Alarms:
    """Actions run in the alarm thread, so they must be short and must not raise."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pending: set[Alarm] = set()
        self._next = float("inf")
        self._running = False

    def after(self, seconds: float, action: Callable[[], None]) -> Alarm:
        alarm = Alarm(self, time.monotonic() + seconds, action)
        with self._changed:
            self._pending.add(alarm)
            if not self._running:
                self._running = True
                threading.Thread(target=self._run, name="alarms", daemon=True).start()
            elif alarm.due < self._next:
                self._changed.notify()
        return alarm

    def discard(self, alarm: Alarm) -> None:
        with self._changed:
            self._pending.discard(alarm)

    def _run(self) -> None:
        while True:
            for alarm in self._wait_for_due():
                alarm.action()

    def _wait_for_due(self) -> list[Alarm]:
        with self._changed:
            while True:
                now = time.monotonic()
                due = [alarm for alarm in self._pending if alarm.due <= now]
                if due:
                    self._pending.difference_update(due)
                    return sorted(due, key=lambda alarm: alarm.due)
                self._next = min((alarm.due for alarm in self._pending), default=float("inf"))
                self._changed.wait(None if self._next == float("inf") else self._next - now)
