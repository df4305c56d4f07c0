"""`turbo-client serve` as a client sees it: a real process, lines in, lines out, deadlines instead of sleeps."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

from tests import canaries
from tests.client.stand_in import PATIENCE

PROGRAM = Path(sys.executable).with_name("turbo-client")
MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}

Message = dict[str, Any]


class Session:
    def __init__(self, environment: dict[str, str], cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [PROGRAM, "serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=cwd,
        )
        self.received: list[Message] = []
        self.lines: list[bytes] = []
        self.stderr = b""
        self._ended = False
        self._changed = threading.Condition()
        self._next_id = 0
        self._readers = [threading.Thread(target=read) for read in (self._read_stdout, self._read_stderr)]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> "Session":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, message: Message | bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(message if isinstance(message, bytes) else json.dumps(message).encode() + b"\n")
        self.process.stdin.flush()

    def start(self, method: str, params: Message | None = None, *, modern: bool = False) -> int:
        """Send a request without waiting. Its id."""
        self._next_id += 1
        params = dict(params or {})
        if modern:
            params["_meta"] = MODERN | params.get("_meta", {})
        self.send({"jsonrpc": "2.0", "id": self._next_id, "method": method, "params": params})
        return self._next_id

    def ask(self, method: str, params: Message | None = None, *, modern: bool = False) -> Message:
        return self.answer_to(self.start(method, params, modern=modern))

    def result(self, method: str, params: Message | None = None, *, modern: bool = False) -> Message:
        answer = self.ask(method, params, modern=modern)
        assert "result" in answer, answer
        result: Message = answer["result"]
        return result

    def call(self, name: str, arguments: Message | None = None, *, modern: bool = False, **meta: object) -> Message:
        params: Message = {"name": name, "arguments": arguments or {}}
        return self.result("tools/call", params | ({"_meta": meta} if meta else {}), modern=modern)

    def initialize(self, version: str = "2025-11-25") -> Message:
        params = {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "tests", "version": "1"}}
        result = self.result("initialize", params)
        self.notify("notifications/initialized")
        return result

    def notify(self, method: str, params: Message | None = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method} | ({"params": params} if params else {}))

    def answer_to(self, request_id: object) -> Message:
        return self.wait_for(lambda message: "method" not in message and message.get("id") == request_id)

    def notification(self, method: str) -> Message:
        return self.wait_for(lambda message: message.get("method") == method)

    def wait_for(self, wanted: Callable[[Message], bool], seconds: float = PATIENCE) -> Message:
        def found() -> Message | None:
            return next((message for message in self.received if wanted(message)), None)

        with self._changed:
            self._changed.wait_for(lambda: found() is not None or self._ended, seconds)
            message = found()
        assert message is not None, f"not received; got {self.received}; stderr {self.stderr!r}"
        return message

    def count(self, method: str) -> int:
        return sum(message.get("method") == method for message in self.received)

    def tool_names(self, *, modern: bool = False) -> list[str]:
        return [tool["name"] for tool in self.result("tools/list", modern=modern)["tools"]]

    def close(self) -> int:
        """End of stdin, as a client leaves. The exit code."""
        assert self.process.stdin is not None
        if not self.process.stdin.closed:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        for reader in self._readers:
            reader.join(PATIENCE)
        canaries.look(self.stderr, "on stderr of turbo-client serve")
        canaries.look(b"".join(self.lines), "in what turbo-client serve answered")
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
        return code

    def _read_stdout(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._changed:
                self.lines.append(line)
                self.received.append(json.loads(line))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _read_stderr(self) -> None:
        assert self.process.stderr is not None
        self.stderr = self.process.stderr.read()
