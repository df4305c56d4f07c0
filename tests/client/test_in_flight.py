"""Calls in flight: side by side, cancelled, in progress, and at the end of the session."""

import os
import threading
import time

from tests.client.conftest import Environment, OpenSession
from tests.client.session import Session
from tests.client.stand_in import Reply, StandIn

CALL = "/v1/tools/write_it"


def test_sixteen_calls_do_not_wait_for_a_slow_one(session: Session, backend: StandIn) -> None:
    gate = threading.Event()
    backend.replies[CALL] = Reply(body={"slow": True}, gate=gate)
    slow = [session.start("tools/call", {"name": "write_it"}) for _ in range(16)]
    backend.wait_for(CALL, 16)
    assert session.call("read_it")["isError"] is False
    assert session.result("ping") == {}
    gate.set()
    for request_id in slow:
        assert session.answer_to(request_id)["result"]["structuredContent"] == {"slow": True}


def test_a_cancelled_call_closes_its_request_and_is_never_answered(session: Session, backend: StandIn) -> None:
    backend.replies[CALL] = Reply(gate=threading.Event())
    cancelled = session.start("tools/call", {"name": "write_it"})
    backend.wait_for(CALL)
    session.notify("notifications/cancelled", {"requestId": cancelled, "reason": "changed my mind"})
    assert backend.hung_up.wait(10)
    assert session.call("read_it")["isError"] is False
    session.close()
    assert not [message for message in session.received if message.get("id") == cancelled]


def test_an_id_in_flight_cannot_be_used_twice(session: Session, backend: StandIn) -> None:
    gate = threading.Event()
    backend.replies[CALL] = Reply(gate=gate, body={"n": 1})
    message = {"jsonrpc": "2.0", "id": "same", "method": "tools/call", "params": {"name": "write_it"}}
    session.send(message)
    backend.wait_for(CALL)
    session.send(message)
    assert session.answer_to("same")["error"]["code"] == -32600
    gate.set()
    session.wait_for(lambda answer: answer.get("id") == "same" and "result" in answer)


def test_a_slow_call_reports_progress_to_who_asked_for_it_and_not_after_the_answer(
    session: Session, backend: StandIn
) -> None:
    gate = threading.Event()
    backend.replies[CALL] = Reply(gate=gate)
    request_id = session.start("tools/call", {"name": "write_it", "_meta": {"progressToken": "p"}})
    silent = session.start("tools/call", {"name": "write_it"})
    progress = session.notification("notifications/progress")["params"]
    gate.set()
    session.answer_to(request_id)
    session.answer_to(silent)
    assert (progress["progressToken"], progress["progress"] >= 2) == ("p", True)
    session.close()
    order = [message.get("method", message.get("id")) for message in session.received]
    assert "notifications/progress" not in order[order.index(request_id) :]
    assert {
        message["params"]["progressToken"]
        for message in session.received
        if message.get("method") == "notifications/progress"
    } == {"p"}


def test_answers_in_flight_are_given_after_the_end_of_stdin(session: Session, backend: StandIn) -> None:
    gate = threading.Event()
    backend.replies[CALL] = Reply(body={"late": True}, gate=gate)
    request_id = session.start("tools/call", {"name": "write_it"})
    backend.wait_for(CALL)
    assert session.process.stdin is not None
    session.process.stdin.close()
    gate.set()
    assert session.close() == 0
    assert session.answer_to(request_id)["result"]["structuredContent"] == {"late": True}


def test_a_server_that_never_answers_does_not_keep_the_process_after_the_end_of_stdin(
    session: Session, backend: StandIn
) -> None:
    backend.replies[CALL] = Reply(gate=threading.Event())
    session.start("tools/call", {"name": "write_it"})
    backend.wait_for(CALL)
    started = time.monotonic()
    assert session.close() == 0
    assert time.monotonic() - started < 4


def test_it_ends_when_nobody_reads_its_answers_any_more(open_session: OpenSession, logged_in: Environment) -> None:
    session = open_session(logged_in)
    session.initialize()
    assert session.process.stdout is not None
    # The reader thread holds the stream: the pipe itself is closed under it, as a client that dies does.
    os.dup2(os.open(os.devnull, os.O_RDONLY), session.process.stdout.fileno())
    assert session.process.wait(10) == 0
