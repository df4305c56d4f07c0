"""GET /v1/claims: who holds what, since when and until when."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.agents import Clock, agent, take, three_issues
from tests.server.harness import Person, Turbo
from turbo_server.queue.types import LEASE_SECONDS


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock=clock) as server:
        yield three_issues(server)


def claims(person: Person, **project: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.ask("GET", "/v1/claims", **project)["items"]
    return found


def held(person: Person, **project: str) -> list[str]:
    return [each["key"] for each in claims(person, **project)]


def test_every_session_is_shown_with_what_it_holds(turbo: Turbo, clock: Clock) -> None:
    take(agent(turbo, "a"))
    clock.forward(60)
    grace = turbo.person("grace", machine="desk", session="b")
    take(grace)
    first, second = claims(turbo.ada)
    assert first == {
        "key": "TURBO-1", "title": first["title"], "status": "in_progress", "by": "ada", "machine": "laptop",
        "session": "a", "since": "2026-11-23T12:00:00Z", "until": "2026-11-23T12:15:00Z", "mine": True,
    }  # fmt: skip
    assert (second["key"], second["by"], second["machine"], second["session"], second["mine"]) == (
        "TURBO-2", "grace", "desk", "b", False,
    )  # fmt: skip
    assert (second["since"], second["until"]) == ("2026-11-23T12:01:00Z", "2026-11-23T12:16:00Z")
    assert [each["mine"] for each in claims(grace)] == [False, True]


def test_what_has_lapsed_was_let_go_of_or_moved_on_is_held_no_more(turbo: Turbo, clock: Clock) -> None:
    for session in "abc":
        take(agent(turbo, session))
    assert held(turbo.ada) == ["TURBO-1", "TURBO-2", "TURBO-3"]
    turbo.call("release_issue", key="TURBO-1", outcome="handed_back", text="Somebody else shall have it")
    turbo.call("update_issue", key="TURBO-2", status="ready")
    assert held(turbo.ada) == ["TURBO-3"]
    clock.forward(LEASE_SECONDS + 1)
    assert held(turbo.ada) == []


def test_claims_are_those_of_projects_that_the_caller_sees(turbo: Turbo) -> None:
    eve = turbo.person("eve")
    turbo.call("create_project", key="VEIL", name="Veiled")
    turbo.call("create_issue", project="VEIL", title="first")
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    take(agent(turbo, "a"), key="VEIL-1")
    take(agent(turbo, "b"), key="TURBO-1")
    assert held(turbo.ada) == ["TURBO-1", "VEIL-1"]
    assert held(turbo.ada, project="VEIL") == ["VEIL-1"]
    assert held(eve) == ["TURBO-1"]
    assert held(turbo.person("ada", projects=("TURBO",))) == ["TURBO-1"]
    assert held(turbo.person("fay", workspace="elsewhere")) == []
