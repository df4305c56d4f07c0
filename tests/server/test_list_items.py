"""list_items: a page of whatever has no list of its own."""

import json
from typing import Any, get_args

import pytest

from tests.server.harness import Turbo
from turbo_server.catalogue import KINDS, LISTINGS
from turbo_server.initiative.kind import SHAPE as INITIATIVE
from turbo_server.issue.progress import Progress
from turbo_server.item.lists import ListedKind
from turbo_server.mentor.persona.seeds import SEEDS
from turbo_server.plan.lists import plan_line, with_progress

OWN_LIST = {"issue", "project"}


@pytest.fixture(autouse=True)
def projects(turbo: Turbo) -> None:
    for key in ("TURBO", "WEB"):
        turbo.call("create_project", key=key, name=key)


def rows(turbo: Turbo, **arguments: object) -> list[dict[str, Any]]:
    """Of all pages."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = turbo.call("list_items", **arguments, cursor=cursor)
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            assert page["total"] == len(found)
            return found


def test_it_lists_every_kind_that_has_no_list_of_its_own() -> None:
    assert set(get_args(ListedKind)) == {name for name, kind in KINDS.items() if kind.page} | set(LISTINGS)
    assert {*KINDS, *LISTINGS} == {*get_args(ListedKind), *OWN_LIST}


@pytest.mark.parametrize(("kind", "letter"), [("initiative", "I"), ("milestone", "M")])
def test_plans_page_newest_change_first_with_their_progress(turbo: Turbo, kind: str, letter: str) -> None:
    for number in range(1, 8):
        turbo.call(f"create_{kind}", project="TURBO" if number % 2 else "WEB", title=f"Plan {number}")
    turbo.call(f"update_{kind}", key=f"TURBO-{letter}1", title="Plan 1, the changed", owner="me", due="2026-12-01")
    turbo.call("create_issues", issues=[{"project": "TURBO", "title": "x", "status": status, kind: f"TURBO-{letter}1"}
                                        for status in ("done", "ready", "in_progress")])  # fmt: skip
    found = rows(turbo, kind=kind, limit=3)
    assert [row["key"] for row in found] == [
        f"TURBO-{letter}1", f"TURBO-{letter}4", f"WEB-{letter}3", f"TURBO-{letter}3", f"WEB-{letter}2",
        f"TURBO-{letter}2", f"WEB-{letter}1",
    ]  # fmt: skip
    assert found[0].pop("updated_at").endswith("Z")
    assert found[0] == {
        "key": f"TURBO-{letter}1", "title": "Plan 1, the changed", "due": "2026-12-01", "owner": "ada",
        "status": {"I": "planned", "M": "open"}[letter],
        "progress": {"total": 3, "done": 1, "percent": 33, "in_progress": 1},
    }  # fmt: skip
    assert found[1]["progress"] == {"total": 0, "done": 0}
    assert [row["key"] for row in rows(turbo, kind=kind, project="web", text="PLAN 4")] == [f"WEB-{letter}2"]


def test_states_filter_and_are_judged_by_the_kind(turbo: Turbo) -> None:
    for status in ("planned", "active", "paused", "completed"):
        turbo.call("create_initiative", project="TURBO", title=status, status=status)
    assert {row["title"] for row in rows(turbo, kind="Initiative", status="active, Paused")} == {"active", "paused"}
    assert rows(turbo, kind="initiative", status=["archived"]) == []
    failure = turbo.refused("list_items", kind="initiative", status=["actve"])
    assert failure.message == "list_items: `status` of kind=initiative is never actve."
    assert failure.hint.startswith("Did you mean active? It may be planned, active")
    for kind in ("label", "work_log"):
        assert "no `status`" in turbo.refused("list_items", kind=kind, status="open").message


@pytest.mark.parametrize("kind", sorted(set(get_args(ListedKind)) - {"decision"}))
def test_a_path_is_for_decisions_only(turbo: Turbo, kind: str) -> None:
    failure = turbo.refused("list_items", kind=kind, path="src/app.py")
    assert failure.message == f"list_items: `path` is for kind=decision only, and this is kind={kind}."


@pytest.mark.parametrize("kind", get_args(ListedKind))
def test_a_cursor_of_another_list_and_an_unknown_project_are_refused(turbo: Turbo, kind: str) -> None:
    turbo.call("create_issues", issues=[{"project": "TURBO", "title": "x", "labels": [name]} for name in "abc"])
    cursor = turbo.call("list_items", kind="label", limit=1)["next_cursor"]
    assert turbo.refused("list_items", kind=kind, cursor=cursor, text="a").code == "invalid_cursor"
    assert turbo.refused("list_items", kind=kind, cursor="abc").code == "invalid_cursor"
    assert turbo.refused("list_items", kind=kind, project="TURBA").code == "project_not_found"


def test_a_kind_that_is_none_suggests_the_right_one(turbo: Turbo) -> None:
    assert "did you mean initiative?" in turbo.refused("list_items", kind="initiatives").message


def test_labels_stand_by_name_with_the_issues_that_carry_them(turbo: Turbo) -> None:
    for project, status, labels in (
        ("TURBO", "ready", ["UI", "api"]), ("TURBO", "done", ["ui"]), ("WEB", "cancelled", ["ui", "docs"]),
    ):  # fmt: skip
        turbo.call("create_issue", project=project, title="x", status=status, labels=labels)
    turbo.call("create_issue", project="TURBO", title="x", labels=["gone"])
    turbo.call("update_issue", key="TURBO-3", labels=[])
    assert rows(turbo, kind="label", limit=1) == [
        {"name": "api", "open": 1, "closed": 0}, {"name": "docs", "open": 0, "closed": 1},
        {"name": "gone", "open": 0, "closed": 0}, {"name": "UI", "open": 1, "closed": 2},
    ]  # fmt: skip
    assert rows(turbo, kind="label", project="WEB") == [
        {"name": "docs", "open": 0, "closed": 1}, {"name": "UI", "open": 0, "closed": 1},
    ]  # fmt: skip
    assert [row["name"] for row in rows(turbo, kind="label", text="Ui")] == ["UI"]


def test_the_work_log_is_newest_first(turbo: Turbo) -> None:
    turbo.call("create_issue", project="WEB", title="x")
    turbo.call("log_work", text="Nothing in particular")
    turbo.call("log_work", text="Planned the quarter", project="TURBO", minutes=0)
    turbo.call("log_work", text="Fixed the login, " + "x" * 500, issue="WEB-1", minutes=50)
    found = rows(turbo, kind="work_log", limit=1)
    assert [(row.get("issue"), row.get("project"), row.get("minutes")) for row in found] == [
        ("WEB-1", None, 50), (None, "TURBO", 0), (None, None, None),
    ]  # fmt: skip
    assert (found[0]["author"], found[0]["machine"]) == ("ada", "laptop")
    assert found[0]["text"].startswith("Fixed the login, ")
    assert found[0]["text"].endswith("…")
    assert [row["text"] for row in rows(turbo, kind="work_log", project="turbo")] == ["Planned the quarter"]
    assert len(rows(turbo, kind="work_log", text="LOGIN")) == 1


def test_a_row_is_at_most_350_bytes_whatever_is_in_it(turbo: Turbo) -> None:
    hard = ['"' * 300, "\\" * 300, "漢" * 300, "😀" * 300, "x" * 300, "\x01" * 300]
    somebody = turbo.person("漢" * 80, machine="漢" * 80)
    turbo.call("create_project", key="ABCDEFGHIJ", name="n")
    for text in hard:
        for kind in ("initiative", "milestone"):
            somebody.call(f"create_{kind}", project="ABCDEFGHIJ", title=text, owner="me", due="2026-12-31")
        labels = [text[:50]]
        issue = somebody.call("create_issue", project="ABCDEFGHIJ", title="x", labels=labels, milestone="ABCDEFGHIJ-M1")
        somebody.call("log_work", text=text, issue=issue["key"], minutes=10_000)
        somebody.call("ask_mentor", mentor="architect", question=text)
        more = {"role": text, "watches": text, "instructions": text, "model": text, "may_propose": True}
        somebody.call("create_mentor", name=f"m{hard.index(text)}" + "x" * 29, **more)
    for kind in get_args(ListedKind):
        items = turbo.call("list_items", kind=kind)["items"]
        assert len(items) in (0, 6, 6 + len(SEEDS))
        longest = max(
            (len(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()) for row in items), default=0
        )
        assert longest <= 350, kind


def test_a_row_with_the_longest_progress_still_fits() -> None:
    row = {
        "id": 1, "project_key": "ABCDEFGHIJ", "number": 99_999, "title": "漢" * 300, "status": "completed",
        "owner": "漢" * 80, "due": "2026-12-31", "updated_at": "2026-12-31T00:00:00Z",
    }  # fmt: skip
    most = 100_000
    progress = Progress(
        total=most, done=most, percent=100, in_progress=most, overdue=most, blocked=most, cancelled=most
    )  # fmt: skip
    line = with_progress(plan_line(INITIATIVE, row), {1: progress})
    assert len(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()) <= 350


@pytest.mark.parametrize("kind", get_args(ListedKind))
def test_a_page_takes_as_many_statements_with_many_rows_as_with_few(turbo: Turbo, kind: str) -> None:
    counts = []
    for times in (1, 15):
        for number in range(times):
            turbo.call("create_initiative", project="TURBO", title="x")
            turbo.call("create_milestone", project="TURBO", title="x")
            turbo.call("create_issue", project="TURBO", title="x", labels=[f"{times}-{number}"], initiative="TURBO-I1")
            turbo.call("log_work", text="x")
        with turbo.counting() as statements:
            turbo.call("list_items", kind=kind, project="TURBO")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 5
