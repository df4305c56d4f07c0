"""GET /v1/activity: what happened, newest first, by who did it, where, to what and when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.clock import Clock
from tests.server.harness import Person, ToolFailed, Turbo
from turbo_server.activity import read_store

PATH = "/v1/activity"


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 20, 12, tzinfo=UTC))


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock=clock) as server:
        server.call("create_project", key="WEB", name="Web")
        server.call("create_issue", project="WEB", title="first")
        yield server


def look(person: Person, /, **query: object) -> dict[str, Any]:
    page: dict[str, Any] = person.ask("GET", PATH, **query)
    return page


def ids(page: dict[str, Any]) -> list[int]:
    return [event["id"] for event in page["items"]]


def refusal(person: Person, /, **query: object) -> ToolFailed:
    with pytest.raises(ToolFailed) as refused:
        look(person, **query)
    return refused.value


def test_the_newest_come_first_and_pages_follow_each_other(turbo: Turbo) -> None:
    for number in range(7):
        turbo.call("add_comment", key="WEB-1", text=str(number))
    page, seen = look(turbo.ada, limit=4), []
    while page.get("next_cursor"):
        seen += ids(page)
        page = look(turbo.ada, limit=4, cursor=page["next_cursor"])
    assert [*seen, *ids(page)] == list(range(9, 0, -1))
    assert "looked_back_to" not in page


def test_filters_combine(turbo: Turbo, clock: Clock) -> None:
    grace = turbo.person("grace", machine="desk", session="session-2")
    turbo.call("create_project", key="API", name="Api")
    clock.pass_seconds(86_400)
    grace.call("update_issue", key="WEB-1", title="second")
    grace.call("create_issue", project="API", title="x")
    clock.pass_seconds(86_400)
    grace.call("log_work", text="x")
    assert ids(look(turbo.ada, project="web")) == [4, 2, 1]
    assert ids(look(turbo.ada, key="web-1")) == [4, 2]
    assert ids(look(turbo.ada, key="WEB-1", kind="project")) == []
    assert ids(look(turbo.ada, kind="project")) == [3, 1]
    assert ids(look(turbo.ada, person="Grace")) == [6, 5, 4]
    assert ids(look(turbo.ada, person="me")) == [3, 2, 1]
    assert ids(look(turbo.ada, machine="desk", kind="issue")) == [5, 4]
    assert ids(look(turbo.ada, session="session-1", project="WEB")) == [2, 1]
    assert ids(look(turbo.ada, session="session-3")) == []
    assert ids(look(turbo.ada, since="2026-11-21", until="2026-11-21")) == [5, 4]
    assert ids(look(turbo.ada, since="-1d", person="grace")) == [6, 5, 4]
    assert ids(look(turbo.ada, since="yesterday", until="yesterday", project="API")) == [5]
    assert ids(look(turbo.ada, until="2026-11-20")) == [3, 2, 1]


def test_a_day_is_the_callers_own(turbo: Turbo, clock: Clock) -> None:
    clock.pass_seconds(11 * 3600)  # 23:00 in UTC
    turbo.call("add_comment", key="WEB-1", text="late")
    east = replace(turbo.ada, caller=replace(turbo.ada.caller, utc_offset=timedelta(hours=2)))
    assert ids(look(turbo.ada, since="2026-11-20", until="2026-11-20")) == [3, 2, 1]
    assert ids(look(east, since="2026-11-21", until="2026-11-21")) == [3]
    assert ids(look(east, since="today")) == [3]


def test_what_was_taken_back_says_by_which_event(turbo: Turbo) -> None:
    turbo.call("update_issue", key="WEB-1", title="second")
    turbo.call("undo", event=3, confirm=True)
    undoing, undone, *_ = look(turbo.ada)["items"]
    assert (undone["undone_by"], undoing["undoes"]) == (undoing["id"], undone["id"])
    assert undone["changes"] == [{"field": "title", "before": "first", "after": "second"}]


def test_what_is_rare_is_looked_for_in_steps_that_say_how_far_they_went(
    turbo: Turbo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read_store, "WALK", 3)
    for number in range(7):
        turbo.call("add_comment", key="WEB-1", text=str(number))
    steps, cursor = [], None
    for _ in range(9):
        page = look(turbo.ada, kind="project", **({"cursor": cursor} if cursor else {}))
        steps.append((ids(page), "looked_back_to" in page))
        cursor = page.get("next_cursor")
        if cursor is None:
            break
    assert [step for step in steps if step[0]] == [([1], True)]
    assert steps[0] == ([], True)
    assert steps[-1] == ([], False)


def test_a_private_project_and_another_workspace_are_in_nobodys_past_but_their_own(turbo: Turbo) -> None:
    eve = turbo.person("eve")
    turbo.call("create_project", key="VEIL", name="Veiled")
    turbo.call("create_issue", project="VEIL", title="hidden")
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    assert {each["project"] for each in look(turbo.ada)["items"]} == {"WEB", "VEIL"}
    assert {each["project"] for each in look(eve)["items"]} == {"WEB"}
    assert ids(look(eve, session="session-1", person="ada")) == [2, 1]
    assert refusal(eve, project="VEIL").status == 404
    stranger = turbo.person("fay", workspace="elsewhere")
    assert ids(look(stranger)) == []
    assert ids(look(stranger, session="session-1")) == []
    assert refusal(stranger, person="ada").status == 404


def test_a_cursor_belongs_to_its_filters(turbo: Turbo) -> None:
    cursor = look(turbo.ada, limit=1)["next_cursor"]
    assert refusal(turbo.ada, cursor=cursor, person="me").code == "invalid_cursor"
    assert refusal(turbo.ada, cursor="broken").code == "invalid_cursor"


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({"since": "soon"}, 422, "-7d"),
        ({"until": "9999-12-31"}, 422, "not a day"),
        ({"kind": "isue"}, 422, "Did you mean issue?"),
        ({"person": "adda"}, 404, "ada"),
        ({"after": "recent"}, 422, "after"),
    ],
)
def test_a_wrong_query_is_refused_with_what_would_work(turbo: Turbo, query: Any, status: int, said: str) -> None:
    failure = refusal(turbo.ada, **query)
    assert (failure.status, said in f"{failure.message} {failure.hint}") == (status, True), failure
