"""GET /v1/timeline: what is planned along the days, of one project or of all."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.clock import Clock
from tests.server.harness import ToolFailed, Turbo


@pytest.fixture
def turbo(database_url: str) -> Iterator[Turbo]:
    with Turbo(database_url, Clock()) as server:  # 2026-03-02
        server.call("create_project", key="WEB", name="Web")
        server.call("create_project", key="APP", name="App")
        yield server


def timeline(turbo: Turbo, **arguments: object) -> Any:
    return turbo.ada.ask("GET", "/v1/timeline", **arguments)


def keys(answer: Any, what: str = "issues") -> list[str]:
    return [each["key"] for each in answer[what]]


def test_plans_and_issues_stand_in_the_order_of_their_days(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="WEB", title="Open end", owner="me")
    turbo.call("create_initiative", project="WEB", title="Guests can buy", due="+30d", status="active")
    turbo.call("create_milestone", project="WEB", title="Beta", due="+10d")
    turbo.call("create_issue", project="WEB", title="later", due="+5d", initiative="WEB-I2", milestone="WEB-M1")
    turbo.call("create_issue", project="APP", title="sooner", due="today", status="in_progress", priority="high")
    turbo.call("create_issue", project="WEB", title="without a day")
    answer = timeline(turbo)
    assert (answer["first"], answer["last"]) == ("2026-02-02", "2026-08-31")
    assert keys(answer, "plans") == ["WEB-M1", "WEB-I2", "WEB-I1"]
    assert answer["plans"][1] == {
        "key": "WEB-I2", "kind": "initiative", "title": "Guests can buy", "status": "active", "start": "2026-03-02",
        "due": "2026-04-01", "progress": {"total": 1, "done": 0, "percent": 0},
    }  # fmt: skip
    assert answer["issues"] == [
        {"key": "APP-1", "title": "sooner", "status": "in_progress", "priority": "high", "start": "2026-03-02",
         "due": "2026-03-02", "assignee": "ada"},
        {"key": "WEB-1", "title": "later", "status": "backlog", "priority": "none", "due": "2026-03-07",
         "initiative": "WEB-I2", "milestone": "WEB-M1"},
    ]  # fmt: skip
    assert "left_out" not in answer


def test_one_project_shows_its_own(turbo: Turbo) -> None:
    for project in ("WEB", "APP"):
        turbo.call("create_issue", project=project, title="t", due="today")
        turbo.call("create_milestone", project=project, title="t", due="today")
    answer = timeline(turbo, project="app")
    assert (keys(answer), keys(answer, "plans")) == (["APP-1"], ["APP-M1"])


def test_what_is_over_archived_or_out_of_the_span_is_left_out(turbo: Turbo) -> None:
    for title, fields in {
        "done": {"status": "done", "due": "today"}, "early": {"due": "2026-01-01"}, "late": {"due": "2027-01-01"},
        "archived": {"due": "today"},
    }.items():  # fmt: skip
        turbo.call("create_issue", project="WEB", title=title, **fields)
    turbo.call("archive_item", key="WEB-4")
    turbo.call("create_milestone", project="WEB", title="closed long ago", status="closed", due="2026-01-01")
    turbo.call("create_milestone", project="WEB", title="closed lately", status="closed", due="2026-02-20")
    turbo.call("create_milestone", project="WEB", title="late and open", due="2026-01-01")
    turbo.call("create_issue", project="APP", title="of an archived project", due="today")
    turbo.call("archive_item", key="APP")
    answer = timeline(turbo)
    assert (keys(answer), keys(answer, "plans")) == ([], ["WEB-M3", "WEB-M2"])
    assert keys(timeline(turbo, to="2027-02-01")) == ["WEB-3"]
    assert keys(timeline(turbo, **{"from": "2025-12-01"})) == ["WEB-2"]


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ({"from": "2026-05-01", "to": "2026-04-01"}, "is before"),
        ({"from": "2020-01-01", "to": "2026-04-01"}, "over 800 days"),
        ({"from": "yesteryear"}, "is not a date"),
    ],
)
def test_a_span_that_is_none_is_refused(turbo: Turbo, span: dict[str, str], said: str) -> None:
    with pytest.raises(ToolFailed, match=said) as refused:
        timeline(turbo, **span)
    assert refused.value.status == 422


def test_more_than_there_is_room_for_is_said(turbo: Turbo) -> None:
    for part in range(0, 550, 50):
        rows = [{"project": "WEB", "title": f"{part + each}", "due": "today"} for each in range(50)]
        turbo.call("create_issues", issues=rows)
    answer = timeline(turbo)
    assert (len(answer["issues"]), answer["left_out"]) == (500, "more than 500 issues: the earliest are shown")


def test_nothing_of_a_private_project_is_in_it(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="APP", title="hidden goal", due="today")
    turbo.call("create_issue", project="APP", title="hidden", due="today")
    turbo.call("create_issue", project="WEB", title="seen", due="today", initiative="APP-I1")
    turbo.ada.ask("POST", "/v1/access", project="APP", private=True)
    eve = turbo.person("eve")
    answer = eve.ask("GET", "/v1/timeline")
    assert (keys(answer), keys(answer, "plans")) == (["WEB-1"], [])
    assert "initiative" not in answer["issues"][0]
    with pytest.raises(ToolFailed, match="There is no project"):
        eve.ask("GET", "/v1/timeline", project="APP")


def test_the_number_of_statements_does_not_grow(turbo: Turbo) -> None:
    def statements() -> int:
        with turbo.counting() as seen:
            timeline(turbo)
        return len(seen)

    turbo.call("create_milestone", project="WEB", title="t", due="today")
    turbo.call("create_initiative", project="WEB", title="t", due="today")
    first = statements()
    for number in range(6):
        turbo.call("create_milestone", project="WEB", title=f"m{number}", due="today")
        turbo.call("create_issue", project="WEB", title=f"i{number}", due="today", milestone="WEB-M1")
    assert statements() == first
