"""What the server holds for a session: signs of life while the process lives, and a word at its end."""

import signal
import subprocess
import sys
import threading
import time
import uuid
from subprocess import PIPE

import pytest

from tests.client.conftest import Environment, OpenSession
from tests.client.session import Session
from tests.client.stand_in import Reply, StandIn, error

LEASES = "/v1/leases"
CALL = "/v1/tools/write_it"


def held(seconds: int) -> Reply:
    return Reply(body={}, headers={"Turbo-Lease": str(seconds)})


def told(backend: StandIn) -> list[str]:
    return [seen.method for seen in backend.seen if seen.path == LEASES]


def test_every_third_of_the_lease_a_sign_of_life_is_given(session: Session, backend: StandIn) -> None:
    backend.replies |= {CALL: held(1), LEASES: held(1)}
    session.call("write_it")
    third = backend.wait_for(LEASES, 3)
    assert (third.method, third.headers["turbo-session"]) == ("POST", backend.calls()[0].headers["turbo-session"])


def test_signs_of_life_end_when_nothing_is_held_any_more(session: Session, backend: StandIn) -> None:
    backend.replies |= {CALL: held(1), LEASES: held(0)}
    session.call("write_it")
    backend.wait_for(LEASES)
    session.call("read_it")
    assert session.close() == 0
    assert told(backend) == ["POST"]


def test_a_server_that_is_away_for_a_while_is_told_again(session: Session, backend: StandIn) -> None:
    answers = [error(500, "internal_error", "Broken."), held(1)]
    backend.replies |= {CALL: held(1), LEASES: lambda _seen: answers.pop(0) if answers else held(1)}
    session.call("write_it")
    backend.wait_for(LEASES, 3)


def test_a_session_that_held_nothing_says_nothing_at_its_end(session: Session, backend: StandIn) -> None:
    session.call("write_it")
    started = time.monotonic()
    assert session.close() == 0
    assert time.monotonic() - started < 1
    assert told(backend) == []


def test_what_the_answer_gave_back_is_not_given_back_again(session: Session, backend: StandIn) -> None:
    backend.replies[CALL] = held(900)
    session.call("write_it")
    backend.replies[CALL] = held(0)
    session.call("write_it")
    session.close()
    assert told(backend) == []


def test_the_end_of_stdin_lets_go(session: Session, backend: StandIn) -> None:
    backend.replies[CALL] = held(900)
    session.call("write_it")
    assert session.close() == 0
    assert told(backend) == ["DELETE"]


@pytest.mark.parametrize(("signal_number", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGINT, 0)])
def test_a_process_that_is_told_to_end_lets_go_first(
    session: Session, backend: StandIn, signal_number: signal.Signals, code: int
) -> None:
    backend.replies[CALL] = held(900)
    session.call("write_it")
    session.process.send_signal(signal_number)
    assert session.process.wait(20) == code
    assert told(backend) == ["DELETE"]


def test_a_signal_ends_it_even_where_what_its_handler_raises_is_lost(environment: Environment) -> None:
    """As it is in the middle of an import, for one."""
    program = "import turbo_client.stdio as stdio; stdio._stop = lambda *_: None; stdio.serve()"
    with subprocess.Popen([sys.executable, "-c", program], stdin=PIPE, stdout=PIPE, env=environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == -signal.SIGTERM


def test_a_server_that_does_not_answer_delays_the_end_by_no_more_than_the_grace(
    session: Session, backend: StandIn
) -> None:
    backend.replies |= {CALL: held(900), LEASES: Reply(gate=threading.Event())}
    session.call("write_it")
    started = time.monotonic()
    assert session.close() == 0
    assert time.monotonic() - started < 2


def test_without_claude_code_a_process_has_a_session_of_its_own(
    open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    for _ in range(2):
        session = open_session(logged_in)
        session.call("write_it")
        session.call("write_it")
    names = [seen.headers["turbo-session"] for seen in backend.calls()]
    assert names[0] == names[1] != names[2] == names[3]
    assert all(uuid.UUID(name).version == 4 for name in names)


@pytest.mark.parametrize("value", ["", "-1", "soon", "1.5", "9" * 40])
def test_a_header_that_is_no_number_of_seconds_does_no_harm(session: Session, backend: StandIn, value: str) -> None:
    backend.replies[CALL] = Reply(body={}, headers={"Turbo-Lease": value})
    assert session.call("write_it")["isError"] is False
    assert session.close() == 0
