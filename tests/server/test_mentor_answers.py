"""The server's own answers, against a stand-in of Anthropic's API: every way in which one can come or fail to."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.mentor_api import KEY, MentorApi, mentor_api
from tests.mentor_replies import breaks, calls, fails, limited, no_credit, overloaded, refuses, says
from tests.server.harness import Turbo
from turbo_server.mentor_settings import MentorSettings

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = DAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def api() -> Iterator[MentorApi]:
    with mentor_api() as api:
        yield api


@pytest.fixture
def clock() -> Clock:
    return Clock()


def settings(api: MentorApi, **other: Any) -> MentorSettings:
    return MentorSettings(api_key=KEY, base_url=api.origin, **{"wait": 0.0, "silence": 0.2, "tell_every": 0.0} | other)


@pytest.fixture
def turbo(database_url: str, api: MentorApi, clock: Clock) -> Iterator[Turbo]:
    api.reset()
    with Turbo(database_url, clock=clock, mentor=settings(api)) as server:
        server.call("create_project", key="TURBO", name="Turbo")
        yield server


def ask(turbo: Turbo, question: str, **more: object) -> dict[str, Any]:
    """Asked, answered, and looked at."""
    asked = turbo.call("ask_mentor", **{"mentor": "architect", "question": question, **more})
    turbo.catch_up()
    return turbo.call("ask_mentor", conversation=asked["key"])


def test_a_question_is_answered_by_the_server(turbo: Turbo, api: MentorApi) -> None:
    turbo.call("create_issue", project="TURBO", title="Choose a queue", description="Postgres or Redis?")
    api.script("which queue", says("Take Postgres, as TURBO-1 asks.", tokens=100))
    asked = turbo.call("ask_mentor", mentor="architect", question="which queue", about="TURBO-1")
    assert (asked["state"], asked["key"]) == ("working", "ASK-1")
    turbo.catch_up()
    answer = turbo.call("ask_mentor", conversation="ASK-1")
    assert (answer["state"], answer["answer"]) == ("done", "Take Postgres, as TURBO-1 asks.")
    assert (answer["model"], answer["cited"]) == ("claude-sonnet-5-5", ["TURBO-1"])
    assert answer["cost"].endswith("100 written")
    (sent,) = api.asked("which queue")
    assert "Choose a queue" in sent.whole
