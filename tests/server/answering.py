"""A server that answers mentors' questions itself, on the stand-in of Anthropic's API and a clock of the tests' own."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.mentor_api import KEY, MentorApi, mentor_api
from tests.server.clock import Clock
from tests.server.harness import Turbo
from turbo_server.mentor_settings import MentorSettings


@pytest.fixture(scope="module")
def api() -> Iterator[MentorApi]:
    with mentor_api() as api:
        yield api


@pytest.fixture
def clock() -> Clock:
    return Clock()


def settings(api: MentorApi, **other: Any) -> MentorSettings:
    """Without a wait: a test does the jobs when it wants them done."""
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
