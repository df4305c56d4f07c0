"""What can go wrong with an answer: each ends in the turn with words that help, or is tried again where that does."""

from datetime import timedelta
from typing import Any

import pytest

from tests.mentor_api import KEY, MentorApi
from tests.mentor_replies import breaks, fails, limited, no_credit, overloaded, refuses, says
from tests.server.answering import api, ask, clock, turbo
from tests.server.clock import Clock
from tests.server.harness import Turbo
from turbo_server.mentor_settings import MentorSettings

__all__ = ["api", "clock", "turbo"]


FAILURES = [
    (fails(401, "authentication_error"), "key_refused", "ANTHROPIC_API_KEY"),
    (fails(403, "permission_error"), "key_refused", "ANTHROPIC_API_KEY"),
    (no_credit(), "no_credit", "topped up"),
    (fails(402, "billing_error"), "no_credit", "topped up"),
    (fails(404, "not_found_error"), "model_unknown", "TURBO_MENTOR_MODEL"),
    (fails(400, "invalid_request_error", "prompt is too long"), "too_long", "less"),
    (fails(413, "request_too_large"), "too_long", "less"),
    (fails(400, "invalid_request_error", "tools.3: no"), "rejected", "log"),
    (refuses(), "refused", "other words"),
]


@pytest.mark.parametrize(("reply", "code", "hint"), FAILURES)
def test_what_waiting_does_not_help_ends_in_the_turn_with_what_to_do(
    turbo: Turbo, api: MentorApi, reply: Any, code: str, hint: str
) -> None:
    api.script("hard one", reply)
    failed = ask(turbo, "hard one")
    assert failed["state"] == "failed"
    assert hint in failed["error"]
    assert "sk-ant" not in failed["error"]
    assert len(api.asked("hard one")) == 1
    assert turbo.call("get_item", key="ASK-1")["turns"][0]["question"] == "hard one"
    again = turbo.call("ask_mentor", conversation="ASK-1", question="hard one", brief_only=True)
    assert again["state"] == "waiting"
    assert again["brief"]


PASSING = [
    (overloaded(), "overloaded"),
    (fails(500, "api_error"), "error of its own"),
    (fails(503, "api_error"), "error of its own"),
    (breaks("error"), "overloaded"),
    (breaks("cut"), "broke"),
    (breaks("short"), "broke"),
    (breaks("mute"), "did not answer in time"),
    (says(" "), "without an answer"),
]


@pytest.mark.parametrize(("reply", "words"), PASSING)
def test_what_passes_is_tried_again_until_there_is_an_answer(
    turbo: Turbo, api: MentorApi, clock: Clock, reply: Any, words: str
) -> None:
    api.script("patience", reply, says("Here it is."))
    waiting = ask(turbo, "patience")
    assert waiting["state"] == "working"
    assert words in waiting["doing"]
    clock.now += timedelta(seconds=5)
    turbo.catch_up()
    assert turbo.call("ask_mentor", conversation="ASK-1")["answer"] == "Here it is."
    assert len(api.asked("patience")) == 2


def test_a_rate_limit_is_waited_out_for_as_long_as_the_api_says(turbo: Turbo, api: MentorApi, clock: Clock) -> None:
    api.script("hurry", limited(90), says("Done."))
    assert "rate limit" in ask(turbo, "hurry")["doing"]
    clock.now += timedelta(seconds=89)
    turbo.catch_up()
    assert len(api.asked("hurry")) == 1
    clock.now += timedelta(seconds=2)
    turbo.catch_up()
    assert turbo.call("ask_mentor", conversation="ASK-1")["state"] == "done"


@pytest.mark.parametrize("reply", [overloaded(), limited(600)])
def test_nobody_waits_for_ever(turbo: Turbo, api: MentorApi, clock: Clock, reply: Any) -> None:
    api.script("never", reply)
    ask(turbo, "never")
    for _ in range(8):
        clock.now += timedelta(minutes=11)
        turbo.catch_up()
    failed = turbo.call("ask_mentor", conversation="ASK-1")
    assert (failed["state"], "Ask again" in failed["error"]) == ("failed", True)
    assert len(api.asked("never")) < 9


def test_an_api_that_cannot_be_reached_is_said_so(
    turbo: Turbo, clock: Clock, database_url: str, api: MentorApi
) -> None:
    gone = MentorSettings(api_key=KEY, base_url="http://127.0.0.1:9", wait=0.0)
    with Turbo(database_url, clock=clock, mentor=gone) as other:
        other.call("ask_mentor", mentor="architect", question="hello?")
        other.catch_up()
        assert "cannot be reached" in other.call("ask_mentor", conversation="ASK-1")["doing"]
