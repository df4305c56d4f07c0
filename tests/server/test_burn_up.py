"""GET /v1/burn-up: scope and done by day, told from the events."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.server.clock import Clock
from tests.server.harness import Turbo
from turbo_server.account.grants import NEVER, Grant
from turbo_server.kit.scope import Scope

DAY = 24 * 3600


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock) as server:
        server.call("create_project", key="WEB", name="Web")
        server.call("create_milestone", project="WEB", title="Beta", due="+20d")
        server.call("create_initiative", project="WEB", title="Guests can buy")
        yield server


def issue(turbo: Turbo, **fields: object) -> str:
    return str(turbo.call("create_issue", project="WEB", title="t", **fields)["key"])


def update(turbo: Turbo, key: str, **fields: object) -> None:
    turbo.call("update_issue", key=key, **fields)


def burn_up(turbo: Turbo, key: str = "WEB-M1") -> list[tuple[str, int, int]]:
    answer = turbo.ada.ask("GET", "/v1/burn-up", key=key)
    assert (answer["key"], answer.get("left_out")) == (key, None)
    return [(each["day"], each["scope"], each["done"]) for each in answer["days"]]


def test_a_plan_without_issues_has_no_days(turbo: Turbo) -> None:
    assert burn_up(turbo) == []
    assert burn_up(turbo, "WEB-I1") == []


@pytest.mark.parametrize(("field", "plan"), [("milestone", "WEB-M1"), ("initiative", "WEB-I1")])
def test_every_day_from_the_first_issue_on_says_what_was_in_it_and_what_was_done(
    turbo: Turbo, clock: Clock, field: str, plan: str
) -> None:
    first, _ = issue(turbo, **{field: plan}), issue(turbo, **{field: plan})
    later = issue(turbo)
    clock.pass_seconds(2 * DAY)
    update(turbo, first, status="done")
    clock.pass_seconds(DAY)
    update(turbo, later, **{field: plan})
    assert burn_up(turbo, plan) == [
        ("2026-03-02", 2, 0), ("2026-03-03", 2, 0), ("2026-03-04", 2, 1), ("2026-03-05", 3, 1),
    ]  # fmt: skip


def test_what_left_was_archived_cancelled_or_reopened_counts_for_as_long_as_it_was_there(
    turbo: Turbo, clock: Clock
) -> None:
    leaves, archived, cancelled, reopened = (issue(turbo, milestone="WEB-M1") for _ in range(4))
    update(turbo, reopened, status="done")
    clock.pass_seconds(DAY)
    update(turbo, leaves, milestone="none")
    clock.pass_seconds(DAY)
    turbo.call("archive_item", key=archived)
    update(turbo, reopened, status="in_progress")
    clock.pass_seconds(DAY)
    update(turbo, cancelled, status="cancelled")
    clock.pass_seconds(DAY)
    turbo.call("restore_item", key=archived)
    update(turbo, leaves, milestone="WEB-M1", status="done")
    assert burn_up(turbo) == [
        ("2026-03-02", 4, 1), ("2026-03-03", 3, 1), ("2026-03-04", 2, 0), ("2026-03-05", 1, 0), ("2026-03-06", 3, 1),
    ]  # fmt: skip


def test_what_was_undone_did_not_last(turbo: Turbo, clock: Clock) -> None:
    key = issue(turbo, milestone="WEB-M1")
    clock.pass_seconds(DAY)
    update(turbo, key, status="done")
    clock.pass_seconds(DAY)
    event = turbo.call("get_item", key=key, include=["history"])["history"][0]["event"]
    turbo.call("undo", event=event, confirm=True)
    assert [row[1:] for row in burn_up(turbo)] == [(1, 0), (1, 1), (1, 0)]


def test_the_last_day_is_what_get_item_counts(turbo: Turbo, clock: Clock) -> None:
    for status in ("done", "cancelled", "backlog", "in_progress"):
        issue(turbo, milestone="WEB-M1", status=status)
    clock.pass_seconds(DAY)
    progress = turbo.call("get_item", key="WEB-M1")["progress"]
    assert burn_up(turbo)[-1][1:] == (progress["total"], progress["done"]) == (3, 1)


def test_an_issue_that_moves_between_two_milestones_counts_in_one_at_a_time(turbo: Turbo, clock: Clock) -> None:
    turbo.call("create_milestone", project="WEB", title="Later")
    key = issue(turbo, milestone="WEB-M1", description='says "milestone":["WEB-M2" and "status":["done"')
    clock.pass_seconds(DAY)
    update(turbo, key, milestone="WEB-M2")
    assert burn_up(turbo, "WEB-M1") == [("2026-03-02", 1, 0), ("2026-03-03", 0, 0)]
    assert burn_up(turbo, "WEB-M2") == [("2026-03-03", 1, 0)]


def test_days_are_those_of_the_caller(turbo: Turbo, clock: Clock) -> None:
    clock.pass_seconds(14 * 3600)  # 23:00 UTC
    issue(turbo, milestone="WEB-M1")
    east = turbo.person("mei", utc_offset=timedelta(hours=8))
    assert [each["day"] for each in east.ask("GET", "/v1/burn-up", key="WEB-M1")["days"]] == ["2026-03-03"]
    assert [day for day, *_ in burn_up(turbo)] == ["2026-03-02"]


def test_years_are_shown_by_their_latest_days(turbo: Turbo, clock: Clock) -> None:
    issue(turbo, milestone="WEB-M1")
    reader = turbo.person("ada", Grant(Scope.READ, NEVER))
    clock.pass_seconds(500 * DAY)
    answer = reader.ask("GET", "/v1/burn-up", key="WEB-M1")
    assert (len(answer["days"]), answer["days"][0]["scope"]) == (400, 1)
    assert answer["left_out"]


@pytest.mark.parametrize("key", ["WEB-1", "WEB", "DEC-1", "nonsense"])
def test_only_initiatives_and_milestones_have_one(turbo: Turbo, key: str) -> None:
    with pytest.raises(Exception, match="is not the key of an initiative or a milestone such as TURBO-I2"):
        turbo.ada.ask("GET", "/v1/burn-up", key=key)


def test_issues_of_a_project_that_the_caller_does_not_see_are_not_counted(turbo: Turbo) -> None:
    turbo.call("create_project", key="VEIL", name="Hidden")
    issue(turbo, initiative="WEB-I1")
    turbo.call("create_issue", project="VEIL", title="secret", initiative="WEB-I1")
    moved = turbo.call("create_issue", project="VEIL", title="was in it", initiative="WEB-I1")["key"]
    update(turbo, moved, initiative="none")
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    seen = turbo.person("eve").ask("GET", "/v1/burn-up", key="WEB-I1")["days"]
    assert [each["scope"] for each in seen] == [1]
    assert burn_up(turbo, "WEB-I1")[-1][1] == 2


def test_the_number_of_statements_does_not_grow(turbo: Turbo, clock: Clock) -> None:
    def statements() -> int:
        with turbo.counting() as seen:
            burn_up(turbo)
        return len(seen)

    issue(turbo, milestone="WEB-M1")
    first: Any = statements()
    for _ in range(8):
        key = issue(turbo, milestone="WEB-M1")
        clock.pass_seconds(DAY)
        update(turbo, key, status="done")
        update(turbo, key, milestone="none")
    assert statements() == first
