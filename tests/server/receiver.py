"""Somebody who is told: a small HTTP server that keeps what it is sent, and answers as it is set to."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.thread_server import in_a_thread


@dataclass
class Receiver:
    """`answers` are used up one by one, then each is a 204. An answer is a status, or the raw bytes."""

    answers: list[int | bytes] = field(default_factory=list)
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?of=turbo"

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies]

    async def serve(self, tls: ssl.SSLContext | None) -> asyncio.Server:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0, ssl=tls)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, EOFError):
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines if line)
            self.heads.append({"": first, **headers})
            self.bodies.append(await reader.readexactly(int(headers["Content-Length"])))
            writer.write(self._answer())
            await writer.drain()
        writer.close()

    def _answer(self) -> bytes:
        answer = self.answers.pop(0) if self.answers else 204
        return answer if isinstance(answer, bytes) else f"HTTP/1.1 {answer} So\r\ncontent-length: 0\r\n\r\n".encode()


@contextlib.contextmanager
def receiver(tls: ssl.SSLContext | None = None, *answers: int | bytes) -> Iterator[Receiver]:
    somebody = Receiver(list(answers))
    with in_a_thread(lambda: somebody.serve(tls), "receiver"):
        yield somebody
