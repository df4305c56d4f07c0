"""Something in turbo-api's place that tells what reached it, and answers as a test wants."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class StubApi:
    url: str
    reply: Reply
    seen: list[tuple[str, Message]] = field(default_factory=list)  # path and headers


def envelope(status: int) -> Reply:
    body = b'{"error":{"code":"database_unavailable","message":"Said by the API.","hint":""}}'

    def reply(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return reply


def nothing(request: BaseHTTPRequestHandler) -> None:
    """It goes away before it has answered."""
    request.close_connection = True


@contextlib.contextmanager
def stub_api(reply: Reply) -> Iterator[StubApi]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            stub.seen.append((self.path, self.headers))
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            stub.reply(self)

        do_POST = do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        stub = StubApi(f"http://127.0.0.1:{server.server_address[1]}", reply)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()
