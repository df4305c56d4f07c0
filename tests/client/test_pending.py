"""A result that is not there yet is asked for again, with words for whoever waits, and no tool is known by name."""

import json
import subprocess
from collections.abc import Callable

import pytest

from tests.client.conftest import Environment
from tests.client.session import Session
from tests.client.stand_in import Reply, Seen, StandIn, error
from turbo_client.answers import Answer
from turbo_client.errors import CallCancelled
from turbo_client.hangup import CANCELLED, Hangup
from turbo_client.pending import awaited

CALL = "/v1/tools/write_it"


def pending(message: str = "@architect is reading", **arguments: object) -> dict[str, str]:
    return {"Turbo-Pending": json.dumps({"arguments": arguments, "message": message})}


def in_turn(*replies: Reply) -> Callable[[Seen], Reply]:
    left = list(replies)
    return lambda _seen: left.pop(0) if len(left) > 1 else left[0]


NOT_YET = Reply(body={"state": "working"}, headers=pending(text="the same again"))


def test_it_is_called_again_as_the_answer_says_until_the_result_is_there(session: Session, backend: StandIn) -> None:
    backend.replies[CALL] = in_turn(NOT_YET, NOT_YET, Reply(body={"state": "done"}))
    result = session.call("write_it", {"text": "first"})
    assert result["structuredContent"] == {"state": "done"}
    assert [seen.arguments for seen in backend.calls("write_it")] == [
        {"text": "first"}, {"text": "the same again"}, {"text": "the same again"}
    ]  # fmt: skip
    assert len({seen.headers["idempotency-key"] for seen in backend.calls("write_it")}) == 3


def test_whoever_waits_is_told_what_goes_on(session: Session, backend: StandIn) -> None:
    backend.replies[CALL] = in_turn(NOT_YET, NOT_YET, NOT_YET, Reply())
    request_id = session.start("tools/call", {"name": "write_it", "_meta": {"progressToken": 1}})
    progress = session.notification("notifications/progress")["params"]
    assert progress["message"].startswith("@architect is reading (")
    session.answer_to(request_id)


@pytest.mark.parametrize("reply", [error(404, "not_found", "It is gone."), error(422, "invalid_arguments", "No.")])
def test_what_is_known_is_told_where_the_rest_cannot_be_had(session: Session, backend: StandIn, reply: Reply) -> None:
    backend.replies[CALL] = in_turn(NOT_YET, reply)
    result = session.call("write_it")
    assert (result["structuredContent"], result["isError"]) == ({"state": "working"}, False)


@pytest.mark.parametrize("header", ["", "nonsense", "[1]", '{"arguments": 3}', '{"message": "x"}', "[" * 5_000])
def test_a_header_that_says_nothing_is_none(header: str) -> None:
    answer = Answer(200, {"turbo-pending": header}, b"{}")
    assert awaited(answer, lambda _arguments: pytest.fail("called again"), print) is answer


def test_a_cancelled_call_is_not_made_again() -> None:
    hangup = Hangup()
    hangup.cut(CANCELLED)
    answer = Answer(200, {"turbo-pending": pending()["Turbo-Pending"]}, b"{}")
    with pytest.raises(CallCancelled):
        awaited(answer, lambda _arguments: answer, lambda _words: None, hangup)


def test_the_shell_waits_too_and_says_so_once(
    run: Callable[..., subprocess.CompletedProcess[str]], logged_in: Environment, backend: StandIn
) -> None:
    backend.replies[CALL] = in_turn(NOT_YET, NOT_YET, Reply(body={"state": "done"}))
    ran = run(logged_in, "call", "write_it", "text=first", "--json")
    assert json.loads(ran.stdout) == {"state": "done"}
    assert ran.stderr.count("@architect is reading ...") == 1
