"""The work queue: its order, the reasons it gives, and the places that people give by hand."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.server.harness import Turbo
from turbo_server.kit.sql import Statement, sql
from turbo_server.overview import store as overview_store
from turbo_server.queue import pool_store

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday


@pytest.fixture
def turbo(database_url: str) -> Iterator[Turbo]:
    with Turbo(database_url, clock=lambda: NOON) as server:
        server.call("create_project", key="TURBO", name="Turbo")
        yield server


def create(turbo: Turbo, title: str, **fields: object) -> str:
    key: str = turbo.call("create_issue", project="TURBO", title=title, **fields)["key"]
    return key


def line(turbo: Turbo, **arguments: object) -> list[tuple[str, str]]:
    """(title, why) of the next issue and those behind it."""
    answer = turbo.call("next_issue", **arguments)
    first = [(answer["issue"]["title"], answer["why"])] if "issue" in answer else []
    return first + [(each["title"], each["why"]) for each in answer["then"]]


def titles(turbo: Turbo) -> list[str]:
    return [title for title, _ in line(turbo)]


def queue(turbo: Turbo, **arguments: object) -> list[str]:
    return [each["title"] for each in turbo.call("get_status", **arguments)["queue"]["items"]]


def test_every_place_says_why(turbo: Turbo) -> None:
    create(turbo, "low", priority="low")
    create(turbo, "begun", status="in_progress")
    create(turbo, "today", due="today")
    create(turbo, "urgent", priority="urgent")
    assert line(turbo) == [
        ("begun", "already started"),
        ("today", "due today"),
        ("urgent", "urgent priority"),
        ("low", "low priority"),
    ]


def test_what_the_important_wait_for_is_as_important(turbo: Turbo) -> None:
    create(turbo, "high", priority="high")
    opener = create(turbo, "opens", priority="low")
    create(turbo, "waits", priority="urgent", blocked_by=[opener])
    create(turbo, "waits too", blocked_by=[opener])
    assert line(turbo) == [("opens", "low priority, unblocks 2 (TURBO-3, urgent)"), ("high", "high priority")]


def test_what_is_not_ones_own_to_take_is_left_out(turbo: Turbo) -> None:
    bob = turbo.person("bob")
    create(turbo, "bob's", assignee="bob")
    create(turbo, "bob began", assignee="bob", status="in_progress")
    create(turbo, "stuck", status="blocked")
    create(turbo, "in review", status="in_review", assignee="me")
    first = create(turbo, "free")
    create(turbo, "waits", blocked_by=[first])
    create(turbo, "over", status="done")
    assert titles(turbo) == ["free"]
    assert bob.call("next_issue")["issue"]["title"] == "bob began"


def test_one_project_or_all(turbo: Turbo) -> None:
    turbo.call("create_project", key="OTHER", name="x")
    turbo.call("create_issue", project="OTHER", title="there", priority="urgent")
    create(turbo, "here")
    assert titles(turbo) == ["there", "here"]
    assert line(turbo, project="turbo") == [("here", "0 days old")]
    assert turbo.refused("next_issue", project="NOPE").code == "project_not_found"


def test_with_nothing_to_do_it_says_why_and_what_helps(turbo: Turbo) -> None:
    assert "create_issue" in turbo.call("next_issue", claim=True)["nothing"]
    turbo.person("bob")
    create(turbo, "bob's", assignee="bob")
    create(turbo, "stuck", status="blocked")
    create(turbo, "in review", status="in_review")
    answer = turbo.call("next_issue")
    assert answer["then"] == []
    assert "of 3 open, 1 blocked or waiting for another, 1 in review, 1 assigned to others" in answer["nothing"]
    assert "list_issues(blocked=true)" in answer["nothing"]


def test_an_issue_comes_with_all_that_it_needs_to_begin(turbo: Turbo) -> None:
    parent = create(turbo, "whole")
    handoff = {"state": "half done", "next_step": "write the other half"}
    create(turbo, "part", parent=parent, description="x" * 30_000, criteria=["it works"], priority="high")
    turbo.call("update_issue", key="TURBO-2", handoff=handoff)
    answer = turbo.call("next_issue")
    issue: dict[str, Any] = answer["issue"]
    assert list(issue)[:4] == ["key", "kind", "title", "handoff"]
    assert (issue["handoff"], issue["criteria"], issue["parent"]["key"]) == (handoff, ["[ ] it works"], "TURBO-1")
    assert issue["description_cut"]["next"].startswith("get_item(key=TURBO-2")


def test_the_largest_issue_still_fits_a_result(turbo: Turbo) -> None:
    long = "漢" * 290
    create(turbo, long, description='"\\' * 20_000, criteria=[long] * 25, labels=["l" * 50])
    turbo.call("update_issue", key="TURBO-1", handoff={"state": "漢" * 1_500})
    for _ in range(25):
        create(turbo, long, blocked_by=["TURBO-1"])
    for _ in range(3):
        create(turbo, long)
    assert len(turbo.ada.answer("next_issue", b"{}").body.decode()) < 20_000


def test_placed_by_hand_comes_first_and_stays(turbo: Turbo) -> None:
    for name in ("a", "b", "c", "d"):
        create(turbo, name)
    create(turbo, "urgent", priority="urgent")

    def place(key: str, where: str) -> str:
        shown: str = turbo.call("update_issue", key=key, place=where)["place"]
        return shown

    assert place("TURBO-3", "top") == "1 of 1 placed by hand"
    assert place("TURBO-2", "bottom") == "2 of 2 placed by hand"
    assert place("TURBO-4", "Before turbo-2") == "2 of 3 placed by hand"
    assert queue(turbo) == ["c", "d", "b", "urgent", "a"]
    assert line(turbo)[1] == ("d", "placed by hand as number 2")
    assert place("TURBO-1", "after TURBO-3") == "2 of 4 placed by hand"
    assert place("TURBO-3", "bottom") == "4 of 4 placed by hand"
    assert queue(turbo) == ["a", "d", "b", "c", "urgent"]
    assert place("TURBO-1", "none") == "automatic"
    assert queue(turbo) == ["d", "b", "c", "urgent", "a"]


def test_what_is_done_loses_its_place(turbo: Turbo) -> None:
    create(turbo, "a")
    turbo.call("update_issue", key="TURBO-1", place="top")
    turbo.call("update_issue", key="TURBO-1", status="done")
    assert turbo.refused("update_issue", key="TURBO-1", place="top").code == "conflict"
    turbo.call("update_issue", key="TURBO-1", status="ready")
    assert line(turbo) == [("a", "ready")]


def test_a_place_that_is_none_is_refused_with_the_ones_there_are(turbo: Turbo) -> None:
    create(turbo, "a")
    create(turbo, "b")
    for place in ("first", "before", "before TURBO", "after 12", "top of it", "TURBO-1"):
        assert "`place`" in turbo.refused("update_issue", key="TURBO-1", place=place).message
    refusal = turbo.refused("update_issue", key="TURBO-1", place="before TURBO-2")
    assert refusal.code == "not_placed"
    assert "update_issue(key=TURBO-2, place=top)" in refusal.hint
    assert turbo.refused("update_issue", key="TURBO-1", place="before TURBO-1").code == "conflict"
    assert turbo.refused("update_issue", key="TURBO-1", place="after TURBO-99").code == "issue_not_found"


def test_many_placed_at_one_spot_at_once_get_places_of_their_own(turbo: Turbo) -> None:
    for number in range(9):
        create(turbo, str(number))
    turbo.call("update_issue", key="TURBO-9", place="top")
    turbo.together([("update_issue", {"key": f"TURBO-{number}", "place": "after TURBO-9"}) for number in range(1, 9)])
    ranks = [row["rank"] for row in turbo.run(turbo.with_database(lambda db: db.fetch(sql("select rank from issues"))))]
    assert len(set(ranks)) == 9
    assert turbo.call("update_issue", key="TURBO-9", place="bottom")["place"] == "9 of 9 placed by hand"
    for number in range(1, 9):
        turbo.call("update_issue", key=f"TURBO-{number}", place="bottom")
    assert queue(turbo) == ["8", "0", "1", "2", "3", "4"]


def test_placing_one_writes_no_other(turbo: Turbo) -> None:
    for number in range(20):
        create(turbo, str(number))
        turbo.call("update_issue", key=f"TURBO-{number + 1}", place="top")
    with turbo.counting() as seen:
        turbo.call("update_issue", key="TURBO-1", place="before TURBO-10")
    assert len([text for text in seen if text.strip().startswith("update issues")]) == 1


def test_ranking_writes_nothing(turbo: Turbo) -> None:
    create(turbo, "a")
    with turbo.counting() as seen:
        turbo.call("next_issue")
        turbo.call("get_status")
    assert not [text for text in seen if text.strip().split()[0] in ("insert", "delete")]
    assert not [text for text in seen if text.strip().startswith("update issues")]


def test_a_milestone_that_is_due_soon_pulls_its_issues(turbo: Turbo) -> None:
    create(turbo, "plain")
    create(turbo, "planned")
    turbo.run(turbo.with_database(add_milestone))
    assert line(turbo) == [("planned", "TURBO-M1 due in 4 days"), ("plain", "0 days old")]


async def add_milestone(db: Any) -> None:
    row = await db.fetch_one(sql("select id, workspace_id, project_id, created_by from issues where number = 2"))
    due = datetime(2026, 11, 27, tzinfo=UTC).date()
    made = await db.fetch_one(
        sql("""
            insert into milestones (workspace_id, project_id, number, title, description, status, due, created_by,
                                    created_at, updated_at)
            values ($1, $2, 1, 'm', '', 'open', $3, $4, $5, $5) returning id
        """),
        row["workspace_id"], row["project_id"], due, row["created_by"], NOON,
    )  # fmt: skip
    await db.fetch(sql("update issues set milestone_id = $1 where id = $2 returning id"), made["id"], row["id"])


@pytest.mark.parametrize("statement", [*pool_store.STATEMENTS, *overview_store.STATEMENTS])
def test_sqlite_walks_along_indexes_and_scans_no_table(sqlite_template: Path, statement: Statement) -> None:
    """Without statistics, as a database is that nobody has analysed."""
    with sqlite3.connect(sqlite_template) as db:
        rows = db.execute(f"explain query plan {statement.sqlite}", {str(number): 1 for number in range(1, 8)})
        plan = [row[3].split() for row in rows]
    derived = {step[1] for step in plan if step[0] in ("CO-ROUTINE", "MATERIALIZE")} | {"CONSTANT"}
    scanned = {step[1] for step in plan if step[0] == "SCAN"}
    assert any(step[0] == "SEARCH" for step in plan)
    assert scanned <= derived | {"open_issues", "n"}, plan


def test_an_archived_project_offers_nothing_and_says_why(turbo: Turbo) -> None:
    turbo.call("create_project", key="OLD", name="Old")
    turbo.call("create_issue", project="OLD", title="Left behind")
    turbo.call("archive_item", key="OLD")
    for claim in (False, True):
        answer = turbo.call("next_issue", project="OLD", claim=claim)
        assert answer == {"then": [], "nothing": "OLD is archived: restore_item(key=OLD) brings it back."}
