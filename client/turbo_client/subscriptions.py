"""Who is told that the tool list changed: handshake clients by a notification, modern ones on their listen streams."""

from __future__ import annotations

from _thread import allocate_lock  # threading would be a fifth of the time to the first answer

from turbo_client import jsonrpc, protocol
from turbo_client.json_text import dump
from turbo_client.jsonrpc import INTERNAL_ERROR, INVALID_PARAMS, Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_LIMIT = 64
_CHANGED = "notifications/tools/list_changed"


class Subscriptions:
    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._lock = allocate_lock()
        self._streams: dict[str | float, bool] = {}  # the listen request's id, and whether it wants tool list changes
        self.handshake_done = False

    def listen(self, request_id: str | float, params: dict[str, Any]) -> None:
        """Open a stream: acknowledged at once, answered only at the end. We have nothing but tools to tell of."""
        wanted = params.get("notifications")
        if not isinstance(wanted, dict):
            raise Fault(INVALID_PARAMS, "Invalid params: notifications must be an object")
        tools = wanted.get("toolsListChanged") is True
        honoured = {"toolsListChanged": True} if tools else {}
        with self._lock:
            if request_id in self._streams:
                raise Fault(INVALID_PARAMS, "Invalid params: this id belongs to an open stream")
            if len(self._streams) >= _LIMIT:
                raise Fault(INTERNAL_ERROR, f"There are {_LIMIT} open streams already")
            self._streams[request_id] = tools
            meta = {protocol.SUBSCRIPTION_KEY: request_id}
            params = {"notifications": honoured, "_meta": meta}
            self._send(jsonrpc.notification("notifications/subscriptions/acknowledged", params))

    def stop(self, request_id: object) -> None:
        with self._lock:
            if isinstance(request_id, str | int | float):
                self._streams.pop(request_id, None)

    def tools_changed(self) -> None:
        with self._lock:
            if self.handshake_done:
                self._send(jsonrpc.notification(_CHANGED))
            for request_id, wants_tools in self._streams.items():
                if wants_tools:
                    params = {"_meta": {protocol.SUBSCRIPTION_KEY: request_id}}
                    self._send(jsonrpc.notification(_CHANGED, params))

    def close(self) -> None:
        """End every stream in order: its listen request is answered now."""
        with self._lock:
            for request_id in self._streams:
                result = protocol.modern({}, meta={protocol.SUBSCRIPTION_KEY: request_id})
                self._send(jsonrpc.result(request_id, dump(result)))
            self._streams.clear()
