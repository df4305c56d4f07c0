"""The only file that speaks HTTP: bearer key, pinned origin, one deadline for all, retries where nothing can go wrong.

A server says in a header that it does a call with an Idempotency-Key once. Only where it is known to say so, a write
that may have been sent is sent again.
"""

from __future__ import annotations

import logging
import re
import socket
import ssl
import threading
from typing import Any

import httpx

from turbo_client import __version__
from turbo_client.alarms import Alarms
from turbo_client.answers import Answer, require_success
from turbo_client.attempts import KEY_HEADER, Attempts, pause
from turbo_client.errors import CallCancelled, CallFailed, NotReached, OutcomeUnknown
from turbo_client.hangup import CANCELLED, TIMED_OUT, Hangup

TOTAL_SECONDS = 45.0
ATTEMPT_SECONDS = 15.0  # of what can be sent again: as long as the server itself waits for its database
CONNECT_SECONDS = 5.0
LARGEST_ANSWER = 16 * 1024 * 1024
_IDLE_CONNECTIONS = 8
_KEEP_ALIVE_SECONDS = 30.0
_PROMISE = "turbo-idempotency"
_LOOPBACK = re.compile(r"http://(localhost|127\.|\[::1\])")

for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # at INFO they log every URL


class Request:
    """One thing to ask. `path` is made of our own words and checked tool names, never of user text."""

    __slots__ = ("body", "headers", "method", "path", "reads")

    def __init__(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, body: bytes = b"", reads: bool = True
    ) -> None:
        self.method = method
        self.path = path
        self.headers = headers or {}
        self.body = body
        self.reads = reads


_HEALTH = Request("GET", "/health")


class Backend:
    """All that goes to one origin. Safe to use from many threads, each with a connection of its own."""

    def __init__(self, origin: str, alarms: Alarms, total_seconds: float = TOTAL_SECONDS) -> None:
        self.origin = origin
        self._alarms = alarms
        self._total_seconds = total_seconds
        self._lock = threading.Lock()
        self._idle: list[_Wire] = []
        self._promised: bool | None = None  # whether calls with a key are done once, as far as is known
        self._tls = httpx.create_ssl_context() if origin.startswith("https:") else None

    def ask(self, request: Request, key: str | None, hangup: Hangup | None = None) -> Answer:
        """The successful answer. Raises CallFailed, within the total time even from a server that drips."""
        hangup = hangup or Hangup()
        deadline = self._alarms.after(self._total_seconds, lambda: hangup.cut(TIMED_OUT))
        try:
            return self._ask_until_answered(request, key, hangup)
        except CallFailed as failure:
            if request.reads:
                failure.certain = True  # whatever became of it, it changed nothing
            raise
        finally:
            deadline.cancel()

    def close(self) -> None:
        """Hang up the connections that are kept; a later request opens a new one."""
        with self._lock:
            wires, self._idle = self._idle, []
        for wire in wires:
            wire.client.close()

    def _ask_until_answered(self, request: Request, key: str | None, hangup: Hangup) -> Answer:
        attempts = Attempts(request)
        while True:
            try:
                return require_success(self._exchange(request, key, hangup))
            except CallFailed as failure:
                seconds = attempts.pause_after(failure)
                if seconds is None or (attempts.needs_promise and not self._promises(hangup)) or hangup.wait(seconds):
                    if hangup.reason == CANCELLED:
                        raise CallCancelled from None
                    outcome = attempts.outcome(failure)
                    if outcome is failure:
                        raise
                    raise outcome from failure

    def _promises(self, hangup: Hangup) -> bool:
        """Whether the server does a call with a key once; asked once, by the first who has to know."""
        attempt = 0
        while self._promised is None:
            try:
                status = self._exchange(_HEALTH, None, hangup).status
                if status < 500 and status != 429:
                    self._promised = bool(self._promised)  # an answer that does not say so
            except CallFailed:
                pass
            if self._promised is None and hangup.wait(pause(attempt)):
                return False
            attempt += 1
        return self._promised

    def _exchange(self, request: Request, key: str | None, hangup: Hangup) -> Answer:
        with self._lock:
            wire = self._idle.pop() if self._idle else None
        wire = wire or _Wire(self.origin, self._tls)
        can_repeat = KEY_HEADER in request.headers and self._promised is not False
        seconds = min(self._total_seconds, ATTEMPT_SECONDS) if can_repeat else self._total_seconds
        try:
            answer = wire.exchange(request, key, hangup, seconds)
            if _PROMISE in answer.headers or answer.status in (200, 304):
                self._promised = _PROMISE in answer.headers
            return answer
        finally:
            with self._lock:
                keep = len(self._idle) < _IDLE_CONNECTIONS
                if keep:
                    self._idle.append(wire)
            if not keep:
                wire.client.close()


class _Wire:
    """A client with a single connection, whose socket is known: that is what lets another thread hang up."""

    def __init__(self, origin: str, tls: ssl.SSLContext | None) -> None:
        self.origin = origin
        self._seconds = 0.0
        self.client = httpx.Client(
            verify=tls or False,  # there is no certificate to check only where there is no TLS
            # A proxy from the environment must never see a key that goes to this machine in the clear.
            trust_env=not _LOOPBACK.match(origin),
            limits=httpx.Limits(max_connections=1, keepalive_expiry=_KEEP_ALIVE_SECONDS),
        )
        self._socket: socket.socket | None = None
        self._sending = False
        self._hangup = Hangup()

    def exchange(self, request: Request, key: str | None, hangup: Hangup, seconds: float) -> Answer:
        self._hangup, self._sending, self._seconds = hangup, False, seconds
        hangup.lend(self._socket)
        if hangup.reason is not None:
            raise self._ended(hangup, None)
        try:
            return self._send(request, key)
        except httpx.HTTPError as error:
            raise self._ended(hangup, error) from error
        finally:
            hangup.take_back()

    def _send(self, request: Request, key: str | None) -> Answer:
        built = httpx.Request(
            request.method,
            self.origin + request.path,
            headers=_headers(request, key),
            content=request.body or None,
            extensions={"timeout": self._timeouts(), "trace": self._trace},
        )
        response = self.client.send(built, stream=True, follow_redirects=False)
        try:
            return Answer(response.status_code, dict(response.headers), _read(response))
        finally:
            response.close()

    def _timeouts(self) -> dict[str, float | None]:
        return httpx.Timeout(self._seconds, connect=min(self._seconds, CONNECT_SECONDS)).as_dict()

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """httpcore's account of the exchange: the new socket, and the moment from which on something may be sent."""
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            self._socket = info["return_value"].get_extra_info("socket")
            self._hangup.lend(self._socket)
        elif event.endswith(".send_request_headers.started"):
            self._sending = True

    def _ended(self, hangup: Hangup, error: httpx.HTTPError | None) -> CallFailed:
        if hangup.reason == CANCELLED:
            return CallCancelled()
        if not self._sending:
            return _not_reached(self.origin, error)
        if hangup.reason == TIMED_OUT or isinstance(error, httpx.TimeoutException):
            return _unknown(f"{self.origin} did not answer within {self._seconds:.0f} seconds.")
        return _unknown(f"The connection to {self.origin} broke before the answer was complete.")


def _unknown(message: str) -> OutcomeUnknown:
    return OutcomeUnknown(message, "", passing=True)


def _headers(request: Request, key: str | None) -> dict[str, str]:
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": f"turbo-client/{__version__}",
        "Turbo-Client-Version": __version__,
    }
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    if request.body:
        headers["Content-Type"] = "application/json"
    return headers | request.headers


def _read(response: httpx.Response) -> bytes:
    chunks, size = [], 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise OutcomeUnknown(f"The answer is larger than {LARGEST_ANSWER >> 20} MiB.", "Ask for less at a time.")
        chunks.append(chunk)
    return b"".join(chunks)


def _not_reached(origin: str, error: BaseException | None) -> NotReached:
    """Why nothing was sent. A certificate that does not fit is told apart: no waiting cures it."""
    cause = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            hint = "Check the address, this machine's clock, and SSL_CERT_FILE if a company certificate is needed."
            return NotReached(f"The certificate of {origin} is not trusted.", hint, passing=False)
        if isinstance(cause, ssl.SSLError):
            return NotReached(f"{origin} does not speak TLS as it should.", "Check the address.", passing=False)
        cause = cause.__cause__ or cause.__context__
    if _LOOPBACK.match(origin):
        return NotReached(f"No server answers at {origin}.", "Start it with `turbo-server serve`.")
    return NotReached(f"{origin} cannot be reached.", "Check the network, and the address with `turbo-client status`.")
