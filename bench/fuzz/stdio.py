"""`--stdio`: anything at all on the stdin of turbo-client; it must live, answer in time, and leave in time."""

import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.process import clean_environment
from tests.client.session import Session

LIMIT_SECONDS = 1.0
METHODS = ("ping", "initialize", "tools/list", "tools/call", "prompts/list", "notifications/cancelled", "x", "", "\x00")
IDS = ('"a"', "1", "null", "-1", "1e999", '"\\ud800"', "[]", "{}", "true", "9" * 400, '""', '"\\u0000"')
VALUES = (
    "{}",
    "[]",
    "null",
    '"\\ud800\\udfff"',
    '{"name":"\\udc80","arguments":{}}',
    '{"name":7}',
    "1e999",
    '{"_meta":0}',
)


@dataclass
class Stdio:
    lines: int = 0
    slowest: float = 0.0
    slowest_line: bytes = b""
    leaving: float = 0.0
    code: int = -1

    @property
    def is_fine(self) -> bool:
        return self.code == 0 and self.slowest < LIMIT_SECONDS and self.leaving < LIMIT_SECONDS

    def told(self) -> str:
        return (
            f"{self.lines:,} lines; the slowest answered after {self.slowest * 1000:.0f} ms "
            f"({self.slowest_line[:40]!r}, {len(self.slowest_line):,} bytes); after the end of stdin gone in "
            f"{self.leaving * 1000:.0f} ms with {self.code}"
        )


def torment(home: Path, lines: int, seed: int) -> Stdio:
    """Every line is followed by a ping. What is no line of JSON on stdout, or no answer, raises AssertionError."""
    found = Stdio()
    with Session(clean_environment(home)) as session:
        assert session.result("ping") == {}  # started
        for line in lines_of(random.Random(seed), lines):
            _send(session, line, found)
        started = time.monotonic()
        found.code = session.close()
        found.leaving = time.monotonic() - started
        assert len(session.lines) == len(session.received), "a line on stdout that is no JSON"
        assert all(message["jsonrpc"] == "2.0" for message in session.received)
    return found


def _send(session: Session, line: bytes, found: Stdio) -> None:
    number = f"alive {found.lines}"
    ping = json.dumps({"jsonrpc": "2.0", "id": number, "method": "ping"}).encode()
    started = time.monotonic()
    session.send(line + b"\n" + ping + b"\n")
    assert session.answer_to(number)["result"] == {}
    took = time.monotonic() - started
    if took > found.slowest:
        found.slowest, found.slowest_line = took, line
    found.lines += 1
    if len(session.received) > 500:  # each answer is looked for among all that came
        del session.received[:], session.lines[:]


def lines_of(draw: random.Random, count: int) -> Iterator[bytes]:
    """The large ones first, then as many small ones as wanted."""
    yield from (
        b"x" * 10_000_000,
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"' + b"y" * 10_000_000 + b'"}}',
    )
    for depth in (100, 1_000, 10_000, 100_000):
        yield b"[" * depth
        yield b'{"a":' * depth + b"1" + b"}" * depth
        yield b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":' + b"[" * depth + b"]" * depth + b"}}"
    yield from (b"\xff" * 1000, b'"\xed\xa0\x80"', b"\x00" * 1000, b'{"jsonrpc":"2.0","id":"\xc3\x28","method":"ping"}')
    for _ in range(count):
        yield draw.choice((_noise, _message, _spoiled))(draw).replace(b"\n", b" ").replace(b"\r", b" ")


def _noise(draw: random.Random) -> bytes:
    return draw.randbytes(draw.randrange(400))


def _message(draw: random.Random) -> bytes:
    parts = {
        "jsonrpc": draw.choice(('"2.0"', '"1.0"', "2")), "id": draw.choice(IDS),
        "method": json.dumps(draw.choice(METHODS)), "params": draw.choice(VALUES),
    }  # fmt: skip
    kept = [f'"{name}":{value}' for name, value in parts.items() if draw.random() < 0.9]
    return ("{" + ",".join(kept) + "}").encode()


def _spoiled(draw: random.Random) -> bytes:
    line = bytearray(_message(draw))
    for _ in range(draw.randint(1, 6)):
        line[draw.randrange(len(line))] = draw.randrange(256)
    return bytes(line)
