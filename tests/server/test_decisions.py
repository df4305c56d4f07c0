"""Recording decisions, deciding and superseding them."""

import json
from typing import Any

import pytest

from tests.server.harness import ToolFailed, Turbo

OPTIONS = [
    {"title": "SQLite", "pros": "- no set-up\n- one file", "cons": "one writer"},
    {"title": "Postgres", "pros": "many writers"},
]


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")


def decided(turbo: Turbo, *titles: str, **fields: object) -> None:
    for title in titles:
        turbo.call("create_decision", title=title, outcome=title, status="accepted", **fields)


def test_a_decision_comes_back_as_it_was_given(turbo: Turbo) -> None:
    receipt = turbo.call(
        "create_decision", title="Where data lives", context="# Why\n\n    code\r\n漢字", options=OPTIONS,
        outcome="Both.", reason="Small and large teams.", impact="Two dialects.", status="accepted", project="turbo",
        paths=["server/**/store.py", "docs/"],
    )  # fmt: skip
    assert receipt == {"key": "DEC-1", "title": "Where data lives", "status": "accepted", "version": 1, "created": True}
    item = turbo.call("get_item", key="dec-1")
    assert {name: value for name, value in item.items() if not name.endswith("_at")} == {
        "key": "DEC-1", "kind": "decision", "title": "Where data lives", "description": "# Why\n\n    code\r\n漢字",
        "options": OPTIONS, "outcome": "Both.", "reason": "Small and large teams.", "impact": "Two dialects.",
        "paths": ["server/**/store.py", "docs/"], "project": "TURBO", "status": "accepted", "version": 1,
        "created_by": "ada", "machine": "laptop", "session": "session-1",
    }  # fmt: skip
    assert item["decided_at"] == item["created_at"]


def test_decisions_of_all_projects_are_numbered_by_one_counter_without_gaps(turbo: Turbo) -> None:
    turbo.refused("create_decision", title="x", project="TURB")
    calls: list[tuple[str, dict[str, object]]] = [("create_decision", {"title": f"n {n}"}) for n in range(24)]
    calls += [("create_decision", {"title": "x", "project": "TURBO"}) for _ in range(8)]
    made = turbo.together(calls)
    assert sorted(int(receipt["key"].removeprefix("DEC-")) for receipt in made) == list(range(1, 33))


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["A", {"title": "B"}], [{"title": "A"}, {"title": "B"}]),
        (json.dumps(OPTIONS), OPTIONS),
        ("- Keep it, as it is\n* Change it\n\n", [{"title": "Keep it, as it is"}, {"title": "Change it"}]),
        ({"title": "A", "pros": ["fast", "small"]}, [{"title": "A", "pros": "- fast\n- small"}]),
        ('{"title": "A", "cons": ""}', [{"title": "A"}]),
        (['{"title": "A", "cons": "slow"}'], [{"title": "A", "cons": "slow"}]),
    ],
)
def test_options_are_read_in_any_plain_form(turbo: Turbo, given: Any, read: Any) -> None:
    turbo.call("create_decision", title="x", options=given)
    assert turbo.call("get_item", key="DEC-1")["options"] == read


@pytest.mark.parametrize("given", [[{"pros": "x"}], [{"title": ""}], [{"title": "a", "pro": "b"}], "[broken", [7], 7])
def test_options_that_are_none_are_refused(turbo: Turbo, given: Any) -> None:
    failure = turbo.refused("create_decision", title="x", options=given)
    assert failure.code == "invalid_arguments"
    assert "`options" in failure.message


def test_paths_may_be_one_text_with_commas_between_globs(turbo: Turbo) -> None:
    turbo.call("create_decision", title="x", paths="src/**/*.{ts,tsx}, app/[slug]/x")
    assert turbo.call("get_item", key="DEC-1")["paths"] == ["src/**/*.{ts,tsx}", "app/[slug]/x"]
    turbo.call("update_decision", key="DEC-1", paths='["[slug]/page.tsx"]')
    assert turbo.call("get_item", key="DEC-1")["paths"] == ["[slug]/page.tsx"]
    turbo.call("update_decision", key="DEC-1", paths=["src/*.{ts", "tsx", "js}", "docs"])  # split by a shell's client
    assert turbo.call("get_item", key="DEC-1")["paths"] == ["src/*.{ts,tsx,js}", "docs"]
    turbo.call("update_decision", key="DEC-1", paths=[])
    assert "paths" not in turbo.call("get_item", key="DEC-1")


@pytest.mark.parametrize("glob", ["../x", "!x", "", "C:\\x", "a" * 201])
def test_a_glob_that_cannot_work_is_refused_by_name(turbo: Turbo, glob: str) -> None:
    assert "`paths`" in turbo.refused("create_decision", title="x", paths=[glob]).message


def test_an_accepted_decision_needs_an_outcome(turbo: Turbo) -> None:
    assert turbo.refused("create_decision", title="x", status="accepted").code == "outcome_missing"
    turbo.call("create_decision", title="x")
    assert turbo.refused("update_decision", key="DEC-1", status="accepted", outcome=" ").code == "outcome_missing"
    receipt = turbo.call("update_decision", key="DEC-1", status="accepted", outcome="Yes.", reason="It is so.")
    assert receipt["changed"] == [
        {"field": "outcome"}, {"field": "reason"}, {"field": "status", "before": "proposed", "after": "accepted"},
    ]  # fmt: skip
    assert turbo.refused("update_decision", key="DEC-1", outcome="").code == "outcome_missing"
    assert turbo.call("get_item", key="DEC-1")["decided_at"]


def test_every_field_can_be_changed_and_the_others_stay(turbo: Turbo) -> None:
    turbo.call("create_decision", title="x", context="c", options=["A"], impact="i", project="TURBO", paths=["a"])
    turbo.call("update_decision", key="DEC-1", title="y", options=OPTIONS, project="none", note="because")
    item = turbo.call("get_item", key="DEC-1", include="comments")
    assert (item["title"], item["options"], item["description"], item["impact"]) == ("y", OPTIONS, "c", "i")
    assert "project" not in item
    assert item["latest_comments"][0]["text"] == "because"
    assert turbo.call("update_decision", key="DEC-1", title="y")["changed"] == []
    assert "nothing to change" in turbo.refused("update_decision", key="DEC-1").message


def test_a_rejected_decision_is_reopened_only_with_a_note(turbo: Turbo) -> None:
    turbo.call("create_decision", title="x", outcome="No.")
    turbo.call("update_decision", key="DEC-1", status="rejected", reason="Too dear.")
    failure = turbo.refused("update_decision", key="DEC-1", status="accepted")
    assert (failure.code, failure.status) == ("move_refused", 409)
    assert "update_decision(key=DEC-1, status=proposed, note=why)" in failure.hint
    assert turbo.refused("update_decision", key="DEC-1", status="proposed").code == "note_missing"
    turbo.call("update_decision", key="DEC-1", status="proposed", note="Prices fell.")
    assert "decided_at" not in turbo.call("get_item", key="DEC-1")
    turbo.call("update_decision", key="DEC-1", status="accepted")


def test_a_superseded_decision_and_the_one_in_its_place_name_each_other(turbo: Turbo) -> None:
    decided(turbo, "old", "new")
    receipt = turbo.call("update_decision", key="DEC-1", superseded_by="dec-2", note="Grew out of it.")
    assert receipt["status"] == "superseded"
    assert {"field": "superseded_by", "after": "DEC-2"} in receipt["changed"]
    old, new = turbo.call("get_item", key="DEC-1"), turbo.call("get_item", key="DEC-2")
    assert (old["status"], old["superseded_by"], new["supersedes"]) == ("superseded", "DEC-2", ["DEC-1"])
    assert old["decided_at"]
    assert turbo.refused("update_decision", key="DEC-1", status="proposed").code == "note_missing"
    turbo.call("update_decision", key="DEC-1", status="proposed", note="DEC-2 did not hold.")
    assert "superseded_by" not in turbo.call("get_item", key="DEC-1")
    assert "supersedes" not in turbo.call("get_item", key="DEC-2")


def test_rejecting_what_took_the_place_of_a_decision_lets_that_hold_again(turbo: Turbo) -> None:
    decided(turbo, "Old", "Older proposal", "New", paths=["server/**"])
    turbo.call("update_decision", key="DEC-2", status="proposed", note="Not yet.")
    for key in ("DEC-1", "DEC-2"):
        turbo.call("update_decision", key=key, superseded_by="DEC-3")
    rejected = turbo.call("update_decision", key="DEC-3", status="rejected")
    assert rejected["no_longer_superseded"] == ["DEC-1: accepted", "DEC-2: proposed"]
    governing = turbo.call("list_items", kind="decision", path="server/app.py")["items"]
    assert [row["key"] for row in governing] == ["DEC-1"]
    assert "superseded_by" not in turbo.call("get_item", key="DEC-2")
    assert turbo.call("get_item", key="DEC-1", include=["history"])["history"][0]["action"] == "updated"


def test_what_is_archived_stays_superseded_by_a_rejected_decision(turbo: Turbo) -> None:
    decided(turbo, "Old", "New")
    turbo.call("create_project", key="GONE", name="Gone")
    decided(turbo, "Elsewhere", project="GONE")
    for older in ("DEC-1", "DEC-3"):
        turbo.call("update_decision", key=older, superseded_by="DEC-2")
    turbo.call("archive_item", key="DEC-1")
    turbo.call("archive_item", key="GONE")
    assert "no_longer_superseded" not in turbo.call("update_decision", key="DEC-2", status="rejected")
    assert turbo.call("get_item", key="DEC-1")["status"] == "superseded"


def test_what_cannot_supersede_is_refused(turbo: Turbo) -> None:
    decided(turbo, "one", "two", "three")
    turbo.call("update_decision", key="DEC-1", superseded_by="DEC-2")
    turbo.call("update_decision", key="DEC-2", superseded_by="DEC-3")
    failure = turbo.refused("update_decision", key="DEC-3", superseded_by="DEC-1")
    assert failure.code == "decision_cycle"
    assert "DEC-3 is superseded by DEC-1 is superseded by DEC-2 is superseded by DEC-3" in failure.message
    assert turbo.refused("update_decision", key="DEC-3", superseded_by="DEC-3").code == "decision_cycle"
    assert turbo.refused("update_decision", key="DEC-3", superseded_by="DEC-9").code == "decision_not_found"
    assert "superseded_by" in turbo.refused("update_decision", key="DEC-3", status="superseded").hint
    assert turbo.refused("update_decision", key="DEC-3", status="accepted", superseded_by="DEC-1").status == 422
    turbo.call("create_decision", title="no", status="rejected")
    assert turbo.refused("update_decision", key="DEC-3", superseded_by="DEC-4").code == "move_refused"
    turbo.call("create_decision", title="maybe")
    assert "DEC-5 is only proposed" in turbo.call("update_decision", key="DEC-3", superseded_by="DEC-5")["next"]


def test_two_writers_cannot_supersede_each_other(turbo: Turbo) -> None:
    decided(turbo, "one", "two")
    outcomes = turbo.together(
        [
            ("update_decision", {"key": "DEC-1", "superseded_by": "DEC-2"}),
            ("update_decision", {"key": "DEC-2", "superseded_by": "DEC-1"}),
        ]
    )
    assert [outcome.code for outcome in outcomes if isinstance(outcome, ToolFailed)] == ["decision_cycle"]


def test_a_decision_that_is_not_there_is_answered_with_what_is_near(turbo: Turbo) -> None:
    assert "create_decision" in turbo.refused("get_item", key="DEC-1").hint
    decided(turbo, "one", "two")
    failure = turbo.refused("update_decision", key="DEC-7", title="x")
    assert (failure.status, failure.code) == (404, "decision_not_found")
    assert "They go up to DEC-2. Nearest: DEC-2, DEC-1." in failure.hint


@pytest.mark.parametrize("text", ["x" * 60_000, '\\"\n' * 20_000, "\x01" * 20_000, "漢" * 40_000])
def test_a_long_decision_is_cut_and_read_on_by_offset(turbo: Turbo, text: str) -> None:
    options = [{"title": f"{number} {'t' * 250}", "pros": text[:5_000], "cons": text[:5_000]} for number in range(20)]
    turbo.call(
        "create_decision", title="x" * 300, context="begin", options=options, outcome=text, reason=text, impact="end",
        paths=["ä" * 200] * 20,
    )  # fmt: skip
    offset, pieces = 0, []
    while True:
        body = json.dumps({"key": "DEC-1", "offset": offset}).encode()
        answer = turbo.ada.answer("get_item", body)
        assert len(answer.body.decode()) <= 20_000
        item = json.loads(answer.body)
        assert "description has all of them" in item["left_out"]
        pieces.append(item["description"])
        offset = item["description_cut"]["shown_to"]
        if offset == item["description_cut"]["total"]:
            break
        if len(pieces) == 3:
            offset = item["description_cut"]["total"] - 500  # the way to the end is the same
    assert pieces[0].startswith("begin\n\n## Option: 0 ttt")
    assert pieces[-1].endswith("## Impact\n\nend")
