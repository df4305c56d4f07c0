"""A model on loopback that answers Claude Code with what a test tells it, and keeps what it was asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TEXT = {"type": "text", "text": "Done."}


@dataclass
class FakeModel:
    """`answers` are content blocks, used up one a request; after them it says that it is done."""

    answers: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    origin: str = ""

    def take(self, request: dict[str, Any]) -> dict[str, Any]:
        self.requests.append(request)
        return self.answers.pop(0) if self.answers else TEXT

    def texts(self) -> str:
        """Every text of the first request that the user's side sent."""
        return "\n".join(block["text"] for block in self._blocks(self.requests[0]) if block["type"] == "text")

    def tool_results(self) -> list[dict[str, Any]]:
        return [block for block in self._blocks(self.requests[-1]) if block["type"] == "tool_result"]

    def _blocks(self, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for message in request["messages"]:
            content = message["content"]
            if message["role"] == "user":
                yield from [{"type": "text", "text": content}] if isinstance(content, str) else content


def calls_tool(name: str, arguments: dict[str, object]) -> dict[str, Any]:
    return {"type": "tool_use", "id": "toolu_01", "name": name, "input": arguments}


@contextmanager
def fake_model(*answers: dict[str, Any]) -> Iterator[FakeModel]:
    model = FakeModel(list(answers))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(model))
    server.daemon_threads = True
    model.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(model: FakeModel) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for event in _events(model.take(request)):
                self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _events(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    usage = {"input_tokens": 1, "output_tokens": 1}
    is_call = block["type"] == "tool_use"
    message = {"id": "msg_01", "type": "message", "role": "assistant", "model": "fake", "content": [], "usage": usage}
    yield {"type": "message_start", "message": {**message, "stop_reason": None, "stop_sequence": None}}
    empty = {**block, "input": {}} if is_call else {**block, "text": ""}
    yield {"type": "content_block_start", "index": 0, "content_block": empty}
    delta = (
        {"type": "input_json_delta", "partial_json": json.dumps(block["input"])}
        if is_call
        else {"type": "text_delta", "text": block["text"]}
    )
    yield {"type": "content_block_delta", "index": 0, "delta": delta}
    yield {"type": "content_block_stop", "index": 0}
    reason = "tool_use" if is_call else "end_turn"
    yield {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": usage}
    yield {"type": "message_stop"}
