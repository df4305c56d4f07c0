"""The tools/call requests of a session: each in a thread of its own, with progress, cancellation and one answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeAlias

from turbo_client import jsonrpc
from turbo_client.errors import CallCancelled
from turbo_client.hangup import Hangup
from turbo_client.in_flight import InFlight
from turbo_client.json_text import dump
from turbo_client.jsonrpc import INVALID_PARAMS, Fault
from turbo_client.link import Link
from turbo_client.workers import Workers

PROGRESS_SECONDS = 2.0
LETTING_GO_SECONDS = 0.7

# Answers a call; what it is given hears what goes on meanwhile.
Answerer: TypeAlias = Callable[[Callable[[str], None]], "bytes | None"]
Guard: TypeAlias = Callable[[str | float, Callable[[], bytes | None]], bytes | None]


class ToolCalls:
    """Importing this must stay cheap: the thread that reads stdin does it. The threads of the calls import the rest."""

    def __init__(self, link: Link, send: Callable[[bytes], None], guarded: Guard) -> None:
        self._link = link
        self._in_flight = InFlight(send)
        self._guarded = guarded
        self._workers = Workers()

    def start(self, request_id: str | float, params: dict[str, Any], *, is_modern: bool) -> None:
        name, arguments, meta = params.get("name"), params.get("arguments"), params.get("_meta")
        if not isinstance(name, str):
            raise Fault(INVALID_PARAMS, "Invalid params: tools/call needs name, a string")
        if not isinstance(arguments, dict | None):
            raise Fault(INVALID_PARAMS, "Invalid params: arguments must be an object")
        text, meta = _json(arguments or {}), meta if isinstance(meta, dict) else {}
        hangup = Hangup()
        self._in_flight.open(request_id, hangup)

        def answer(tell: Callable[[str], None]) -> bytes | None:
            from turbo_client.calls import call_tool

            try:
                result = call_tool(self._link, name, text, meta, hangup, tell)
            except CallCancelled:
                return None
            return jsonrpc.result(request_id, result.json(is_modern=is_modern))

        self._workers.submit(lambda: self._run(request_id, meta.get("progressToken"), answer))

    def cancel(self, request_id: object) -> None:
        self._in_flight.cancel(request_id)

    def close(self, seconds: float) -> None:
        """Give the calls in flight a moment, and keep one for letting go of what the server holds for them."""
        ending = time.monotonic() + seconds
        self._in_flight.wait_until_empty(seconds - LETTING_GO_SECONDS if self._link.holds_leases else seconds)
        self.let_go(ending - time.monotonic())

    def let_go(self, seconds: float) -> None:
        if self._link.holds_leases:
            self._link.leases.close(max(seconds, 0.1))

    def _run(self, request_id: str | float, token: object, answer: Answerer) -> None:
        progress = Progress(self._link, self._in_flight, request_id, token)
        line = self._guarded(request_id, lambda: answer(progress.say))
        progress.stop()
        self._in_flight.close(request_id, line)


def _json(arguments: dict[str, Any]) -> str:
    try:
        return dump(arguments, allow_nan=False)
    except (ValueError, RecursionError):
        raise Fault(INVALID_PARAMS, "Invalid params: a number is too large, or the nesting too deep") from None


class Progress:
    """Tells a client that asked for it how long its call has been waiting, and what for, if the server says so."""

    def __init__(self, link: Link, in_flight: InFlight, request_id: str | float, token: object) -> None:
        self._link = link
        self._in_flight = in_flight
        self._request_id = request_id
        self._token = token
        self._started = time.monotonic()
        self._words = "Waiting for the server"
        wanted = isinstance(token, str | int) and not isinstance(token, bool)
        self._alarm = link.alarms.after(PROGRESS_SECONDS, self._tell) if wanted else None

    def stop(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()

    def say(self, words: str) -> None:
        """What is told from now on."""
        self._words = words or self._words

    def _tell(self) -> None:
        seconds = round(time.monotonic() - self._started, 1)
        params = {
            "progressToken": self._token,
            "progress": seconds,
            "message": f"{self._words} ({seconds:.0f} s)",
        }
        if self._in_flight.mention(self._request_id, jsonrpc.notification("notifications/progress", params)):
            self._alarm = self._link.alarms.after(PROGRESS_SECONDS, self._tell)
