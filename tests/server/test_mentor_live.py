"""A real server that answers itself: in the very call, with its library in memory only from the first question on."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.session import Session
from tests.mentor_api import KEY, MentorApi
from tests.mentor_replies import limited, says
from tests.server.answering import api
from tests.server.live import LiveServer, live_server
from turbo_server.mentor_settings import MentorSettings
from turbo_server.settings import BadSettings, Settings, read_settings

__all__ = ["api"]


@pytest.fixture
def server(tmp_path: Path, api: MentorApi) -> Iterator[LiveServer]:
    api.reset()
    settings = {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": api.origin, "TURBO_LOG_LEVEL": "debug"}
    with live_server(f"sqlite:///{tmp_path}/turbo.db", tmp_path, **settings) as server:
        yield server


def has_library(server: LiveServer) -> bool:
    """By the part of it that the system has to load."""
    return "jiter" in Path(f"/proc/{server.process.pid}/maps").read_text()


def test_a_question_is_answered_in_the_call_that_asks_it(server: LiveServer, api: MentorApi) -> None:
    api.script("a word", says("Tangerine."))
    server.call("create_project", key="TURBO", name="Turbo")
    if sys.platform == "linux":
        assert not has_library(server)
    answer = server.call("ask_mentor", mentor="architect", question="a word, please")
    assert (answer["state"], answer["answer"]) == ("done", "Tangerine.")
    if sys.platform == "linux":
        assert has_library(server)
    assert api.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY.encode() not in server.log
    assert b"please" not in server.log


def test_a_session_gets_an_answer_that_had_to_be_tried_again(server: LiveServer, api: MentorApi) -> None:
    """Through the real proxy: the API first asks for a second of patience."""
    api.script("patience", limited(1), says("Tangerine."))
    ours = {"TURBO_API_URL": server.url, "TURBO_API_KEY": server.key}
    with Session({**server.environment, **ours}) as session:
        session.initialize()
        result = session.call("ask_mentor", {"mentor": "architect", "question": "patience, please"})
    assert result["structuredContent"]["answer"] == "Tangerine."
    assert len(api.asked("patience")) == 2


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("ANTHROPIC_API_KEY", "short", "sk-ant-"),
        ("ANTHROPIC_BASE_URL", "http://api.anthropic.com", "https://"),
        ("ANTHROPIC_BASE_URL", "https://user:pass@host", "https://"),
        ("ANTHROPIC_BASE_URL", "ftp://127.0.0.1", "https://"),
        ("TURBO_MENTOR_MODEL", "two words", "name of a model"),
        ("TURBO_MENTOR_DAILY_BUDGET", "-1", "dollars a day"),
        ("TURBO_MENTOR_DAILY_BUDGET", "NaN", "dollars a day"),
        ("TURBO_MENTOR_WORKSPACE_BUDGET", "much", "dollars a day"),
        ("TURBO_MENTOR_PRICES", "3", "3/15"),
    ],
)
def test_settings_that_cannot_work_are_refused_and_not_repeated(name: str, value: str, told: str) -> None:
    with pytest.raises(BadSettings) as refusal:
        read_settings({name: value})
    assert name in str(refusal.value)
    assert told in str(refusal.value)
    assert "user:pass" not in str(refusal.value)


def test_settings_of_the_mentors() -> None:
    read = read_settings(
        {
            "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": "http://localhost:99/",
            "TURBO_MENTOR_MODEL": "claude-opus-5-5", "TURBO_MENTOR_DAILY_BUDGET": "2.50",
            "TURBO_MENTOR_WORKSPACE_BUDGET": "0", "TURBO_MENTOR_PRICES": "3/15",
        }
    ).mentor  # fmt: skip
    assert read == MentorSettings(
        KEY,
        "http://localhost:99",
        "claude-opus-5-5",
        (3_000_000, 15_000_000),
        person_budget=2_500_000,
        workspace_budget=0,
    )
    assert KEY not in repr(read)
    assert KEY not in repr(Settings("sqlite:///x", mentor=read))
    assert not read_settings({"ANTHROPIC_API_KEY": "${ANTHROPIC_API_KEY}"}).mentor.answers_itself
