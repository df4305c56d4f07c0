"""A line to Postgres that can be cut in all the ways a network cuts one. Runs in a thread of its own."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from tests.thread_server import abort, in_a_thread

_COMMIT = b"Q\x00\x00\x00\x0bcommit\x00"


class Cut(StrEnum):
    BEFORE_COMMIT = "the connection breaks before the COMMIT arrives"
    AFTER_COMMIT = "it arrives, and the connection breaks before the answer"
    SILENT_AFTER_COMMIT = "it arrives, and the answer never does"


@dataclass
class Relay:
    """`mute`: whatever is open stays open, and nothing comes through; `refuses`: nor does anything new."""

    server: str  # the path of Postgres' socket
    port: int = 0
    mute: bool = False
    refuses: bool = False
    commits: list[Cut | None] = field(default_factory=list)  # what befalls the next ones, in turn
    opened: int = 0
    swallowed: int = 0  # what was said into a silent line
    _open: set["_Line"] = field(default_factory=set)

    def silence(self) -> None:
        """Those that are open now say no more: as after a resumed machine, or behind a firewall that forgot them."""
        for line in set(self._open):
            line.mute = True

    def reset(self) -> None:
        for line in set(self._open):
            self.loop.call_soon_threadsafe(line.break_off)

    @property
    def lines(self) -> int:
        return len(self._open)

    async def serve(self) -> asyncio.Server:
        self.loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        if self.refuses:
            writer.transport.abort()
            return
        there, back = await asyncio.open_unix_connection(self.server)
        line = _Line(self, writer, back)
        self._open.add(line)
        try:
            await asyncio.gather(line.carry_up(reader), line.carry_down(there))
        except OSError:
            pass
        finally:
            self._open.discard(line)
            line.break_off()


@dataclass(eq=False)
class _Line:
    relay: Relay
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    mute: bool = False
    deaf: bool = False

    async def carry_up(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            if self.mute or self.relay.mute:
                self.relay.swallowed += 1
                continue
            if data == _COMMIT and self.relay.commits:
                self._meet(self.relay.commits.pop(0))
            self.server.write(data)
        self.server.close()

    def _meet(self, cut: Cut | None) -> None:
        if cut is Cut.BEFORE_COMMIT:
            self.break_off()
            raise ConnectionResetError
        self.deaf = cut is not None
        self.mute = cut is Cut.SILENT_AFTER_COMMIT

    async def carry_down(self, reader: asyncio.StreamReader) -> None:
        while data := await reader.read(65536):
            if self.deaf and not self.mute:
                self.break_off()
                return
            if not (self.mute or self.relay.mute):
                self.client.write(data)
        self.client.close()

    def break_off(self) -> None:
        abort(self.client)
        self.server.close()


@contextlib.contextmanager
def relayed(url: str) -> Iterator[tuple[Relay, str]]:
    """For a database behind a Unix socket, as the tests' own has it: the line, and the URL that goes through it."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query)["host"][0]
    relay = Relay(f"{folder}/.s.PGSQL.5432")
    with in_a_thread(relay.serve, "relay"):
        query = urlencode({"sslmode": "disable"})
        through = parts._replace(netloc=f"{parts.username}@127.0.0.1:{relay.port}", query=query)
        yield relay, urlunsplit(through)
