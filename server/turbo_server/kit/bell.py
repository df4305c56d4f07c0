"""What wakes those who work beside the calls of this process, once something for them is committed.

It only saves waiting: whoever listens finds in the database what there is to do, and would find it without being woken.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listener = Callable[[], None]


class Bell:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def ring(self) -> None:
        for listener in self._listeners:
            listener()

    @contextmanager
    def heard_by(self, listener: Listener) -> Iterator[None]:
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)


JOBS = Bell()  # a job was enqueued
EVENTS = Bell()  # something happened to an item
CALLS = Bell()  # a call came: neither this machine nor its database sleeps
