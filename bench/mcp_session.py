"""The client's end of an MCP conversation over stdio, with nothing between the pipe and the clock."""

import contextlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.process import Command, DidNotStart, spawn, stop

_INITIALIZE = {
    "protocolVersion": "2025-11-25",
    "capabilities": {},
    "clientInfo": {"name": "bench", "version": "1"},
}


class ToolCallFailed(DidNotStart):
    pass


class Session:
    def __init__(self, command: Command, environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        self._number = 0
        self.started = time.perf_counter()
        self.process = spawn(command, environment, log)

    def initialize(self) -> dict[str, Any]:
        result = self.ask("initialize", _INITIALIZE)
        self._write(_line({"jsonrpc": "2.0", "method": "notifications/initialized"}))
        return result

    def list_tools(self) -> list[dict[str, Any]]:
        tools: list[dict[str, Any]] = self.ask("tools/list", {})["tools"]
        return tools

    def call(self, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        return succeeded(self.ask("tools/call", {"name": tool, "arguments": arguments}))

    def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """The result. Raises DidNotStart for an error: a bench that measures errors measures nothing."""
        wanted = self.send(method, params)
        while True:
            number, message = self.receive()
            if number == wanted:
                return _result(message)

    def send(self, method: str, params: dict[str, Any]) -> int:
        """Returns the request's number."""
        self._number += 1
        self._write(_line({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}))
        return self._number

    def send_together(self, tool: str, arguments: Sequence[dict[str, Any]]) -> list[int]:
        """Many calls in one write; returns their numbers."""
        first = self._number + 1
        self._number += len(arguments)
        lines = [
            _line({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": tool, "arguments": each}})
            for number, each in enumerate(arguments, first)
        ]
        self._write(b"".join(lines))
        return list(range(first, self._number + 1))

    def receive(self) -> tuple[int | None, dict[str, Any]]:
        """The next answer with its number; a notification has none."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise DidNotStart(f"{self.process.args!r} ended:\n{self._log.read_text(errors='replace')}")
        message = json.loads(line)
        return message.get("id"), message

    def seconds_to_exit(self) -> float:
        """From the end of its stdin to its end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        closed = time.perf_counter()
        self.process.wait()
        return time.perf_counter() - closed

    def _write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()


@contextlib.contextmanager
def session(command: Command, environment: Mapping[str, str], log: Path) -> Iterator[Session]:
    opened = Session(command, environment, log)
    try:
        yield opened
    finally:
        stop(opened.process)


def succeeded(result: dict[str, Any]) -> dict[str, Any]:
    if result.get("isError"):
        raise ToolCallFailed(f"a tool call failed: {result}")
    return result


def _result(message: dict[str, Any]) -> dict[str, Any]:
    if "result" not in message:
        raise DidNotStart(f"answered with an error: {message}")
    result: dict[str, Any] = message["result"]
    return result


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"
