"""tools/call through the proxy: what reaches the server, what comes back, and what a failure says."""

import re
import time
import uuid

import pytest

from tests.client.conftest import Environment, OpenSession
from tests.client.session import Session
from tests.client.stand_in import Reply, StandIn, error, free_port, make_key, reset, tool

CALL = "/v1/tools/write_it"


def text_of(result: dict[str, object]) -> str:
    content = result["content"]
    assert isinstance(content, list)
    assert len(content) == 1
    return str(content[0]["text"])


def test_the_result_arrives_byte_for_byte_as_structure_and_as_text(session: Session, backend: StandIn) -> None:
    body = '{"b":1.50,"a":12345678901234567890123,"t":"  日本 \\ud83d\\ude00 \\u200f \u202ex","b":2}'
    backend.replies[CALL] = Reply(body=body.encode())
    result = session.call("write_it")
    assert text_of(result) == body
    assert body.encode() in session.lines[-1]
    assert result["isError"] is False


def test_what_an_error_says_besides_arrives_as_structure_and_as_text(session: Session, backend: StandIn) -> None:
    current = {"version": 7, "title": "日本"}
    said = {"code": "version_conflict", "message": "It is at version 7.", "hint": "Merge.", "current": current}
    backend.replies[CALL] = Reply(412, {"error": said})
    result = session.call("write_it")
    assert (result["isError"], result["structuredContent"]) == (True, {"error": said})
    assert text_of(result) == 'It is at version 7. Merge.\n{"current":{"version":7,"title":"日本"}}'


def test_a_result_with_line_breaks_stays_on_one_line(session: Session, backend: StandIn) -> None:
    backend.replies[CALL] = Reply(body=b'{\r\n  "text": "one\\ntwo"\n}')
    assert session.call("write_it")["structuredContent"] == {"text": "one\ntwo"}


def test_arguments_of_every_script_reach_the_server_unchanged(session: Session, backend: StandIn) -> None:
    arguments = {
        "text": "  indented\n\tcode\x00 日本 👩‍👩‍👧 שלום \u2028",
        "labels": ["a", ""],
        "n": [1.5, None, {"x": True}],
    }
    session.call("write_it", arguments)
    assert backend.calls("write_it")[-1].arguments == arguments


def test_a_call_says_who_asks_and_a_write_carries_a_key_of_its_own(
    open_session: OpenSession, logged_in: Environment, backend: StandIn
) -> None:
    session = open_session(logged_in | {"CLAUDE_CODE_SESSION_ID": "session-7"})
    for name in ("write_it", "write_it", "read_it"):
        session.call(name)
    first, second, read = (seen.headers for seen in backend.calls())
    assert first["authorization"] == f"Bearer {make_key()}"
    assert first["turbo-session"] == "session-7"
    assert first["turbo-machine"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", first["turbo-client-version"])
    assert uuid.UUID(first["idempotency-key"]).version == 4
    assert first["idempotency-key"] != second["idempotency-key"]
    assert "idempotency-key" not in read


def test_trace_context_goes_on_as_headers_and_nothing_can_be_smuggled_in(session: Session, backend: StandIn) -> None:
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    session.call("read_it", traceparent=parent, tracestate="a=b\r\nX-Evil: 1", baggage=7, cookie="x")
    headers = backend.calls()[-1].headers
    assert headers["traceparent"] == parent
    assert not headers.keys() & {"tracestate", "baggage", "x-evil", "cookie"}


def test_an_error_of_the_server_is_a_result_with_its_words(session: Session, backend: StandIn) -> None:
    backend.replies[CALL] = error(404, "project_not_found", "There is no project TURBP.", "Did you mean TURBO?")
    result = session.call("write_it")
    assert result["isError"] is True
    assert text_of(result) == "There is no project TURBP. Did you mean TURBO?"
    assert result["structuredContent"] == {
        "error": {"code": "project_not_found", "message": "There is no project TURBP.", "hint": "Did you mean TURBO?"}
    }


def test_an_error_of_a_tool_with_an_output_schema_has_no_structure_that_would_break_it(
    session: Session, backend: StandIn
) -> None:
    backend.tools.append(tool("typed") | {"outputSchema": {"type": "object", "required": ["key"]}})
    session.call("read_it")
    session.wait_for(lambda _: "typed" in session.tool_names())
    backend.replies["/v1/tools/typed"] = error(409, "conflict", "Already there.")
    result = session.call("typed")
    assert (result["isError"], "structuredContent" in result) == (True, False)


@pytest.mark.parametrize(
    ("reply", "saved"),
    [
        (error(422, "invalid_arguments", "No.", "Do."), "No. Do."),
        (error(429, "too_many", "Slow down.", "Wait."), "Slow down. Wait."),
        (error(503, "outcome_unknown", "Gone.", "Look.", Retry_After="0"), "Unknown whether"),
        (error(500, "internal", "Sorry.", "Try again."), "Unknown whether"),
        (Reply(502, b"<html>secret proxy page</html>"), "Unknown whether"),
        (Reply(503, b""), "Unknown whether"),
        (Reply(302, b"", {"Location": "https://elsewhere.example/"}), "The server redirects"),
        (Reply(200, b"<html>not json</html>"), "Unknown whether"),
        (Reply(200, b"[1]"), "Unknown whether"),
        (Reply(200, b'{"x": NaN}'), "Unknown whether"),
        (Reply(200, '{"x": 1}'.encode("utf-16")), "Unknown whether"),
        (Reply(raw=reset), "Unknown whether"),
        (Reply(raw=lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")), "Unknown"),
        (Reply(raw=lambda connection: connection.sendall(b"\x00\x01garbage\r\n\r\n")), "Unknown whether"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{value.status}{'raw' if value.raw else ''}",
)
def test_a_failed_write_is_sent_once_and_says_what_became_of_it(
    session: Session, backend: StandIn, reply: Reply, saved: str
) -> None:
    backend.replies[CALL] = reply
    result = session.call("write_it", {"text": "x"})
    assert result["isError"] is True
    assert text_of(result).splitlines()[-1].startswith(saved)
    assert "html" not in text_of(result)
    assert len(backend.calls("write_it")) == 1
    assert session.call("read_it")["isError"] is False


def test_a_read_is_repeated_when_the_server_says_when_to_come_back(session: Session, backend: StandIn) -> None:
    replies = [
        error(503, "busy", "Busy.", Retry_After="0"),
        error(429, "slow", "Slow.", Retry_After="0"),
        Reply(body={"ok": 1}),
    ]
    backend.replies["/v1/tools/read_it"] = lambda _: replies.pop(0)
    assert session.call("read_it")["structuredContent"] == {"ok": 1}


@pytest.mark.parametrize("tool", ["read_it", "write_it"])
def test_a_limit_that_lasts_for_minutes_is_told_at_once(session: Session, backend: StandIn, tool: str) -> None:
    words = "This key has created too many things; nothing was created now.", "Call again in 41 minutes."
    backend.promises = True
    backend.replies[f"/v1/tools/{tool}"] = error(429, "too_many_creations", *words, Retry_After="2460")
    started = time.monotonic()
    result = session.call(tool, {"text": "x"})
    assert time.monotonic() - started < 5
    assert (result["isError"], text_of(result)) == (True, " ".join(words))
    assert len(backend.calls(tool)) == 1


def test_a_limit_that_lasts_for_a_moment_is_waited_for(session: Session, backend: StandIn) -> None:
    backend.promises = True
    replies = [error(429, "too_many_calls", "Slow.", Retry_After="1"), Reply(body={"ok": 1})]
    backend.replies[CALL] = lambda _: replies.pop(0)
    assert session.call("write_it", {"text": "x"})["structuredContent"] == {"ok": 1}


def test_a_tool_the_server_no_longer_has_is_unknown(session: Session, backend: StandIn) -> None:
    backend.replies[CALL] = error(404, "tool_not_found", "There is no tool write_it.")
    answer = session.ask("tools/call", {"name": "write_it"})
    assert (answer["error"]["code"], answer["error"]["message"]) == (-32602, "Unknown tool: write_it")


def test_without_a_server_a_write_says_that_nothing_was_saved(session: Session, backend: StandIn) -> None:
    backend.stop()
    result = session.call("write_it")
    assert result["isError"] is True
    assert "turbo-server serve" in text_of(result)
    assert text_of(result).endswith("NOT saved.")
    assert "saved" not in text_of(session.call("read_it"))


@pytest.mark.parametrize("reply", [Reply(raw=reset), Reply(503, b""), error(500, "internal_error", "Sorry.")])
def test_a_write_that_was_kept_back_for_want_of_a_tool_list_is_not_saved(
    open_session: OpenSession, logged_in: Environment, backend: StandIn, reply: Reply
) -> None:
    backend.replies["/v1/tools"] = reply
    result = open_session(logged_in).call("write_it", {"text": "x"})
    assert result["isError"] is True
    assert text_of(result).endswith("NOT saved.")
    assert backend.calls("write_it") == []


def test_a_key_stored_meanwhile_is_taken_up_after_a_refusal(
    open_session: OpenSession, environment: Environment, backend: StandIn, run: object
) -> None:
    assert callable(run)
    old, new = make_key("old0"), make_key("new0")
    backend.keys = {old}
    here = environment | {"TURBO_API_URL": backend.origin}
    assert run(here, "login", "--with-token", "--insecure-storage", stdin=old).returncode == 0
    session = open_session(here)
    assert session.call("read_it")["isError"] is False

    backend.keys = {new}
    refused = text_of(session.call("write_it"))
    assert "This API key is not known here." in refused
    assert "turbo-client login" in refused
    assert old not in refused

    assert run(here, "login", "--with-token", "--insecure-storage", stdin=new).returncode == 0
    assert session.call("write_it")["isError"] is False


def test_an_unreachable_server_is_named_with_its_address(open_session: OpenSession, environment: Environment) -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    session = open_session(environment | {"TURBO_API_URL": origin, "TURBO_API_KEY": make_key()})
    result = session.call("anything_at_all")
    assert result["isError"] is True
    assert origin in text_of(result)
    assert text_of(result).endswith("NOT saved.")
