"""A backend that does what a test tells it: real sockets, and every request kept for looking at."""

import contextlib
import hashlib
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from turbo_client.api_key import checksum

PATIENCE = 20.0


def make_key(seed: str = "a1B2") -> str:
    body = "turbo_pat_" + (seed * 40)[:40]
    return body + checksum(body)


@dataclass(frozen=True)
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def arguments(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    """`gate` holds the answer back until it is set; `raw` takes the socket over and answers as it likes."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    gate: threading.Event | None = None
    raw: Callable[[socket.socket], None] | None = None

    @property
    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


def error(status: int, code: str, message: str, hint: str = "", **headers: str) -> Reply:
    body = {"error": {"code": code, "message": message, "hint": hint}}
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def reset(connection: socket.socket) -> None:
    """Ends the connection by RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def tool(name: str, *, reads: bool = False, description: str = "", **properties: object) -> dict[str, Any]:
    return {
        "name": name,
        "title": name.title(),
        "description": description or f"Does {name}.",
        "inputSchema": {"type": "object", "properties": properties, "additionalProperties": False},
        "annotations": {"readOnlyHint": reads},
    }


TOOLS = [
    tool("write_it", text={"type": "string"}, labels={"type": "array", "items": {"type": "string"}}),
    tool("read_it", reads=True, limit={"type": "integer"}),
]


class StandIn:
    """Serves `tools` and echoes calls, unless `replies` says otherwise for a path."""

    def __init__(self, port: int = 0) -> None:
        self.keys = {make_key()}
        self.is_old = False  # whether it knows no keys of machines
        self.made: list[str] = []
        self.promises = False  # whether it says that a call with a key is done once
        self.tools: list[object] = list(TOOLS)
        self.instructions = "Use write_it and read_it."
        self.replies: dict[str, Reply | Callable[[Seen], Reply]] = {}
        self.seen: list[Seen] = []
        self.hung_up = threading.Event()
        self.connections: set[socket.socket] = set()
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"stand_in": self}))
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def catalogue(self) -> bytes:
        return json.dumps({"instructions": self.instructions, "tools": self.tools}).encode()

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.catalogue).hexdigest()[:16]}"'

    def calls(self, name: str | None = None) -> list[Seen]:
        prefix = f"/v1/tools/{name}" if name else "/v1/tools/"
        return [seen for seen in self.seen if seen.path.startswith(prefix)]

    def wait_for(self, path: str, count: int = 1) -> Seen:
        """The `count`th request to that path, once it has come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self._to(path)) >= count, PATIENCE), f"no request to {path}"
            return self._to(path)[count - 1]

    def _to(self, path: str) -> list[Seen]:
        return [seen for seen in self.seen if seen.path == path]

    def answer(self, seen: Seen) -> Reply:
        with self._arrived:
            self.seen.append(seen)
            self._arrived.notify_all()
        reply = self.replies.get(seen.path)
        if reply is not None:
            return reply if isinstance(reply, Reply) else reply(seen)
        if seen.path in ("/health", "/ready"):
            return Reply(body={"status": "ok"})
        if seen.headers.get("authorization", "").removeprefix("Bearer ") not in self.keys:
            return error(401, "unauthenticated", "This API key is not known here.", "Log in with a valid key.")
        return self._authenticated(seen)

    def _authenticated(self, seen: Seen) -> Reply:
        if seen.path.startswith("/v1/keys"):
            return self._about_keys(seen)
        if seen.path == "/v1/me":
            key = {"id": 1, "name": "laptop", "last4": seen.headers["authorization"][-4:]}
            return Reply(body={"name": "ada", "workspace": "personal", "key": key, "server_version": "9.9.9"})
        if seen.path == "/v1/tools":
            if seen.headers.get("if-none-match") == self.etag:
                return Reply(304, b"", {"ETag": self.etag})
            return Reply(body=self.catalogue, headers={"ETag": self.etag, "Cache-Control": "private, max-age=60"})
        name = seen.path.removeprefix("/v1/tools/")
        return Reply(body={"tool": name, "arguments": seen.arguments}, headers={"Turbo-Catalogue": self.etag})

    def _about_keys(self, seen: Seen) -> Reply:
        """One to make, as many as are asked for; the number of each is its place in `made`, from 1 on."""
        if self.is_old:
            return error(404, "not_found", "There is nothing at this address.")
        if seen.method == "DELETE":
            self.keys.discard(self.made[seen.arguments["id"] - 1])
            return Reply(body={"id": seen.arguments["id"], "name": "laptop", "revoked": True})
        key = make_key(f"{len(self.made) + 1:04}")
        self.made.append(key)
        self.keys.add(key)
        return Reply(body={"id": len(self.made), "key": key, "name": "laptop", "scope": "write", "is_renewable": True})

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self) -> None:
        """Also hangs up on who is connected."""
        self._server.shutdown()
        self._server.server_close()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def stand_in(port: int = 0) -> Iterator[StandIn]:
    server = StandIn(port)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn  # set in the subclass that each stand-in makes
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.stand_in.connections.add(self.connection)

    def finish(self) -> None:
        self.stand_in.connections.discard(self.connection)
        with contextlib.suppress(OSError):
            super().finish()

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.stand_in.hung_up.set()
            self.close_connection = True

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._reply(self.stand_in.answer(Seen(self.command, self.path, headers, body)))

    do_POST = do_DELETE = do_GET  # noqa: N815 - the names the base class looks for

    def _reply(self, reply: Reply) -> None:
        if reply.gate is not None:
            self._hold(reply.gate)
        if reply.raw is not None:
            self.close_connection = True
            reply.raw(self.connection)
            return
        lines = [f"HTTP/1.1 {reply.status} .", f"Content-Length: {len(reply.payload)}"]
        headers = {"Content-Type": "application/json", "Date": self.date_time_string()} | reply.headers
        if self.stand_in.promises:
            headers["Turbo-Idempotency"] = "2592000"
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode() + reply.payload)

    def _hold(self, gate: threading.Event) -> None:
        """Until the gate opens, watching whether the client hangs up meanwhile."""
        self.connection.settimeout(0.02)
        for _ in range(int(PATIENCE / 0.02)):
            if gate.is_set():
                break
            try:
                if self.connection.recv(1, socket.MSG_PEEK) == b"":
                    raise ConnectionResetError
            except TimeoutError:
                continue
        self.connection.settimeout(None)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
        pass
