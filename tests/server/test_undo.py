"""undo of one change: shown first, refused where it would overwrite a later one, and itself undone."""

from dataclasses import replace
from typing import Any

import pytest

from tests.server.events import newest, pairs, since
from tests.server.harness import Person, Turbo


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    """Made in a session of its own, so that session-1 has what each test does."""
    before = replace(turbo.ada, caller=replace(turbo.ada.caller, session="before"))
    before.call("create_project", key="TURBO", name="Turbo")
    before.call("create_issue", project="TURBO", title="first", labels=["a"], priority="low")
    before.call("create_issue", project="TURBO", title="second")


@pytest.fixture
def grace(turbo: Turbo) -> Person:
    return turbo.person("grace", machine="desk", session="session-2")


def change(turbo: Turbo, **fields: object) -> int:
    """Changes the first issue; the event's id."""
    turbo.call("update_issue", key="TURBO-1", **fields)
    return newest(turbo)


def state(turbo: Turbo, key: str = "TURBO-1") -> dict[str, Any]:
    """Without what every write moves."""
    return {
        name: value for name, value in turbo.call("get_item", key=key).items() if name not in ("updated_at", "version")
    }


FIELDS: list[dict[str, object]] = [
    {"title": "other"},
    {"description": "漢字\r\n\tcode\n\n"},
    {"type": "bug"},
    {"status": "done"},
    {"status": "in_progress"},
    {"priority": "urgent"},
    {"assignee": "me"},
    {"due": "2026-12-31"},
    {"labels": ["b", "c"]},
    {"parent": "TURBO-2"},
    {"blocked_by": ["TURBO-2"]},
    {"criteria": ["[ ] one", "[x] two"]},
    {"handoff": {"state": "half done", "next_step": "the rest"}},
    {"status": "in_review", "due": "tomorrow", "labels": [], "title": "all at once"},
]


@pytest.mark.parametrize("fields", FIELDS, ids="+".join)
def test_every_field_goes_back_and_forth(turbo: Turbo, fields: dict[str, object]) -> None:
    before = state(turbo)
    event = change(turbo, **fields)
    after = state(turbo)
    shown = turbo.call("undo", event=event)
    assert (shown["would_undo"], "in_the_way" in shown) == (1, False)
    assert state(turbo) == after, "without confirm nothing is changed"
    assert turbo.call("undo", event=event, confirm=True)["undone"] == 1
    assert state(turbo) == before
    undone = newest(turbo)
    assert turbo.call("undo", event=undone, confirm=True)["undone"] == 1
    assert state(turbo) == after
    turbo.call("undo", event=newest(turbo), confirm=True)
    assert state(turbo) == before


def test_an_undo_is_an_event_that_names_what_it_takes_back(turbo: Turbo) -> None:
    event = change(turbo, title="other")
    turbo.call("undo", event=event, confirm=True)
    (undone,) = since(turbo, event)
    assert (undone["action"], undone["undoes"], undone["key"]) == ("undone", event, "TURBO-1")
    assert pairs(undone) == {"title": ("other", "first")}


def test_it_says_in_words_what_it_would_do(turbo: Turbo) -> None:
    event = change(turbo, status="ready", due="2026-12-31", labels=["x", "y"])
    shown = turbo.call("undo", event=event)
    (step,) = shown["steps"]
    assert step["what"] == "status: ready -> backlog; due: 2026-12-31 -> none; labels: x, y -> a"
    assert (step["by"], step["key"], step["action"]) == ("ada", "TURBO-1", "updated")
    assert shown["next"] == f"undo(event={event}, confirm=true) does it"


def test_a_long_text_is_put_back_exactly(turbo: Turbo) -> None:
    long, longer = "é漢\r\n" * 20_000, "\u202eother " * 20_000
    change(turbo, description=long)
    event = change(turbo, description=longer)
    turbo.call("undo", event=event, confirm=True)
    shown = turbo.call("get_item", key="TURBO-1", offset=0)
    assert shown["description_cut"]["total"] == len(long)
    assert pairs(since(turbo, event)[0])["description"] == (longer.replace("\u202e", ""), long)


def test_a_later_change_is_not_overwritten(turbo: Turbo, grace: Person) -> None:
    event = change(turbo, title="mine", priority="high")
    grace.call("update_issue", key="TURBO-1", title="hers")
    later = newest(turbo)
    shown = turbo.call("undo", event=event)
    assert len(shown["in_the_way"]) == 1
    failure = turbo.refused("undo", event=event, confirm=True)
    assert (failure.status, failure.code) == (409, "cannot_undo")
    assert f"TURBO-1 title is hers now: event {later} (grace on desk, session session-2, 20" in failure.message
    assert state(turbo)["title"] == "hers"
    assert state(turbo)["priority"] == "high"


def test_a_later_change_of_another_field_is_no_obstacle(turbo: Turbo, grace: Person) -> None:
    event = change(turbo, title="mine")
    grace.call("update_issue", key="TURBO-1", priority="high")
    turbo.call("undo", event=event, confirm=True)
    assert (state(turbo)["title"], state(turbo)["priority"]) == ("first", "high")


def test_when_the_later_change_is_taken_back_the_earlier_can_be_too(turbo: Turbo, grace: Person) -> None:
    event = change(turbo, title="mine")
    grace.call("update_issue", key="TURBO-1", title="hers")
    grace.call("undo", event=newest(turbo), confirm=True)
    turbo.call("undo", event=event, confirm=True)
    assert state(turbo)["title"] == "first"


def test_one_change_is_undone_once(turbo: Turbo) -> None:
    event = change(turbo, title="mine")
    turbo.call("undo", event=event, confirm=True)
    undone = newest(turbo)
    assert f"undo(event={undone}) brings it back" in turbo.call("undo", event=event)["in_the_way"][0]
    failure = turbo.refused("undo", event=event, confirm=True)
    assert f"undone already, by ada in event {undone}" in failure.message


@pytest.mark.parametrize("what", ["fields", "comment"])
def test_of_two_that_undo_at_once_one_does(turbo: Turbo, what: str) -> None:
    if what == "fields":
        event = change(turbo, title="mine")
    else:
        turbo.call("add_comment", key="TURBO-1", text="x")
        event = newest(turbo)
    outcomes = turbo.together([("undo", {"event": event, "confirm": True})] * 4)
    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert len(since(turbo, event)) == 1


def test_a_creation_is_put_away_and_brought_back(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="third")
    event = newest(turbo)
    assert turbo.call("undo", event=event)["steps"][0]["what"] == "archives it"
    turbo.call("undo", event=event, confirm=True)
    assert turbo.call("get_item", key="TURBO-3")["archived_at"]
    assert turbo.call("list_issues", text="third")["total"] == 0
    undone = newest(turbo)
    assert turbo.call("undo", event=undone)["steps"][0]["what"] == "restores it"
    turbo.call("undo", event=undone, confirm=True)
    assert turbo.call("list_issues", text="third")["total"] == 1


def test_a_creation_that_others_built_on_stays(turbo: Turbo, grace: Person) -> None:
    turbo.call("create_issue", project="TURBO", title="third")
    event = newest(turbo)
    turbo.call("update_issue", key="TURBO-3", title="by its maker")
    assert "in_the_way" not in turbo.call("undo", event=event)
    for hers in (
        ("add_comment", {"key": "TURBO-3", "text": "good idea"}),
        ("update_issue", {"key": "TURBO-3", "priority": "high"}),
        ("log_work", {"issue": "TURBO-3", "text": "began"}),
    ):
        grace.call(hers[0], **hers[1])
        later = newest(turbo)
        said = turbo.refused("undo", event=event, confirm=True).message
        assert f"event {later} (grace on desk, session session-2" in said
        grace.call("undo", event=later, confirm=True)
        assert "in_the_way" not in turbo.call("undo", event=event), "what was taken back counts no more"


def test_another_session_of_the_same_person_is_another_writer(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="third")
    event = newest(turbo)
    other = replace(turbo.ada, caller=replace(turbo.ada.caller, session="session-9"))
    other.call("update_issue", key="TURBO-3", status="ready")
    assert "session session-9" in turbo.refused("undo", event=event, confirm=True).message


def test_a_change_of_what_was_archived_since_is_undone_all_the_same(turbo: Turbo) -> None:
    event = change(turbo, title="mine")
    turbo.call("archive_item", key="TURBO-1")
    turbo.call("undo", event=event, confirm=True)
    assert state(turbo)["title"] == "first"


def test_lists_without_an_order_are_compared_as_sets(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="third")
    event = change(turbo, labels=["z", "B", "a"], blocked_by=["TURBO-3", "TURBO-2"])
    turbo.call("undo", event=event, confirm=True)
    assert state(turbo)["labels"] == ["a"]
    assert "blocked_by" not in state(turbo)


def test_what_would_close_a_circle_is_refused_and_changes_nothing(turbo: Turbo) -> None:
    change(turbo, blocked_by=["TURBO-2"])
    event = change(turbo, blocked_by=[], title="other")
    turbo.call("update_issue", key="TURBO-2", blocked_by=["TURBO-1"])
    last = newest(turbo)
    failure = turbo.refused("undo", event=event, confirm=True)
    assert failure.code == "cannot_undo"
    assert "close a circle" in failure.message
    assert state(turbo)["title"] == "other"
    assert since(turbo, last) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "invalid_arguments"),
        ({"event": 1, "session": "mine"}, "invalid_arguments"),
        ({"event": 0}, "invalid_arguments"),
        ({"event": 999}, "event_not_found"),
        ({"event": 2**53 - 1}, "event_not_found"),
        ({"session": "nobody's"}, "session_not_found"),
        ({"session": ""}, "invalid_arguments"),
    ],
)
def test_what_is_not_there_is_said(turbo: Turbo, arguments: dict[str, object], code: str) -> None:
    for confirm in (False, True):
        assert turbo.refused("undo", **arguments, confirm=confirm).code == code


def test_mine_needs_a_session(turbo: Turbo) -> None:
    alone = replace(turbo.ada, caller=replace(turbo.ada.caller, session=None))
    assert "no agent session" in alone.refused("undo", session="mine").message
