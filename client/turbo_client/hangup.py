"""The way to end an HTTP exchange from another thread: cancelled by the client, or out of time."""

from __future__ import annotations

import contextlib
import socket
import threading

CANCELLED, TIMED_OUT = "cancelled", "timed out"


class Hangup:
    """Belongs to one call. The thread that waits for the answer lends it the socket it waits on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cut = threading.Event()
        self._socket: socket.socket | None = None
        self.reason: str | None = None

    def cut(self, reason: str) -> None:
        """The first reason stays."""
        with self._lock:
            self.reason = self.reason or reason
            self._cut.set()
            self._shut_down()

    def lend(self, connection: socket.socket | None) -> None:
        with self._lock:
            self._socket = connection
            if self.reason is not None:
                self._shut_down()

    def take_back(self) -> None:
        """From here on the socket may serve another call."""
        with self._lock:
            self._socket = None

    def wait(self, seconds: float) -> bool:
        """Sleep, unless or until it is cut: then True."""
        return self._cut.wait(seconds)

    def _shut_down(self) -> None:
        """Wakes the thread that waits in recv, which closing would not.

        The plain socket's own method: ssl.SSLSocket.shutdown drops the TLS state under the other thread's feet.
        """
        if self._socket is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
