"""What each MCP method means for us: lists come from the catalogue, calls go through the server."""

from __future__ import annotations

import sys

from turbo_client import jsonrpc, onboarding, protocol
from turbo_client.json_text import dump
from turbo_client.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, Fault
from turbo_client.link import Link
from turbo_client.subscriptions import Subscriptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from turbo_client.tool_calls import ToolCalls

_SETTLING_MS = 100
_READING_MS = 3  # importing at once would keep the processor from the client that is about to read the answer
_NO_SUCH_RESOURCE = -32002  # the handshake era's own code; the modern era uses INVALID_PARAMS
_EMPTY_LISTS = {
    "prompts/list": "prompts",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
}


class Proxy:
    """One client on the other side of a pipe. `send` takes whole lines, from any thread.

    `silence_ms` is how long that client has to be silent before warm_up is due: None before the first answer and after
    warm_up.
    """

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._subscriptions = Subscriptions(send)
        self._link = Link(self._subscriptions.tools_changed)
        self._tool_calls: ToolCalls | None = None
        self._warming = False
        self.silence_ms: int | None = None

    def receive(self, line: bytes) -> None:
        """Take one line; whatever it holds, this returns."""
        try:
            message = jsonrpc.parse(line)
            if jsonrpc.is_response(message):
                return
            jsonrpc.require_valid(message)
        except Fault as fault:
            self._send(jsonrpc.error(fault))
            return
        if "id" not in message:
            self._notified(message)
            return
        answer = self.guarded(message["id"], lambda: self._answer(message))
        if answer is not None:
            self._send(answer)
        self._settle(message["method"], answers_later=answer is None)

    def refuse_long_line(self, limit: int) -> None:
        self._send(jsonrpc.error(Fault(INVALID_REQUEST, f"Invalid request: a line is longer than {limit >> 20} MiB")))

    def guarded(self, request_id: str | float, answer: Callable[[], bytes | None]) -> bytes | None:
        """The answer's line, with every exception turned into one: a mistake of ours costs one request, no more."""
        try:
            return answer()
        except Fault as fault:
            fault.request_id = request_id
            return jsonrpc.error(fault)
        except Exception as error:  # noqa: BLE001 - the one place where a request ends that failed unexpectedly
            print(f"turbo-client: internal error ({type(error).__name__})", file=sys.stderr, flush=True)
            return jsonrpc.error(Fault(INTERNAL_ERROR, "Internal error", request_id))

    def warm_up(self) -> None:
        """Behind the first answers the rest of the client wakes up, and wakes the server. For the main thread only.

        threading takes the thread that imports it first for the main one. Importing the rest, here or behind, holds up
        whatever is asked meanwhile: hence the silence before.
        """
        self._warming, self.silence_ms = True, None
        import threading

        threading.Thread(target=self._connect, name="warm-up", daemon=True).start()

    def close(self, seconds: float) -> None:
        """The client will ask no more: give calls in flight a moment, end the streams."""
        if self._tool_calls is not None:
            self._tool_calls.close(seconds)
        self._subscriptions.close()

    def let_go(self, seconds: float) -> None:
        """The process is told to end: nobody waits for the calls in flight any more."""
        if self._tool_calls is not None:
            self._tool_calls.let_go(seconds)

    def _settle(self, method: str, *, answers_later: bool) -> None:
        """Once the list is told, or something waits for the server, only what comes in the same breath goes before."""
        if self._warming:
            return
        if answers_later or method == "tools/list":
            self.silence_ms = _READING_MS
        elif self.silence_ms is None:
            self.silence_ms = _SETTLING_MS

    def _notified(self, message: dict[str, Any]) -> None:
        params = message.get("params")
        if message["method"] == "notifications/cancelled" and isinstance(params, dict):
            self._subscriptions.stop(params.get("requestId"))
            if self._tool_calls is not None:
                self._tool_calls.cancel(params.get("requestId"))

    def _answer(self, message: dict[str, Any]) -> bytes | None:
        """The answer's line; None where it comes later."""
        request_id, method, params = message["id"], message["method"], message.get("params", {})
        is_modern = protocol.is_modern(message)
        if method == "tools/call":
            self._calls().start(request_id, params, is_modern=is_modern)
            return None
        if method == "subscriptions/listen" and is_modern:
            self._subscriptions.listen(request_id, params)
            return None
        if method == "tools/list":
            return jsonrpc.result(request_id, self._tools(params, is_modern=is_modern))
        fields = self._modern_fields(method, params) if is_modern else self._handshake_fields(method, params)
        return jsonrpc.result(request_id, dump(fields))

    def _tools(self, params: dict[str, Any], *, is_modern: bool) -> str:
        _require_no_cursor(params)
        offered = self._link.catalogue or onboarding.CATALOGUE
        fields = protocol.modern({}, ttl_ms=self._ttl_ms()) if is_modern else {}
        return protocol.with_text(fields, "tools", offered.tools_text)

    def _modern_fields(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method == "server/discover":
            fields = {"supportedVersions": list(protocol.MODERN_VERSIONS), "capabilities": protocol.CAPABILITIES}
            return protocol.modern(fields | {"instructions": self._instructions()}, ttl_ms=self._ttl_ms())
        if method in _EMPTY_LISTS:
            _require_no_cursor(params)
            return protocol.modern({_EMPTY_LISTS[method]: []}, ttl_ms=self._ttl_ms())
        raise _no_method(method, missing_resource=INVALID_PARAMS)

    def _handshake_fields(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method == "initialize":
            version = protocol.negotiated(params)
            self._subscriptions.handshake_done = True
            fields = {"protocolVersion": version, "capabilities": protocol.CAPABILITIES}
            return fields | {"serverInfo": protocol.SERVER_INFO, "instructions": self._instructions()}
        if method in ("ping", "logging/setLevel"):
            return {}
        if method in _EMPTY_LISTS:
            _require_no_cursor(params)
            return {_EMPTY_LISTS[method]: []}
        raise _no_method(method, missing_resource=_NO_SUCH_RESOURCE)

    def _instructions(self) -> str:
        return (self._link.catalogue or onboarding.CATALOGUE).instructions

    def _ttl_ms(self) -> int:
        """How long a client may keep what it is told: not at all before the server has confirmed it."""
        catalogue = self._link.catalogue
        return catalogue.max_age * 1000 if catalogue is not None and self._link.checked else 0

    def _calls(self) -> ToolCalls:
        from turbo_client.tool_calls import ToolCalls

        if self._tool_calls is None:
            self._tool_calls = ToolCalls(self._link, self._send, self.guarded)
        return self._tool_calls

    def _connect(self) -> None:
        from turbo_client import waking

        waking.connect(self._link)


def _require_no_cursor(params: dict[str, Any]) -> None:
    if params.get("cursor") is not None:
        raise Fault(INVALID_PARAMS, "Invalid params: unknown cursor; every list here is one page")


def _no_method(method: str, *, missing_resource: int) -> Fault:
    if method == "prompts/get":
        return Fault(INVALID_PARAMS, "Unknown prompt: there are no prompts here")
    if method == "resources/read":
        return Fault(missing_resource, "Resource not found: there are no resources here")
    return Fault(METHOD_NOT_FOUND, f"Method not found: {method[:128]}", data=method[:128])
