"""The requests that were taken and not answered yet: what can be cancelled, and what the end waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from turbo_client.jsonrpc import INVALID_REQUEST, Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from turbo_client.hangup import Hangup


class InFlight:
    """After a request was cancelled or answered, nothing more is sent about it."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._changed = threading.Condition()
        self._open: dict[str | float, Hangup] = {}

    def open(self, request_id: str | float, hangup: Hangup) -> None:
        with self._changed:
            if request_id in self._open:
                raise Fault(INVALID_REQUEST, "Invalid request: this id belongs to a request in flight")
            self._open[request_id] = hangup

    def mention(self, request_id: str | float, line: bytes) -> bool:
        """Send something about a request that stays open. False if it is no longer."""
        with self._changed:
            if request_id not in self._open:
                return False
            self._send(line)
            return True

    def close(self, request_id: str | float, line: bytes | None) -> None:
        """Send the answer, unless the request was cancelled meanwhile."""
        with self._changed:
            if self._open.pop(request_id, None) is not None and line is not None:
                self._send(line)
            self._changed.notify_all()

    def cancel(self, request_id: object) -> None:
        from turbo_client.hangup import CANCELLED

        with self._changed:
            hangup = self._open.pop(request_id, None) if isinstance(request_id, str | int | float) else None
            self._changed.notify_all()
        if hangup is not None:
            hangup.cut(CANCELLED)

    def wait_until_empty(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with self._changed:
            while self._open and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)
