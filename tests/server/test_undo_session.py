"""undo of all changes of one agent session: newest first, all or nothing."""

import time
from dataclasses import replace
from typing import Any

import pytest

from tests.server.events import newest, since
from tests.server.harness import Person, Turbo

MANY = 500


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    before = replace(turbo.ada, caller=replace(turbo.ada.caller, session="before"))
    before.call("create_project", key="TURBO", name="Turbo")
    for title in ("first", "second"):
        before.call("create_issue", project="TURBO", title=title)


@pytest.fixture
def grace(turbo: Turbo) -> Person:
    return turbo.person("grace", machine="desk", session="session-2")


def everything(turbo: Turbo) -> list[dict[str, Any]]:
    keys = [row["key"] for row in turbo.call("list_issues", sort="key")["items"]]
    items = [turbo.call("get_item", key=key, include=["comments", "work_log"]) for key in keys]
    return [{name: value for name, value in item.items() if name not in ("updated_at", "version")} for item in items]


def work(turbo: Turbo) -> None:
    """What a session does: 9 events."""
    turbo.call("update_issue", key="TURBO-1", status="in_progress", title="once", note="began")
    turbo.call("update_issue", key="TURBO-1", title="twice", labels=["new"])
    turbo.call("create_issue", project="TURBO", title="third", parent="TURBO-1")
    turbo.call("create_issue", project="TURBO", title="fourth", blocked_by=["TURBO-3"])
    turbo.call("update_issue", key="TURBO-2", blocked_by=["TURBO-4"])
    turbo.call("log_work", text="did it", issue="TURBO-1", minutes=5, status="done")
    turbo.call("add_comment", key="TURBO-2", text="see TURBO-4")


def test_all_changes_of_a_session_are_taken_back_and_brought_back(turbo: Turbo) -> None:
    before = everything(turbo)
    last = newest(turbo)
    work(turbo)
    after = everything(turbo)
    shown = turbo.call("undo", session="mine")
    assert shown["would_undo"] == 9
    assert [step["event"] for step in shown["steps"]] == sorted(
        (step["event"] for step in shown["steps"]), reverse=True
    )
    assert everything(turbo) == after
    done = since(turbo, last)
    assert turbo.call("undo", session="mine", confirm=True)["undone"] == 9
    assert everything(turbo) == before
    made = since(turbo, done[-1]["id"])
    assert [event["undoes"] for event in made] == [event["id"] for event in reversed(done)]
    for event in reversed(made):
        turbo.call("undo", event=event["id"], confirm=True)
    assert everything(turbo) == after


def test_a_session_is_undone_by_another_and_by_its_name(turbo: Turbo, grace: Person) -> None:
    before = everything(turbo)
    work(turbo)
    assert grace.call("undo", session="session-1", confirm=True)["undone"] == 9
    assert everything(turbo) == before
    assert turbo.call("undo", session="mine")["would_undo"] == 0
    assert grace.call("undo", session="mine", confirm=True)["undone"] == 9, "her undo was a change of her session"


def test_one_obstacle_keeps_all_of_it(turbo: Turbo, grace: Person) -> None:
    work(turbo)
    grace.call("update_issue", key="TURBO-2", blocked_by=[])
    last, now = newest(turbo), everything(turbo)
    shown = turbo.call("undo", session="mine")
    assert [f"event {last} (grace" in said for said in shown["in_the_way"]] == [True]
    assert shown["would_undo"] == 9
    assert turbo.refused("undo", session="mine", confirm=True).code == "cannot_undo"
    assert everything(turbo) == now
    assert since(turbo, last) == []


def test_what_the_session_undid_itself_is_left_out(turbo: Turbo) -> None:
    before = everything(turbo)
    turbo.call("update_issue", key="TURBO-1", title="a")
    turbo.call("update_issue", key="TURBO-2", title="b")
    turbo.call("undo", event=newest(turbo), confirm=True)
    assert turbo.call("undo", session="mine")["would_undo"] == 1
    turbo.call("undo", session="mine", confirm=True)
    assert everything(turbo) == before
    assert turbo.call("undo", session="mine", confirm=True) == {
        "undone": 0,
        "steps": [],
        "next": "nothing is left to undo",
    }


def test_what_the_session_undid_and_did_again_is_taken_back(turbo: Turbo) -> None:
    before = everything(turbo)
    turbo.call("update_issue", key="TURBO-1", title="a")
    for _ in range(2):
        turbo.call("undo", event=newest(turbo), confirm=True)
    assert turbo.call("get_item", key="TURBO-1")["title"] == "a"
    turbo.call("undo", session="mine", confirm=True)
    assert everything(turbo) == before


def test_what_somebody_else_undid_is_left_out(turbo: Turbo, grace: Person) -> None:
    turbo.call("update_issue", key="TURBO-1", title="a")
    grace.call("undo", event=newest(turbo), confirm=True)
    grace.call("update_issue", key="TURBO-1", title="hers")
    assert turbo.call("undo", session="mine")["would_undo"] == 0


def test_a_project_and_all_that_the_session_put_into_it_go_together(turbo: Turbo) -> None:
    turbo.call("create_project", key="NEW", name="New")
    turbo.call("create_issue", project="NEW", title="top")
    turbo.call("create_issue", project="NEW", title="below", parent="NEW-1", blocked_by=["TURBO-1"])
    turbo.call("undo", session="mine", confirm=True)
    assert [row["key"] for row in turbo.call("list_projects")["items"]] == ["TURBO"]
    assert turbo.call("get_item", key="NEW-2")["archived_at"]


def test_edges_that_were_turned_round_are_turned_back(turbo: Turbo) -> None:
    """In any order but newest first, a state between would be a circle."""
    turbo.call("update_issue", key="TURBO-2", blocked_by=["TURBO-1"])
    before = everything(turbo)
    second = replace(turbo.ada, caller=replace(turbo.ada.caller, session="session-9"))
    second.call("update_issue", key="TURBO-2", blocked_by=[])
    second.call("update_issue", key="TURBO-1", blocked_by=["TURBO-2"])
    second.call("undo", session="mine", confirm=True)
    assert everything(turbo) == before


def test_what_an_undo_would_put_under_an_item_that_it_archives_is_noticed(turbo: Turbo, grace: Person) -> None:
    turbo.call("create_issue", project="TURBO", title="top")
    grace.call("update_issue", key="TURBO-1", parent="TURBO-3")
    turbo.call("update_issue", key="TURBO-1", parent="none")
    assert "TURBO-3 has TURBO-1" in turbo.refused("undo", session="mine", confirm=True).message


def test_five_hundred_changes_in_reasonable_time(turbo: Turbo) -> None:
    calls: list[tuple[str, dict[str, object]]] = [
        ("create_issue", {"project": "TURBO", "title": f"n {number}", "labels": ["many"]}) for number in range(250)
    ]
    turbo.together(calls)
    calls = [("update_issue", {"key": f"TURBO-{number}", "status": "ready"}) for number in range(3, 253)]
    turbo.together(calls)
    start = time.monotonic()
    shown = turbo.ada.answer("undo", b'{"session":"mine"}')
    assert len(shown.body) < 20_000
    report = turbo.call("undo", session="mine", confirm=True)
    seconds = time.monotonic() - start
    assert report["undone"] == MANY
    assert len(report["steps"]) == 30
    assert turbo.call("list_issues")["total"] == 2
    assert seconds < 30, f"{seconds:.1f} s"


def test_a_session_may_be_named_by_how_it_begins(turbo: Turbo) -> None:
    before = everything(turbo)
    for session in ("6f1c22aa-1", "6f1c22ab-2"):
        person = replace(turbo.ada, caller=replace(turbo.ada.caller, session=session))
        person.call("update_issue", key="TURBO-1", title=session)
    assert turbo.call("undo", session="6f1c22ab")["would_undo"] == 1
    assert "6f1c22aa-1, 6f1c22ab-2" in turbo.refused("undo", session="6f1c22a").hint
    assert turbo.refused("undo", session="6f1c2").code == "session_not_found"
    assert turbo.refused("undo", session="6f1c22b").code == "session_not_found"
    turbo.call("undo", session="6f1c22ab", confirm=True)
    turbo.call("undo", session="6f1c22aa", confirm=True)
    assert everything(turbo) == before
