"""get_status: one screen, whatever there is."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.server.harness import Turbo

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday


@pytest.fixture
def monday(database_url: str) -> Iterator[Turbo]:
    with Turbo(database_url, clock=lambda: NOON) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        yield turbo


def test_a_new_workspace_is_told_how_to_begin(turbo: Turbo) -> None:
    assert "create_project" in turbo.call("get_status")["next"]
    turbo.call("create_project", key="TURBO", name="Turbo")
    assert "create_issue" in turbo.call("get_status")["next"]


def test_sections_hold_what_belongs_to_the_caller(monday: Turbo) -> None:
    monday.person("bob")
    monday.call("create_issue", project="TURBO", title="mine", status="in_progress")
    monday.call("create_issue", project="TURBO", title="bob's", status="in_progress", assignee="bob")
    monday.call("create_issue", project="TURBO", title="late", due="2026-11-20")
    monday.call("create_issue", project="TURBO", title="soon", due="friday")
    monday.call("create_issue", project="TURBO", title="far", due="+8d")
    monday.call("create_issue", project="TURBO", title="done", due="2026-11-19", status="done")
    status = monday.call("get_status", project="turbo")
    shown = {name: [line["title"] for line in status[name]["items"]] for name in ("in_progress", "overdue")}
    assert shown == {"in_progress": ["mine"], "overdue": ["late"]}
    assert [(line["title"], line["why"]) for line in status["due_in_7_days"]["items"]] == [("soon", "due in 4 days")]
    assert (status["today"], status["open"], status["scope"]) == ("2026-11-23", 5, "TURBO")


def test_the_queue_explains_each_rank(monday: Turbo) -> None:
    monday.call("create_issue", project="TURBO", title="plain")
    monday.call("create_issue", project="TURBO", title="high", priority="high")
    monday.call("create_issue", project="TURBO", title="opens the way", priority="high", status="ready")
    monday.call("create_issue", project="TURBO", title="waits", priority="urgent", blocked_by=["TURBO-3"])
    monday.call("create_issue", project="TURBO", title="late", due="2026-11-22")
    monday.call("create_issue", project="TURBO", title="stuck", priority="urgent", status="blocked")
    queue = monday.call("get_status")["queue"]
    assert [(line["title"], line["why"]) for line in queue["items"]] == [
        ("late", "1 day overdue"),
        ("opens the way", "high priority, unblocks 1 (TURBO-4, urgent), ready"),
        ("high", "high priority"),
        ("plain", "0 days old"),
    ]
    assert monday.call("get_status")["blocked"] == 2


def test_the_screen_stays_under_4000_characters(turbo: Turbo) -> None:
    turbo.call("create_project", key="ABCDEFGHIJ", name="x")
    for number in range(40):
        turbo.call(
            "create_issue", project="ABCDEFGHIJ", title='"漢\\' * 100, status=("in_progress", "ready")[number % 2],
            due=("2020-01-01", "tomorrow")[number // 2 % 2], assignee="me", priority="medium",
        )  # fmt: skip
    for _ in range(5):
        turbo.call("log_work", text="é\n" * 500, issue="ABCDEFGHIJ-1", minutes=10_000)
    answer = turbo.ada.answer("get_status", b"{}").body.decode()
    assert 3_000 < len(answer) <= 4_000
    status = turbo.call("get_status")
    assert [status[name]["total"] for name in ("in_progress", "overdue", "due_in_7_days")] == [20, 20, 20]
    assert all(status[name]["items"] for name in ("in_progress", "overdue", "due_in_7_days", "queue"))


def test_the_number_of_statements_does_not_grow_with_the_data(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="x")
    few = statements(turbo)
    for number in range(60):
        turbo.call("create_issue", project="TURBO", title="x", due="tomorrow", labels=[f"l{number}"])
    assert statements(turbo) == few


def statements(turbo: Turbo) -> int:
    with turbo.counting() as counted:
        turbo.call("get_status")
    return len(counted)
