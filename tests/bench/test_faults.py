"""The proof proves something: each fault is what its name says, kills are spread over the run, a verdict finds harm."""

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from bench.faults.__main__ import main
from bench.faults.play import POSTGRES, SERVER, planned
from bench.faults.proxy import Fault, FaultProxy, running
from bench.faults.verdict import Verdict, judge
from bench.faults.writers import CREATE, LOG, Ledger, Write
from tests.server.harness import Turbo

ANSWER = b'{"key": "RED-1"}'


class Server:
    """Counts what reaches it."""

    def __init__(self) -> None:
        self.seen: list[dict[str, str]] = []
        ours = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                ours.seen.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(200)
                self.send_header("Content-Length", str(len(ANSWER)))
                self.end_headers()
                self.wfile.write(ANSWER)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.http.shutdown()
    server.http.server_close()


def meet(
    server: Server, fault: Fault | None, monkeypatch: pytest.MonkeyPatch, *, strips_keys: bool = False
) -> httpx.Response:
    proxy = FaultProxy([server.http.server_port], seed=1, strips_keys=strips_keys)
    monkeypatch.setattr(proxy, "_drawn", lambda: fault)
    with running(proxy):
        headers = {"Idempotency-Key": "k1"}
        return httpx.post(f"http://127.0.0.1:{proxy.port}/v1/tools/x", json={}, headers=headers, timeout=1)


@pytest.mark.parametrize(
    ("fault", "reached"),
    [(Fault.RESET_BEFORE, 0), (Fault.RESET_AFTER, 1), (Fault.TRUNCATED, 1), (Fault.LOST, 1), (Fault.MUTE, 1)],
)
def test_an_answer_is_lost_before_or_after_the_server_was_reached(
    server: Server, fault: Fault, reached: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(httpx.TransportError):
        meet(server, fault, monkeypatch)
    assert len(server.seen) == reached


@pytest.mark.parametrize(
    ("fault", "status", "reached"),
    [(None, 200, 1), (Fault.DELAY, 200, 1), (Fault.DOUBLED, 200, 2), (Fault.BUSY, 503, 0), (Fault.TOO_MANY, 429, 0)],
)
def test_an_answer_comes_although(
    server: Server, fault: Fault | None, status: int, reached: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = meet(server, fault, monkeypatch)
    assert (answer.status_code, len(server.seen)) == (status, reached)
    assert all(headers["idempotency-key"] == "k1" for headers in server.seen)


def test_the_control_run_takes_the_key_away(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    assert meet(server, None, monkeypatch, strips_keys=True).content == ANSWER
    assert "idempotency-key" not in server.seen[0]


def draw(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a seed is the point


def test_kills_are_spread_over_the_run_and_follow_from_the_seed() -> None:
    kills = planned(draw(7), SERVER, 6, 6000)
    assert [kill.at // 1000 for kill in kills] == [0, 1, 2, 3, 4, 5]
    assert kills == planned(draw(7), SERVER, 6, 6000)
    assert kills != planned(draw(8), SERVER, 6, 6000)
    assert planned(draw(7), POSTGRES, 0, 100) == []


def test_a_write_that_was_not_saved_is_called_again() -> None:
    ledger = Ledger([])
    for said in ("Away.\nNOT saved.", "It broke.\nUnknown whether this was saved: look it up."):
        ledger.settle(Write(1, CREATE, "RED"), {"isError": True, "content": [{"text": said}]})
    ledger.settle(Write(2, CREATE, "RED"), {"isError": False, "content": [{"text": ANSWER.decode()}]})
    assert (len(ledger.left), len(ledger.unknown), [write.key for write in ledger.saved]) == (1, 1, ["RED-1"])


def test_the_verdict_finds_what_is_lost_doubled_or_missing(database_url: str) -> None:
    with Turbo(database_url) as turbo:
        turbo.call("create_project", key="RED", name="Red")
        for title in ("write 1", "write 2", "write 2"):
            turbo.call("create_issue", project="RED", title=title)
        turbo.call("log_work", project="RED", text="write 3")
        saved = [
            Write(1, CREATE, "RED", "RED-1"),
            Write(2, CREATE, "RED", "RED-1"),
            Write(3, LOG, "RED"),
            Write(4, LOG, "RED"),
        ]
    found = judge(database_url, saved)
    assert found == Verdict(lost=1, elsewhere=1, doubled=1, gaps=0, events_off=0, claims_left=0)
    assert not found.is_clean


@pytest.mark.slow
@pytest.mark.parametrize("words", [["--servers", "2"], ["--database", "sqlite"], ["--without-keys"]])
def test_a_short_run_ends_well(words: list[str]) -> None:
    assert main(["--writes", "400", "--kills", "1", "--clients", "2", "--seed", "3", *words]) == 0
