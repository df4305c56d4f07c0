"""Versions: each change counts, and an update that says which version it saw never writes over another."""

import json
from typing import Any

import pytest

from tests.server.events import newest
from tests.server.harness import ToolFailed, Turbo
from turbo_server.catalogue import KINDS, Catalogue
from turbo_server.kit.sql import sql
from turbo_server.kit.tool import Effect

Call = tuple[str, dict[str, object]]
# Of each kind: its key, and a change of it that a tool of its own makes.
CHANGES: dict[str, tuple[str, Call]] = {
    "issue": ("TURBO-1", ("update_issue", {"title": "changed", "labels": ["b"]})),
    "initiative": ("TURBO-I1", ("update_initiative", {"title": "changed"})),
    "milestone": ("TURBO-M1", ("update_milestone", {"title": "changed"})),
    "decision": ("DEC-1", ("update_decision", {"title": "changed"})),
    "document": ("TURBO-D1", ("update_document", {"title": "changed"})),
    "project": ("TURBO", ("archive_item", {})),
    "mentor": ("@architect", ("archive_item", {})),
    "conversation": ("ASK-1", ("archive_item", {})),
}
# Every tool that changes an item, with what it needs beside the key.
UPDATING: dict[str, tuple[str, dict[str, object]]] = {
    **{tool: (key, given) for key, (tool, given) in CHANGES.values()},
    "archive_item": ("TURBO-1", {"note": "why"}),
    "restore_item": ("TURBO-1", {}),
    "release_issue": ("TURBO-1", {"outcome": "handed_back", "text": "why"}),
}
# They say what they change in another way: two items and whether they are linked, an event, nobody's issue, a name, a
# turn that waits.
WITHOUT_A_VERSION = {"link_items", "undo", "next_issue", "create_mentor", "record_answer"}


@pytest.fixture(autouse=True)
def items(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="first", description="text", labels=["a"])
    for kind in ("initiative", "milestone"):
        turbo.call(f"create_{kind}", project="TURBO", title="first")
    turbo.call("create_document", project="TURBO", title="first", text="# text\n")
    turbo.call("create_decision", title="first", options=["a"])
    turbo.call("ask_mentor", mentor="delivery", question="first")


def version(turbo: Turbo, key: str) -> int:
    return int(turbo.call("get_item", key=key)["version"])


def counts(turbo: Turbo) -> dict[str, int]:
    async def count(db: Any) -> dict[str, int]:
        found = {}
        for table in ("events", "comments", "work_logs", "document_versions"):
            found[table] = (await db.fetch_one(sql(f"select count(*) as n from {table}")))["n"]
        return found

    return turbo.run(turbo.with_database(count))


def test_every_tool_that_changes_an_item_takes_the_version_that_was_seen() -> None:
    updating = {name: tool for name, tool in Catalogue().tools.items() if tool.effect is Effect.UPDATE}
    assert set(updating) == set(UPDATING) | WITHOUT_A_VERSION
    assert {name for name, tool in updating.items() if "version" in tool.input_schema["properties"]} == set(UPDATING)


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_of_any_kind_counts_and_so_does_taking_it_back(turbo: Turbo, kind: str) -> None:
    assert set(CHANGES) == set(KINDS)
    key, (tool, given) = CHANGES[kind]
    assert version(turbo, key) == 1
    assert turbo.call(tool, key=key, **given)["version"] == 2
    assert version(turbo, key) == 2
    assert turbo.call(tool, key=key, **given)["version"] == 2, "nothing was changed"
    turbo.call("undo", event=newest(turbo), confirm=True)
    assert version(turbo, key) == 3


def test_what_is_said_done_and_linked_is_no_change_of_the_item(turbo: Turbo) -> None:
    turbo.call("add_comment", key="TURBO-1", text="x")
    turbo.call("log_work", issue="TURBO-1", text="x")
    turbo.call("link_items", **{"from": "TURBO-1", "type": "relates", "to": "DEC-1"})
    turbo.call("update_issue", key="TURBO-1", note="x")
    turbo.call("create_issue", project="TURBO", title="child", parent="TURBO-1")
    assert version(turbo, "TURBO-1") == 1
    assert turbo.call("log_work", issue="TURBO-1", text="x", status="in_review")["status"] == "in_review"
    turbo.call("link_items", **{"from": "TURBO-2", "type": "blocks", "to": "TURBO-1"})
    assert version(turbo, "TURBO-1") == 3, "its status, and what it waits for"
    assert version(turbo, "TURBO") == 1


@pytest.mark.parametrize("entry", ["comment", "work_log"])
def test_an_entry_that_is_put_away_and_brought_back_counts_too(turbo: Turbo, entry: str) -> None:
    given: dict[str, Call] = {
        "comment": ("add_comment", {"key": "TURBO-1", "text": "x"}),
        "work_log": ("log_work", {"issue": "TURBO-1", "text": "x"}),
    }
    tool, arguments = given[entry]
    turbo.call(tool, **arguments)
    for expected in (2, 3):
        turbo.call("undo", event=newest(turbo), confirm=True)
        row = turbo.run(turbo.with_database(lambda db: db.fetch_one(sql(f"select version from {entry}s"))))
        assert row is not None
        assert row["version"] == expected


@pytest.mark.parametrize("tool", UPDATING)
def test_a_stale_version_changes_nothing_and_tells_what_is_there(turbo: Turbo, tool: str) -> None:
    key, given = UPDATING[tool]
    if tool == "restore_item":
        turbo.call("archive_item", key=key)
    else:
        change, _ = CHANGES[turbo.call("get_item", key=key)["kind"]][1]
        turbo.call(change, key=key, title="second")
    before = counts(turbo)
    for seen in (1, 3, 0, -1, 2**60):
        failure = turbo.refused(tool, key=key, version=seen, **given)
        assert (failure.status, failure.code) == (412, "version_conflict")
        assert f"{key} is at version 2, not {seen}" in failure.message
        assert "version=2" in failure.hint
        assert failure.current is not None
        assert (failure.current["key"], failure.current["version"]) == (key, 2)
        assert failure.current["last_change"]["by"] == "ada"
    assert (counts(turbo), version(turbo, key)) == (before, 2)
    assert turbo.call(tool, key=key, version=2, **given)["version"] == 3


def test_the_present_state_is_complete_enough_to_merge(turbo: Turbo) -> None:
    jonas = turbo.person("jonas", machine="desk", session="s-2")
    jonas.call("update_issue", key="TURBO-1", status="in_progress", due="2026-12-31", criteria=["[x] a"])
    failure = turbo.refused("update_issue", key="TURBO-1", title="mine", version=1)
    current = dict(failure.current or {})
    change = current.pop("last_change")
    assert current == {
        "key": "TURBO-1", "version": 2, "title": "first", "description": "text", "type": "task",
        "status": "in_progress", "priority": "none", "assignee": "jonas", "due": "2026-12-31", "labels": ["a"],
        "criteria": ["[x] a"],
    }  # fmt: skip
    assert (change["by"], change["machine"], change["session"]) == ("jonas", "desk", "s-2")
    assert {each["field"]: each.get("after") for each in change["changed"]} == {
        "status": "in_progress", "assignee": "jonas", "due": "2026-12-31", "criteria": "[x] a",
    }  # fmt: skip


LARGE: dict[str, dict[str, object]] = {
    "issue": {"description": "漢" * 60_000, "criteria": [f"[ ] {'x' * 290}"] * 50, "handoff": "y" * 1_500},
    "decision": dict.fromkeys(("context", "outcome", "reason", "impact"), '"\\' * 40000),
    "document": {"text": "# Title\n" * 30_000},
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_large_state_is_cut_and_says_where_the_rest_is(turbo: Turbo, kind: str) -> None:
    key, (tool, _) = CHANGES[kind]
    turbo.call(tool, key=key, **LARGE[kind])
    answer = turbo.ada.answer(tool, json.dumps({"key": key, "title": "x", "version": 1}).encode())
    assert answer.status == 412
    assert len(answer.body.decode()) <= 20_000
    current = json.loads(answer.body)["error"]["current"]
    assert f"get_item(key={key})" in current["cut"]
    assert current["title"] == "first"


@pytest.mark.parametrize("kind", ["issue", "document", "decision"])
def test_of_fifty_writers_with_one_version_one_wins(turbo: Turbo, kind: str) -> None:
    key, (tool, _) = CHANGES[kind]
    outcomes = turbo.together([(tool, {"key": key, "title": f"writer {n}", "version": 1}) for n in range(50)])
    won = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    lost = [outcome for outcome in outcomes if isinstance(outcome, ToolFailed)]
    assert (len(won), len(lost)) == (1, 49)
    assert {(failure.status, failure.code) for failure in lost} == {(412, "version_conflict")}
    shown = turbo.call("get_item", key=key)
    assert (shown["title"], shown["version"]) == (won[0]["title"], 2)
    assert {(failure.current or {})["title"] for failure in lost} == {shown["title"]}


def test_merging_and_trying_again_loses_no_writers_change(turbo: Turbo) -> None:
    """As an agent does it: what the refusal shows, with one's own label added."""
    waiting = {f"label {n}": 1 for n in range(12)}
    labels: dict[str, list[str]] = {mine: ["a"] for mine in waiting}
    while waiting:
        outcomes = turbo.together(
            [
                ("update_issue", {"key": "TURBO-1", "labels": [*labels[mine], mine], "version": seen})
                for mine, seen in waiting.items()
            ]
        )
        for mine, outcome in zip(list(waiting), outcomes, strict=True):
            if isinstance(outcome, dict):
                del waiting[mine]
            else:
                waiting[mine], labels[mine] = outcome.current["version"], outcome.current["labels"]
    assert len(turbo.call("get_item", key="TURBO-1")["labels"]) == 13
    assert version(turbo, "TURBO-1") == 13


def test_a_repeated_call_is_answered_as_the_first_was(turbo: Turbo) -> None:
    body = json.dumps({"key": "TURBO-1", "title": "mine", "version": 1}).encode()
    keyed = turbo.ada.with_key("k1")
    first = keyed.answer("update_issue", body)
    turbo.call("update_issue", key="TURBO-1", title="theirs")
    again = keyed.answer("update_issue", body)
    assert (first.status, again.body) == (200, first.body)
    stale = turbo.ada.with_key("k2")
    refused = stale.answer("update_issue", body)
    turbo.call("update_issue", key="TURBO-1", title="once more")
    assert (refused.status, stale.answer("update_issue", body).body) == (412, refused.body)


def test_undo_refuses_to_write_over_a_later_change_whatever_the_version(turbo: Turbo) -> None:
    turbo.call("update_issue", key="TURBO-1", title="mine")
    mine = newest(turbo)
    turbo.call("update_issue", key="TURBO-1", title="theirs", version=2)
    assert turbo.refused("undo", event=mine, confirm=True).code == "cannot_undo"
    assert version(turbo, "TURBO-1") == 3
