"""Logging work, with totals and the status moved along."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.server.harness import Turbo


@pytest.fixture(autouse=True)
def issue(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="x")


def test_totals_count_the_issue_and_the_day(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="y")
    turbo.call("log_work", text="a", issue="TURBO-2", minutes=7)
    turbo.call("log_work", text="b", issue="turbo-1", minutes="30", commit="abc123", branch="fix/login")
    turbo.person("bob").call("log_work", text="c", issue="TURBO-1", minutes=5)
    receipt = turbo.call("log_work", text="d", issue="TURBO-1")
    assert receipt == {
        "logged": "d",
        "issue": "TURBO-1",
        "status": "backlog",
        "minutes_today": 37,
        "minutes_total": 35,
        "entries": 3,
    }
    item = turbo.call("get_item", key="TURBO-1", include="work_log")
    assert (item["minutes"], item["work_logs"]) == (35, 3)
    latest = [(entry["author"], entry["text"]) for entry in item["latest_work"]]
    assert latest == [("ada", "d"), ("bob", "c"), ("ada", "b")]
    assert item["latest_work"][2]["commit"] == "abc123"


def test_status_moves_along(turbo: Turbo) -> None:
    receipt = turbo.call("log_work", text="began", issue="TURBO-1", status="in_progress")
    assert (receipt["status"], receipt["status_before"]) == ("in_progress", "backlog")
    assert turbo.call("get_item", key="TURBO-1")["assignee"] == "ada"


def test_a_refused_status_logs_nothing(turbo: Turbo) -> None:
    assert "needs `issue`" in turbo.refused("log_work", text="x", status="done").message
    assert turbo.refused("log_work", text="x", issue="TURBO-9", status="done").code == "issue_not_found"
    assert turbo.call("get_status")["recent_work"] == []


def test_work_without_an_issue_belongs_to_a_project_or_none(turbo: Turbo) -> None:
    assert turbo.call("log_work", text="read the papers")["minutes_today"] == 0
    assert turbo.call("log_work", text="set-up", project="turbo")["project"] == "TURBO"
    turbo.call("create_project", key="WEB", name="Web")
    assert turbo.refused("log_work", text="x", issue="TURBO-1", project="WEB").code == "wrong_project"


def test_the_day_is_the_callers_own(database_url: str) -> None:
    moment = [datetime(2026, 11, 24, 6, 30, tzinfo=UTC)]
    with Turbo(database_url, clock=lambda: moment[0]) as turbo:
        turbo.call("create_project", key="CLOCK", name="x")
        west = turbo.person("wes", utc_offset=timedelta(hours=-8))
        west.call("log_work", text="late in the evening of the 23rd", minutes=10)
        moment[0] += timedelta(hours=2)
        assert west.call("log_work", text="after midnight", minutes=1)["minutes_today"] == 1
        assert west.call("create_issue", project="CLOCK", title="x", due="tomorrow")["key"] == "CLOCK-1"
        assert west.call("get_item", key="CLOCK-1")["due"] == "2026-11-25"


@pytest.mark.parametrize(
    ("given", "minutes"), [("2h", 120), ("1h30m", 90), ("90m", 90), ("1.5h", 90), ("1 h 5 min", 65), ("45", 45), (7, 7)]
)
def test_a_time_is_read_as_minutes(turbo: Turbo, given: object, minutes: int) -> None:
    assert turbo.call("log_work", text="x", issue="TURBO-1", minutes=given)["minutes"] == minutes


@pytest.mark.parametrize("given", ["long", "h", "", "2h30", "1d", "2h 2h"])
def test_a_time_that_is_none_says_how_to_write_one(turbo: Turbo, given: str) -> None:
    message = turbo.refused("log_work", text="x", issue="TURBO-1", minutes=given).message
    assert "`minutes` must be whole minutes, such as 120, or a time such as 2h, 1h30m or 90m" in message


def test_work_on_nothing_is_kept_with_a_warning(turbo: Turbo) -> None:
    assert "issue=TURBO-12" in turbo.call("log_work", text="x")["next"]
    assert "next" not in turbo.call("log_work", text="x", project="TURBO")
    assert "next" not in turbo.call("log_work", text="x", issue="TURBO-1")
