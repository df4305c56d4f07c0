"""JSON-RPC 2.0 as MCP speaks it over stdio: one message a line, answers built as text."""

from __future__ import annotations

from turbo_client import json_text
from turbo_client.json_text import dump

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603

_INFINITE = (float("inf"), float("-inf"))


class Fault(Exception):
    """A protocol fault that the sender is told of. `request_id` is None where the message has no usable one."""

    def __init__(self, code: int, message: str, request_id: str | float | None = None, data: Any = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.request_id = request_id
        self.data = data


def parse(line: bytes) -> dict[str, Any]:
    """The object in the line. Raises Fault, also for a batch, which only one revision of MCP ever had."""
    try:
        message = json_text.parse(line.decode())
    except RecursionError:
        raise Fault(PARSE_ERROR, "Parse error: the message is nested too deeply") from None
    except ValueError:
        raise Fault(PARSE_ERROR, "Parse error: the line is not valid JSON in UTF-8") from None
    if isinstance(message, list):
        raise Fault(INVALID_REQUEST, "Invalid request: batches are not supported; send one message a line")
    if not isinstance(message, dict):
        raise Fault(INVALID_REQUEST, "Invalid request: a message is a JSON object")
    return message


def require_valid(message: dict[str, Any]) -> None:
    """Raises Fault for an object that is neither a request nor a notification of JSON-RPC 2.0."""
    request_id = message.get("id")
    if "id" in message and not _is_id(request_id):
        raise Fault(INVALID_REQUEST, "Invalid request: id must be a string or a number")
    if message.get("jsonrpc") != "2.0":
        raise Fault(INVALID_REQUEST, 'Invalid request: jsonrpc must be "2.0"', request_id)
    if not isinstance(message.get("method"), str):
        raise Fault(INVALID_REQUEST, "Invalid request: method must be a string", request_id)
    if "id" in message and not isinstance(message.get("params", {}), dict):
        raise Fault(INVALID_PARAMS, "Invalid params: params must be an object", request_id)


def _is_id(value: object) -> bool:
    """A number that JSON can carry back: 1e999 is read as infinity."""
    return isinstance(value, str | int | float) and not isinstance(value, bool) and value not in _INFINITE


def is_response(message: dict[str, Any]) -> bool:
    return "method" not in message and ("result" in message or "error" in message)


def result(request_id: str | float, result_text: str) -> bytes:
    """`result_text` is the result's JSON: spliced in, not parsed."""
    return f'{{"jsonrpc":"2.0","id":{dump(request_id)},"result":{result_text}}}\n'.encode()


def error(fault: Fault) -> bytes:
    body = {"code": fault.code, "message": fault.message}
    if fault.data is not None:
        body["data"] = fault.data
    return (dump({"jsonrpc": "2.0", "id": fault.request_id, "error": body}) + "\n").encode()


def notification(method: str, params: dict[str, Any] | None = None) -> bytes:
    message: dict[str, Any] = {"jsonrpc": "2.0", "method": method}
    if params is not None:
        message["params"] = params
    return (dump(message) + "\n").encode()
