"""The MCP stdio loop: lines in, lines out, threads and no asyncio. Nothing heavy is imported before it has answered."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # signal itself would import enum
import os
import select
import sys
from _thread import allocate_lock  # threading would be a fifth of the time to the first answer

from turbo_client.proxy import Proxy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_LINE = 32 * 1024 * 1024
GRACE_SECONDS = 1.5  # shorter than the two seconds after which clients kill
_CHUNK = 65536


def serve() -> int:
    """Runs until the client closes our stdin or its end of our stdout, and then ends the process itself.

    Threads may still wait for the server or the keyring: interpreter shutdown would wait for them in turn.
    """
    output = _Output()
    proxy = Proxy(output.send)
    before = _signal.signal(_signal.SIGTERM, _stop)
    signals = _signal_pipe()
    is_told = False
    try:
        for line in _lines(output.descriptor, signals, proxy):
            if line is None:
                proxy.refuse_long_line(LONGEST_LINE)
            else:
                proxy.receive(line)
        proxy.close(GRACE_SECONDS)
    except (KeyboardInterrupt, _ClientGone):
        pass
    except _Stopped:
        is_told = True
    _signal.signal(_signal.SIGTERM, before)
    proxy.let_go(GRACE_SECONDS)
    if is_told:
        os.kill(os.getpid(), _signal.SIGTERM)  # and ends as everything does that is told to
    _leave()
    return 0


class _Stopped(BaseException):
    """SIGTERM: no request's failure, and not to be taken for one."""


def _signal_pipe() -> int:
    """Where the number of every signal arrives. What a handler raises is lost where Python runs it inside of a callback
    of its own, such as an import's; this is not."""
    ours, pythons = os.pipe()
    os.set_blocking(pythons, False)
    _signal.set_wakeup_fd(pythons)
    return ours


def _stop(_signal_number: int, _frame: object) -> None:
    raise _Stopped


class _ClientGone(Exception):
    """Nobody reads what we write."""


class _Output:
    """The one way to the client's pipe. File descriptor 1 itself leads to stderr from here on, for stray prints."""

    def __init__(self) -> None:
        self.descriptor = os.dup(1)
        os.dup2(2, 1)
        self._lock = allocate_lock()

    def send(self, line: bytes) -> None:
        """The whole line before any other; ends the process when nobody reads it any more."""
        with self._lock:
            rest = memoryview(line)
            try:
                while rest:
                    rest = rest[os.write(self.descriptor, rest) :]
            except OSError:
                _leave()


def _lines(output: int, signals: int, proxy: Proxy) -> Iterator[bytes | None]:
    """Every line that is not blank; None for one that is longer than LONGEST_LINE, which is not kept."""
    parts: list[bytes] = []
    size = 0
    while chunk := _read(output, signals, proxy):
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            size += len(end)
            yield from _complete(parts, end, size)
            parts, size = [], 0
        size += len(rest)
        if rest and size <= LONGEST_LINE:
            parts.append(rest)
        elif size > LONGEST_LINE:
            parts = []
    yield from _complete(parts, b"", size)


def _complete(parts: list[bytes], end: bytes, size: int) -> Iterator[bytes | None]:
    if size > LONGEST_LINE:
        yield None
    elif line := b"".join((*parts, end)).strip():
        yield line


def _read(output: int, signals: int, proxy: Proxy) -> bytes:
    """The next bytes of stdin, b"" at its end. Raises _ClientGone when the other end of our output is closed, and for a
    signal what its handler does.

    While there are none, the proxy warms up. Without poll nobody knows whether there are any: then it does so at once.
    """
    if not hasattr(select, "poll"):
        if proxy.silence_ms is not None:
            proxy.warm_up()
        return os.read(0, _CHUNK)
    poll = select.poll()
    poll.register(0, select.POLLIN)
    poll.register(output, 0)
    poll.register(signals, select.POLLIN)
    events = poll.poll(proxy.silence_ms)
    if not events:
        proxy.warm_up()
        events = poll.poll()
    ready = [descriptor for descriptor, _ in events]
    if output in ready:
        raise _ClientGone
    if signals in ready:
        raise KeyboardInterrupt if os.read(signals, 1)[0] == _signal.SIGINT else _Stopped
    return os.read(0, _CHUNK)


def _leave() -> None:
    try:
        sys.stderr.flush()
    finally:
        os._exit(0)
