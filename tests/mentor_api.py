"""A stand-in of Anthropic's Messages API on loopback: its streaming format, its errors, and what networks do to it.

What it answers is scripted by words of the question. Of a request it refuses what the real one refuses.
"""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.mentor_replies import Reply, says
from tests.mentor_requests import Refusal, Sent, prompt_usage, require_valid
from tests.thread_server import abort, in_a_thread

KEY = "sk-ant-api03-" + "stand-in" * 4
END = b"0\r\n\r\n"


@dataclass
class MentorApi:
    """`requests` is what it was sent, in order; those with a wrong key as well."""

    origin: str = ""
    requests: list[Sent] = field(default_factory=list)
    key: str = KEY
    open_streams: int = 0
    most_at_once: int = 0
    _scripts: dict[str, list[Reply]] = field(default_factory=dict)
    _cached: set[str] = field(default_factory=set)

    def reset(self) -> None:
        """As new, but for what is under way."""
        self.requests.clear()
        self._scripts.clear()
        self._cached.clear()
        self.most_at_once = 0

    def script(self, words: str, *replies: Reply) -> None:
        """For questions with these words: used up one a request, but for the last."""
        self._scripts[words] = list(replies)

    def asked(self, words: str = "") -> list[Sent]:
        return [sent for sent in self.requests if words in sent.question]

    def reply_to(self, sent: Sent) -> Reply:
        for words, replies in self._scripts.items():
            if words in sent.question:
                return replies.pop(0) if len(replies) > 1 else replies[0]
        return says(f"Answer to: {sent.question[-200:]}")

    def usage_of(self, sent: Sent) -> dict[str, int]:
        return prompt_usage(sent.body, self._cached)


@contextlib.contextmanager
def mentor_api(key: str = KEY) -> Iterator[MentorApi]:
    api = MentorApi(key=key)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        api.origin = f"http://127.0.0.1:{listening.getsockname()[1]}"

        async def serve() -> asyncio.Server:
            return await asyncio.start_server(_Connection(api).serve, sock=listening, backlog=1024)

        with in_a_thread(serve, "mentor-api"):
            yield api


class _Connection:
    def __init__(self, api: MentorApi) -> None:
        self._api = api

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while sent := await _read(reader):
                self._api.requests.append(sent)
                if not await self._answer(sent, reader, writer):
                    break
        writer.close()

    async def _answer(self, sent: Sent, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on."""
        try:
            require_valid(sent, self._api.key)
            reply = self._api.reply_to(sent)
            if reply.error is not None:
                raise reply.error
        except Refusal as refusal:
            writer.write(_plain(refusal))
            await writer.drain()
            return True
        await self._stream(sent, reply, writer)
        return await _end(reply, reader, writer)

    async def _stream(self, sent: Sent, reply: Reply, writer: asyncio.StreamWriter) -> None:
        api = self._api
        api.open_streams += 1
        api.most_at_once = max(api.most_at_once, api.open_streams)
        try:
            writer.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nrequest-id: req_stand_in\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n"
            )
            async for event in _events(reply, sent.body["model"], api.usage_of(sent)):
                writer.write(_chunk(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()))
                await writer.drain()
        finally:
            api.open_streams -= 1


async def _end(reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    if reply.ending == "cut":
        abort(writer)
        return False
    if reply.ending == "mute":
        await reader.read()  # until the client has had enough
        return False
    writer.write(END)
    await writer.drain()
    return True


async def _read(reader: asyncio.StreamReader) -> Sent | None:
    """None where the client hung up."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    line, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Sent(line, headers, json.loads(body or b"{}"))


def _plain(refusal: Refusal) -> bytes:
    envelope = {"type": "error", "error": {"type": refusal.type, "message": refusal.message}, "request_id": "req_x"}
    body = json.dumps(envelope).encode()
    head = [f"HTTP/1.1 {refusal.status} Refused", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines = [*head, *(f"{name}: {value}" for name, value in refusal.headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


async def _events(reply: Reply, model: str, usage: dict[str, int]) -> AsyncIterator[dict[str, Any]]:
    """Up to where the reply breaks off."""
    message = {"id": "msg_01", "type": "message", "role": "assistant", "model": model, "content": []}
    ends = {"stop_reason": None, "stop_sequence": None}
    yield {"type": "message_start", "message": {**message, **ends, "usage": {**usage, "output_tokens": 1}}}
    yield {"type": "ping"}
    for index, block in enumerate(reply.blocks):
        yield {"type": "content_block_start", "index": index, "content_block": block.begun}
        for delta in block.deltas:
            yield {"type": "content_block_delta", "index": index, "delta": delta}
            while reply.gate is not None and not reply.gate.is_set():  # noqa: ASYNC110 - set from another thread
                await asyncio.sleep(0.005)
        if reply.ending == "error":
            error = {"type": reply.error_type, "message": "Overloaded"}
            yield {"type": "error", "error": error, "request_id": "req_x"}
            return
        if reply.ending != "whole":
            return
        yield {"type": "content_block_stop", "index": index}
    delta = {"stop_reason": reply.stop_reason, "stop_sequence": None, "stop_details": reply.stop_details}
    yield {"type": "message_delta", "delta": delta, "usage": {"output_tokens": reply.output_tokens}}
    yield {"type": "message_stop"}
