"""Stands between clients and servers, and breaks a share of what goes through: each fault by a seeded draw."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tests.thread_server import abort, in_a_thread

LONGEST_MUTE = 30.0  # longer than a client waits for one attempt
_BODY_LIMIT = 4 * 1024 * 1024


class Fault(StrEnum):
    RESET_BEFORE = "reset before it was sent on"
    RESET_AFTER = "reset after it was answered"
    TRUNCATED = "truncated answer"
    BUSY = "503"
    TOO_MANY = "429"
    DELAY = "delay"
    LOST = "lost reply: hung up"
    MUTE = "lost reply: silence"
    DOUBLED = "delivered twice"


# Silence costs the client its whole patience for one attempt, so it comes more rarely.
WEIGHTS = dict.fromkeys(Fault, 4) | {Fault.MUTE: 1}


@dataclass
class Message:
    """A request or an answer: its head with the blank line, and its body."""

    head: bytes
    body: bytes

    @property
    def whole(self) -> bytes:
        return self.head + self.body


@dataclass
class FaultProxy:
    """`share` of all requests meet a fault. Without keys the servers never see an Idempotency-Key."""

    servers: Sequence[int]
    seed: int
    share: float = 0.1
    strips_keys: bool = False
    given: Counter[Fault] = field(default_factory=Counter)
    requests: int = 0
    replayed: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed)

    async def serve(self) -> asyncio.Server:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=_BODY_LIMIT)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while (request := await _read_request(reader)) is not None:
                if not await self._pass_on(request, writer):
                    break
        _reset(writer)

    async def _pass_on(self, request: Message, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""
        self.requests += 1
        fault = self._drawn()
        if self.strips_keys:
            request.head = _without_key(request.head)
        if fault in (Fault.BUSY, Fault.TOO_MANY):
            writer.write(_refusal(fault, self._draw.random() < 0.5))
            return True
        if fault is Fault.RESET_BEFORE:
            return False
        if fault is Fault.DELAY:
            await asyncio.sleep(self._draw.uniform(0.05, 0.5))
        answer = await self._answer(request, twice=fault is Fault.DOUBLED)
        self.replayed += b"idempotent-replayed: true" in answer.head.lower()
        return await self._reply(answer, fault, writer)

    async def _reply(self, answer: Message, fault: Fault | None, writer: asyncio.StreamWriter) -> bool:
        match fault:
            case Fault.RESET_AFTER:
                return False
            case Fault.TRUNCATED:
                whole = answer.whole
                writer.write(whole[: self._draw.randrange(1, len(whole))])
                await writer.drain()
                writer.close()
                return False
            case Fault.LOST:
                writer.close()
                return False
            case Fault.MUTE:
                await asyncio.sleep(LONGEST_MUTE)
                return False
        writer.write(answer.whole)
        await writer.drain()
        return True

    async def _answer(self, request: Message, *, twice: bool) -> Message:
        """Of one server; doubled, the other delivery goes to another server where there is one."""
        first = self._draw.randrange(len(self.servers))
        chosen = [first, (first + 1) % len(self.servers)] if twice else [first]
        answers = await asyncio.gather(
            *(_exchange(self.servers[each], request) for each in chosen), return_exceptions=True
        )
        for answer in answers:
            if isinstance(answer, Message):
                return answer
        raise ConnectionResetError  # as when the server's machine goes away

    def _drawn(self) -> Fault | None:
        if self._draw.random() >= self.share:
            return None
        (fault,) = self._draw.choices(list(WEIGHTS), list(WEIGHTS.values()))
        self.given[fault] += 1
        return fault


@contextlib.contextmanager
def running(proxy: FaultProxy) -> Iterator[FaultProxy]:
    """In a thread with a loop of its own."""
    with in_a_thread(proxy.serve, "fault proxy"):
        yield proxy


async def _exchange(port: int, request: Message) -> Message:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_BODY_LIMIT)
    try:
        writer.write(request.whole)
        return await _read_message(reader)
    finally:
        writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Message | None:
    """None at the end of the connection."""
    try:
        return await _read_message(reader)
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise
        return None


async def _read_message(reader: asyncio.StreamReader) -> Message:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (int(line.split(b":", 1)[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
    )
    is_empty = head.startswith(b"HTTP/1.1 304")
    return Message(head, b"" if is_empty else await reader.readexactly(length))


def _without_key(head: bytes) -> bytes:
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(b"idempotency-key:"))


def _refusal(fault: Fault, says_when: bool) -> bytes:
    """As something in front of the server gives it: a page, with or without the time to come back."""
    status = "503 Service Unavailable" if fault is Fault.BUSY else "429 Too Many Requests"
    when = "Retry-After: 0\r\n" if says_when or fault is Fault.TOO_MANY else ""
    return f"HTTP/1.1 {status}\r\n{when}Content-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>".encode()


def _reset(writer: asyncio.StreamWriter) -> None:
    """By RST, unless it is closed in order already."""
    if writer.get_extra_info("socket") is not None and not writer.is_closing():
        abort(writer)
