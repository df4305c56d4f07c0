"""A write of unknown outcome is sent again where the server does it once: with the same key, until it is answered."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from tests.client.conftest import Environment
from tests.client.session import Session
from tests.client.stand_in import Reply, Seen, StandIn, error, make_key, reset
from turbo_client import backend as backend_module
from turbo_client.alarms import Alarms
from turbo_client.answers import Answer
from turbo_client.attempts import Attempts, pause
from turbo_client.backend import Backend, Request
from turbo_client.errors import CallCancelled, CallFailed, NotReached, OutcomeUnknown, Refused
from turbo_client.hangup import CANCELLED, Hangup

CALL = "/v1/tools/write_it"
DONE = Reply(body={"key": "TURBO-1"})
IN_PROGRESS = error(409, "idempotency_key_in_use", "It is still being worked on.", Retry_After="0")


def truncate(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{")


UNKNOWN = [
    Reply(raw=reset),
    Reply(raw=truncate),
    Reply(raw=lambda connection: connection.sendall(b"\x00\x01garbage\r\n\r\n")),
    Reply(502, b"<html>gateway</html>"),
    Reply(503, b""),
    Reply(504, b""),
    error(503, "database_unavailable", "Away.", Retry_After="0"),
    error(503, "outcome_unknown", "Gone while it saved.", Retry_After="0"),
    error(502, "bad_gateway", "Away."),
    IN_PROGRESS,
]


@pytest.fixture
def keeper(backend: StandIn) -> StandIn:
    """A server that does calls with a key once."""
    backend.promises = True
    return backend


def a_write() -> Request:
    return Request("POST", CALL, headers={"Idempotency-Key": "k1"}, body=b"{}", reads=False)


def ask(origin: str, seconds: float = 20.0, hangup: Hangup | None = None) -> Answer:
    with closing(Backend(origin, Alarms(), total_seconds=seconds)) as backend:
        return backend.ask(a_write(), make_key(), hangup)


def in_turn(*replies: Reply) -> Callable[[Seen], Reply]:
    """The last one for ever."""
    left = list(replies)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


def failure(origin: str, seconds: float = 20.0) -> CallFailed:
    with pytest.raises(CallFailed) as caught:
        ask(origin, seconds)
    return caught.value


@pytest.mark.parametrize("lost", UNKNOWN, ids=lambda reply: f"{reply.status}{'raw' if reply.raw else ''}")
def test_a_lost_answer_is_asked_for_again_with_the_same_key(keeper: StandIn, lost: Reply) -> None:
    keeper.replies[CALL] = in_turn(lost, lost, DONE)
    assert ask(keeper.origin).json_object() == {"key": "TURBO-1"}
    calls = keeper.calls("write_it")
    assert len(calls) == 3
    assert {(seen.headers["idempotency-key"], seen.body) for seen in calls} == {("k1", b"{}")}


def test_an_answer_that_never_comes_is_asked_for_again(keeper: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_module, "ATTEMPT_SECONDS", 0.3)
    keeper.replies[CALL] = in_turn(Reply(gate=threading.Event()), DONE)
    assert ask(keeper.origin).status == 200


def test_a_server_that_never_promised_gets_no_write_twice(backend: StandIn) -> None:
    backend.replies[CALL] = Reply(raw=reset)
    assert isinstance(failure(backend.origin), OutcomeUnknown)
    assert [seen.path for seen in backend.seen] == [CALL, "/health"]


def test_the_promise_counts_no_more_once_answers_come_without_it(backend: StandIn) -> None:
    """The server was put back to an older version."""
    backend.promises = True
    with closing(Backend(backend.origin, Alarms())) as ours:
        ours.ask(a_write(), make_key())
        backend.promises = False
        ours.ask(a_write(), make_key())
        backend.replies[CALL] = Reply(raw=reset)
        with pytest.raises(OutcomeUnknown):
            ours.ask(a_write(), make_key())
    assert len(backend.calls("write_it")) == 3


def test_a_promise_that_cannot_be_asked_for_at_once_is_asked_for_again(keeper: StandIn) -> None:
    keeper.replies[CALL] = in_turn(Reply(raw=reset), DONE)
    busy = Reply(429, b""), Reply(503, b""), Reply(raw=reset)
    keeper.promises = False  # what stands in between answers without the server's header
    keeper.replies["/health"] = in_turn(*busy, Reply(body={"status": "ok"}, headers={"Turbo-Idempotency": "60"}))
    assert ask(keeper.origin).status == 200


def test_a_write_without_a_key_is_sent_once(keeper: StandIn) -> None:
    keeper.replies[CALL] = Reply(raw=reset)
    request = Request("POST", CALL, body=b"{}", reads=False)
    with closing(Backend(keeper.origin, Alarms())) as ours, pytest.raises(OutcomeUnknown):
        ours.ask(request, make_key())
    assert len(keeper.calls("write_it")) == 1


@pytest.mark.parametrize("reply", [error(500, "internal_error", "Sorry."), Reply(500, b""), Reply(501, b"")])
def test_a_defect_is_not_asked_for_again(keeper: StandIn, reply: Reply) -> None:
    keeper.replies[CALL] = reply
    assert isinstance(failure(keeper.origin), OutcomeUnknown)
    assert len(keeper.calls("write_it")) == 1


def test_a_server_that_is_too_busy_gets_the_write_when_it_said(keeper: StandIn) -> None:
    busy = error(429, "too_many", "Slow down.", Retry_After="0")
    keeper.replies[CALL] = in_turn(busy, busy, DONE)
    assert ask(keeper.origin).status == 200


def test_a_refusal_after_a_lost_answer_is_the_answer(keeper: StandIn) -> None:
    keeper.replies[CALL] = in_turn(Reply(raw=reset), error(404, "project_not_found", "There is no project."))
    refused = failure(keeper.origin)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.certain) == ("project_not_found", True)


@pytest.mark.parametrize(
    "last", [error(401, "unauthenticated", "No."), error(403, "forbidden", "No."), error(500, "internal_error", "No.")]
)
def test_an_answer_from_before_the_key_was_looked_at_leaves_a_lost_one_unknown(keeper: StandIn, last: Reply) -> None:
    keeper.replies[CALL] = in_turn(Reply(raw=reset), last)
    assert not failure(keeper.origin).certain


def test_a_server_that_goes_away_leaves_a_lost_answer_unknown(backend: StandIn) -> None:
    """That the second attempt reached nobody says nothing about the first."""
    attempts = Attempts(a_write())
    broke = OutcomeUnknown("It broke.", "", passing=True)
    gone = NotReached("Nobody there.", "")
    assert attempts.pause_after(broke) is not None
    for _ in range(20):
        assert attempts.pause_after(gone) is not None
    assert attempts.outcome(gone).message == "It broke."
    assert not attempts.outcome(gone).certain


def test_when_the_time_is_up_the_outcome_is_unknown(keeper: StandIn) -> None:
    keeper.replies[CALL] = Reply(raw=reset)
    started = time.monotonic()
    unknown = failure(keeper.origin, 1.5)
    assert 1.4 < time.monotonic() - started < 4
    assert isinstance(unknown, OutcomeUnknown)
    sent = len(keeper.calls("write_it"))
    assert 2 < sent < 10
    assert f"sent {sent} times" in unknown.text


def test_a_call_that_is_still_worked_on_when_the_time_is_up_is_unknown(keeper: StandIn) -> None:
    keeper.replies[CALL] = IN_PROGRESS
    assert not failure(keeper.origin, 1.0).certain


def test_a_cancelled_call_is_not_sent_again(keeper: StandIn) -> None:
    keeper.replies[CALL] = error(503, "busy", "Busy.", Retry_After="30")
    hangup = Hangup()

    def cancel() -> None:
        keeper.wait_for(CALL)
        hangup.cut(CANCELLED)

    threading.Thread(target=cancel).start()
    with pytest.raises(CallCancelled):
        ask(keeper.origin, hangup=hangup)
    assert len(keeper.calls("write_it")) == 1


def test_pauses_grow_and_are_never_the_same_for_all() -> None:
    for attempt, longest in enumerate((0.25, 0.5, 1, 2, 4, 8, 8, 8)):
        taken = {pause(attempt) for _ in range(50)}
        assert all(longest / 2 <= each <= longest for each in taken)
        assert len(taken) > 10


def test_a_session_is_told_nothing_of_an_answer_that_was_given_before(keeper: StandIn, session: Session) -> None:
    again = Reply(body={"key": "TURBO-1"}, headers={"Idempotent-Replayed": "true"})
    keeper.replies[CALL] = in_turn(Reply(raw=reset), again)
    result = session.call("write_it", {"text": "x"})
    assert result == {
        "content": [{"type": "text", "text": '{"key": "TURBO-1"}'}],
        "isError": False,
        "structuredContent": {"key": "TURBO-1"},
    }


def test_the_command_line_asks_again_too(
    run: Callable[..., subprocess.CompletedProcess[str]], logged_in: Environment, keeper: StandIn
) -> None:
    keeper.replies[CALL] = in_turn(Reply(raw=reset), Reply(503, b""), DONE)
    done = run(logged_in, "call", "write_it", "text=x", "--json")
    assert (done.returncode, done.stdout) == (0, '{"key": "TURBO-1"}\n')
    assert len({seen.headers["idempotency-key"] for seen in keeper.calls("write_it")}) == 1


def test_a_database_that_waiting_does_not_mend_is_told_at_once(keeper: StandIn) -> None:
    keeper.replies[CALL] = error(503, "database_full", "The disk is full; nothing was saved.")
    refused = failure(keeper.origin)
    assert (refused.certain, refused.message) == (True, "The disk is full; nothing was saved.")
    assert len(keeper.calls("write_it")) == 1


def test_a_database_that_stays_away_is_waited_for_and_then_surely_has_saved_nothing(keeper: StandIn) -> None:
    keeper.replies[CALL] = error(503, "database_unavailable", "Away; nothing was saved.", Retry_After="0")
    refused = failure(keeper.origin, seconds=4)
    assert (refused.certain, refused.message) == (True, "Away; nothing was saved.")
    assert len(keeper.calls("write_it")) > 2


def test_it_says_nothing_of_an_earlier_attempt(keeper: StandIn) -> None:
    full = error(503, "database_full", "The disk is full; nothing was saved.")
    keeper.replies[CALL] = in_turn(Reply(raw=reset), full)
    assert not failure(keeper.origin, seconds=2).certain
