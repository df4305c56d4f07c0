"""What each MCP method means for us: lists come from the catalogue, calls go through the server."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

from turbo_client import jsonrpc, onboarding, protocol
from turbo_client.in_flight import InFlight
from turbo_client.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, Fault, dump
from turbo_client.link import Link
from turbo_client.subscriptions import Subscriptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from turbo_client.tool_calls import ToolCalls

_SETTLING_SECONDS = 0.1
_NO_SUCH_RESOURCE = -32002  # the handshake era's own code; the modern era uses INVALID_PARAMS
_EMPTY_LISTS = {
    "prompts/list": "prompts",
    "resources/list": "resources",
    "resources/templates/list": "resourceTemplates",
}


class Proxy:
    """One client on the other side of a pipe. `send` takes whole lines, from any thread."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._subscriptions = Subscriptions(send)
        self._in_flight = InFlight(send)
        self._link = Link(self._subscriptions.tools_changed)
        self._tool_calls: ToolCalls | None = None
        self._lists_answered = threading.Event()
        self._warming = False

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
            self._answered(message["method"])

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

    def close(self, seconds: float) -> None:
        """The client will ask no more: give calls in flight a moment, end the streams."""
        self._in_flight.wait_until_empty(seconds)
        self._subscriptions.close()

    def _notified(self, message: dict[str, Any]) -> None:
        params = message.get("params")
        if message["method"] == "notifications/cancelled" and isinstance(params, dict):
            self._subscriptions.stop(params.get("requestId"))
            self._in_flight.cancel(params.get("requestId"))

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
            self._tool_calls = ToolCalls(self._link, self._in_flight, self.guarded)
        return self._tool_calls

    def _answered(self, method: str) -> None:
        """After the first answer, and not before, the rest of the client wakes up behind it, and wakes the server."""
        if method == "tools/list":
            self._lists_answered.set()
        if not self._warming:
            self._warming = True
            threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def _warm_up(self) -> None:
        # Importing takes the interpreter for itself: it lets the questions that follow the first one go before it.
        self._lists_answered.wait(_SETTLING_SECONDS)
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
