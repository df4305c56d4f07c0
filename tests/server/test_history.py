"""get_item(include=history): what happened to an item, newest first."""

import pytest

from tests.server.harness import Turbo


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="first", description="x" * 5_000, labels=["a"])


def test_it_tells_who_changed_what_and_from_where(turbo: Turbo) -> None:
    grace = turbo.person("grace", machine="desk", session=None)
    grace.call("update_issue", key="TURBO-1", status="ready", due="2026-12-31", labels=["a", "b"])
    latest, first = turbo.call("get_item", key="TURBO-1", include="history")["history"]
    assert latest.pop("at")
    assert latest == {
        "event": 3,
        "by": "grace",
        "machine": "desk",
        "action": "updated",
        "changed": [
            {"field": "status", "before": "backlog", "after": "ready"},
            {"field": "due", "after": "2026-12-31"},
            {"field": "labels", "before": "a", "after": "a, b"},
        ],
    }
    assert (first["action"], first["by"], first["machine"], first["session"]) == (
        "created", "ada", "laptop", "session-1",
    )  # fmt: skip
    assert [len(change["after"]) for change in first["changed"] if change["field"] == "description"] == [80]


def test_structured_values_read_as_words(turbo: Turbo) -> None:
    turbo.call("update_issue", key="TURBO-1", handoff={"state": "half", "next_step": "rest"}, criteria=["[x] one"])
    changed = turbo.call("get_item", key="TURBO-1", include=["history"])["history"][0]["changed"]
    assert changed == [
        {"field": "handoff", "after": "state: half; next_step: rest"},
        {"field": "criteria", "after": "[x] one"},
    ]


def test_an_undone_change_and_its_undo_point_at_each_other(turbo: Turbo) -> None:
    turbo.call("update_issue", key="TURBO-1", status="ready")
    turbo.call("undo", event=3, confirm=True)
    undone, change, _ = turbo.call("get_item", key="TURBO-1", include=["history"])["history"]
    assert (undone["action"], undone["undoes"]) == ("undone", 3)
    assert change["undone_by"] == undone["event"] == 4


def test_the_latest_twenty_in_a_constant_number_of_statements(turbo: Turbo) -> None:
    with turbo.counting() as few:
        turbo.call("get_item", key="TURBO-1", include=["history"])
    for number in range(30):
        turbo.call("add_comment", key="TURBO-1", text=f"{number} " + "long " * 2_000)
    with turbo.counting() as many:
        history = turbo.call("get_item", key="TURBO-1", include=["history"])["history"]
    assert [event["event"] for event in history] == list(range(32, 12, -1))
    assert len(few) == len(many)


def test_all_parts_together_stay_readable(turbo: Turbo) -> None:
    for number in range(25):
        fields = {"title": f"{number} " + "t" * 280, "description": "漢" * 4_000, "criteria": ["c" * 290] * 5}
        turbo.call("update_issue", key="TURBO-1", **fields, handoff="h" * 1_400, note="n" * 2_000)
        turbo.call("log_work", issue="TURBO-1", text="w" * 2_000)
    answer = turbo.ada.answer("get_item", b'{"key":"TURBO-1","include":["comments","work_log","history"]}')
    assert answer.status == 200
    assert len(answer.body.decode()) <= 20_000


def test_a_project_has_a_history_too(turbo: Turbo) -> None:
    turbo.call("archive_item", key="TURBO")
    history = turbo.call("get_item", key="TURBO", include=["history"])["history"]
    assert [event["action"] for event in history] == ["archived", "created"]


def test_a_place_by_hand_is_told_as_a_change(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="x", status="ready")
    assert turbo.call("update_issue", key="TURBO-1", place="top")["changed"] == [{"field": "place"}]
    newest = turbo.call("get_item", key="TURBO-1", include=["history"])["history"][0]
    assert newest["changed"] == [{"field": "place"}]
