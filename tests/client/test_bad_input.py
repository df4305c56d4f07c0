"""Anything may come in on stdin: the process lives, and answers as JSON-RPC says."""

import json
import random
from collections.abc import Iterator

import pytest

from tests.client.conftest import isolated_environment
from tests.client.session import Session

PARSE_ERROR, INVALID_REQUEST, INVALID_PARAMS = -32700, -32600, -32602


@pytest.fixture(scope="module")
def lone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One process that takes it all, without key and server in the way of its answers."""
    with Session(isolated_environment(tmp_path_factory.mktemp("home"))) as session:
        yield session


def assert_refused(session: Session, line: bytes, code: int, request_id: object = None) -> None:
    """Exactly one answer, and the session goes on."""
    before = len(session.received)
    session.send(line + b"\n")
    assert session.result("ping") == {}
    answers = session.received[before:-1]
    assert [(answer["id"], answer["error"]["code"]) for answer in answers] == [(request_id, code)]


@pytest.mark.parametrize(
    "line",
    [
        b"garbage",
        b'{"jsonrpc":"2.0","id":1',
        b"\xff\xfe\x00",
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"\xc3\x28"}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":NaN}}',
        b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":-Infinity}}',
        b"[" * 10_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 10_000,
        b'"' + b"x" * 10_000_000,
        b"\xef\xbb\xbf{}",
    ],
    ids=lambda line: repr(line[:24]),
)
def test_what_is_not_json_is_a_parse_error(lone: Session, line: bytes) -> None:
    assert_refused(lone, line, PARSE_ERROR)


@pytest.mark.parametrize(
    "line",
    [
        b"[]",
        b'[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]',
        b"7",
        b"null",
        b'"ping"',
        b"{}",
        b'{"jsonrpc":"2.0","id":null,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":true,"method":"ping"}',
        b'{"jsonrpc":"2.0","id":[1],"method":"ping"}',
        b'{"jsonrpc":"2.0","id":{},"method":"ping"}',
        b'{"jsonrpc":"2.0","id":1e999,"method":"ping"}',
    ],
)
def test_batches_null_ids_and_other_shapes_are_invalid_requests(lone: Session, line: bytes) -> None:
    assert_refused(lone, line, INVALID_REQUEST)


@pytest.mark.parametrize(
    "line",
    [
        b'{"id":"a","method":"ping"}',
        b'{"jsonrpc":"1.0","id":"a","method":"ping"}',
        b'{"jsonrpc":"2.0","id":"a"}',
        b'{"jsonrpc":"2.0","id":"a","method":7}',
    ],
)
def test_an_invalid_request_with_an_id_is_answered_under_it(lone: Session, line: bytes) -> None:
    assert_refused(lone, line, INVALID_REQUEST, "a")


@pytest.mark.parametrize(
    "params",
    [
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"name":7}',
        b'{"name":"read_it","arguments":[]}',
        b'{"name":"read_it","arguments":"{}"}',
        b'{"name":"read_it","arguments":{"limit":1e999}}',
        b'{"name":"no_such_tool"}',
        b'{"name":"../../v1/me"}',
        b'{"name":""}',
    ],
)
def test_a_call_with_wrong_params_is_refused(session: Session, params: bytes) -> None:
    session.send(b'{"jsonrpc":"2.0","id":"a","method":"tools/call","params":' + params + b"}\n")
    assert session.answer_to("a")["error"]["code"] == INVALID_PARAMS


def test_nesting_never_ends_the_process_whether_it_is_refused_or_passed_on(session: Session) -> None:
    deep = b"[" * 900 + b"]" * 900
    session.send(
        b'{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"read_it","arguments":{"x":'
        + deep
        + b"}}}\n"
    )
    session.wait_for(lambda message: ("result" in message and message.get("id") == "a") or "error" in message)
    assert session.result("ping") == {}


def test_a_line_of_ten_megabytes_is_answered(lone: Session) -> None:
    lone.send(
        json.dumps({"jsonrpc": "2.0", "id": "big", "method": "ping", "params": {"x": "y" * 10_000_000}}).encode()
        + b"\n"
    )
    assert lone.answer_to("big")["result"] == {}


def test_a_line_beyond_the_limit_is_refused_and_skipped_whole(session: Session) -> None:
    for _ in range(33):
        session.send(b"x" * 1024 * 1024)
    assert_refused(session, b"", INVALID_REQUEST)


def test_lone_surrogates_are_passed_on_as_they_came(session: Session) -> None:
    session.send(
        b'{"jsonrpc":"2.0","id":"\\udc80","method":"tools/call",'
        b'"params":{"name":"read_it","arguments":{"text":"\\ud800 \\udfff"}}}\n'
    )
    answer = session.answer_to("\udc80")
    assert answer["result"]["structuredContent"]["arguments"] == {"text": "\ud800 \udfff"}


def test_blank_lines_and_carriage_returns_are_no_messages(session: Session) -> None:
    before = len(session.received)
    session.send(b'\n \n\r\n\t\n{"jsonrpc":"2.0","id":"crlf","method":"ping"}\r\n')
    assert session.answer_to("crlf")["result"] == {}
    assert len(session.received) == before + 1


def test_a_last_line_without_an_end_is_answered_too(session: Session) -> None:
    session.send(b'{"jsonrpc":"2.0","id":"last","method":"ping"}')
    assert session.close() == 0
    assert session.answer_to("last")["result"] == {}


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_are_survived(session: Session, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a seed that fails must fail again
    valid = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": {}}}).encode()
    for _ in range(400):
        line = bytearray(valid) if dice.random() < 0.5 else bytearray(dice.randbytes(dice.randrange(200)))
        for _ in range(dice.randrange(6) if line else 0):
            line[dice.randrange(len(line))] = dice.randrange(256)
        session.send(bytes(line) + b"\n")
    session.send(b'\n{"jsonrpc":"2.0","id":"alive","method":"ping"}\n')
    assert session.answer_to("alive")["result"] == {}
    assert session.close() == 0
    assert all(message["jsonrpc"] == "2.0" for message in session.received)
