"""Linking items of any kinds, and how links are shown."""

import json
from typing import Any

import pytest

from tests.server.harness import ToolFailed, Turbo
from turbo_server.kit.context import Context
from turbo_server.kit.database import Connection
from turbo_server.kit.kind import Found
from turbo_server.kit.sql import sql
from turbo_server.relation.tools import set_link


@pytest.fixture(autouse=True)
def items(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    for title in ("first", "second", "third"):
        turbo.call("create_issue", project="TURBO", title=title)
    for title in ("old", "new"):
        turbo.call("create_decision", title=title, outcome="so", status="accepted")


def link(turbo: Turbo, start: str, kind: str, end: str, **more: object) -> dict[str, Any]:
    return turbo.call("link_items", **{"from": start, "type": kind, "to": end, **more})


def refused(turbo: Turbo, start: str, kind: str, end: str) -> ToolFailed:
    return turbo.refused("link_items", **{"from": start, "type": kind, "to": end})


def links(turbo: Turbo, key: str) -> list[tuple[str, str]]:
    return [(each["type"], each["key"]) for each in turbo.call("get_item", key=key, include="links").get("links", [])]


def events(turbo: Turbo) -> list[tuple[str, str, Any]]:
    """(key, action, changes) of what happened after the items were made."""

    async def read(db: Connection) -> list[Any]:
        return await db.fetch(sql("select key, action, changes from events where action <> 'created' order by id"))

    rows = turbo.run(turbo.with_database(read))
    return [(row["key"], row["action"], json.loads(row["changes"])) for row in rows]


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("relates", "relates"), ("duplicates", "duplicated_by"), ("implements", "implemented_by"),
        ("supersedes", "superseded_by"),
    ],
)  # fmt: skip
def test_a_link_is_seen_from_both_ends(turbo: Turbo, kind: str, seen: str) -> None:
    assert link(turbo, "turbo-1", kind, "TURBO-2")["result"] == "linked"
    assert links(turbo, "TURBO-1") == [(kind, "TURBO-2")]
    assert links(turbo, "TURBO-2") == [(seen, "TURBO-1")]
    assert "links" not in turbo.call("get_item", key="TURBO-1")


def test_items_of_different_kinds_are_linked_and_shown_with_title_and_state(turbo: Turbo) -> None:
    link(turbo, "TURBO-1", "implements", "DEC-2")
    link(turbo, "DEC-2", "relates", "TURBO")
    assert turbo.call("get_item", key="DEC-2", include=["links"])["links"] == [
        {"type": "relates", "key": "TURBO", "title": "Turbo"},
        {"type": "implemented_by", "key": "TURBO-1", "title": "first", "status": "backlog"},
    ]


def test_linking_twice_and_unlinking_twice_is_no_error(turbo: Turbo) -> None:
    for kind in ("implements", "relates", "blocks"):
        assert link(turbo, "TURBO-1", kind, "TURBO-2")["result"] == "linked"
        assert link(turbo, "TURBO-1", kind, "TURBO-2")["result"] == "already linked"
        assert link(turbo, "TURBO-1", kind, "TURBO-2", remove=True)["result"] == "unlinked"
        assert link(turbo, "TURBO-1", kind, "TURBO-2", remove=True)["result"] == "was not linked"
    assert len(events(turbo)) == 6


def test_many_who_link_the_same_at_once_make_one_link(turbo: Turbo) -> None:
    ways = (("TURBO-1", "TURBO-2"), ("TURBO-2", "TURBO-1"))
    calls: list[tuple[str, dict[str, object]]] = [
        ("link_items", {"from": start, "type": "relates", "to": end}) for start, end in ways * 8
    ]
    assert sorted(receipt["result"] for receipt in turbo.together(calls)) == ["already linked"] * 15 + ["linked"]
    assert links(turbo, "TURBO-1") == [("relates", "TURBO-2")]


def test_relates_is_one_link_whichever_way_round_it_was_said(turbo: Turbo) -> None:
    link(turbo, "TURBO-1", "relates", "DEC-1")
    assert link(turbo, "DEC-1", "relates", "TURBO-1")["result"] == "already linked"
    assert link(turbo, "DEC-1", "relates", "TURBO-1", remove=True)["result"] == "unlinked"
    assert links(turbo, "TURBO-1") == []


def test_a_link_and_its_opposite_are_refused(turbo: Turbo) -> None:
    link(turbo, "TURBO-1", "duplicates", "TURBO-2")
    failure = refused(turbo, "TURBO-2", "duplicates", "TURBO-1")
    assert failure.code == "cannot_link"
    assert "link_items(from=TURBO-1, type=duplicates, to=TURBO-2, remove=true)" in failure.hint
    assert link(turbo, "TURBO-2", "relates", "TURBO-1")["result"] == "linked"


def test_a_duplicate_that_is_open_should_be_closed(turbo: Turbo) -> None:
    assert "update_issue(key=TURBO-1, status=cancelled)" in link(turbo, "TURBO-1", "duplicates", "TURBO-2")["next"]
    turbo.call("update_issue", key="TURBO-3", status="cancelled")
    assert "next" not in link(turbo, "TURBO-3", "duplicates", "TURBO-2")


def test_an_issue_that_waits_for_an_open_one_counts_as_blocked(turbo: Turbo) -> None:
    link(turbo, "TURBO-1", "blocks", "TURBO-2")
    assert [row["key"] for row in turbo.call("list_issues", blocked=True)["items"]] == ["TURBO-2"]
    item = turbo.call("get_item", key="TURBO-2", include="links")
    assert (item["blocked"], [each["key"] for each in item["blocked_by"]]) == (True, ["TURBO-1"])
    assert "links" not in item
    turbo.call("update_issue", key="TURBO-1", status="done")
    assert turbo.call("list_issues", blocked=True)["items"] == []


def test_blocks_and_blocked_by_are_one_truth(turbo: Turbo) -> None:
    turbo.call("update_issue", key="TURBO-3", blocked_by=["TURBO-2"])
    assert link(turbo, "TURBO-2", "blocks", "TURBO-3")["result"] == "already linked"
    link(turbo, "TURBO-1", "blocks", "TURBO-3")
    assert [each["key"] for each in turbo.call("get_item", key="TURBO-3")["blocked_by"]] == ["TURBO-1", "TURBO-2"]
    link(turbo, "TURBO-2", "blocks", "TURBO-3", remove=True)
    assert [each["key"] for each in turbo.call("get_item", key="TURBO-3")["blocked_by"]] == ["TURBO-1"]
    assert events(turbo)[-1] == ("TURBO-3", "updated", {"blocked_by": [["TURBO-1", "TURBO-2"], ["TURBO-1"]]})


def test_a_circle_of_blocks_is_refused_with_its_path(turbo: Turbo) -> None:
    link(turbo, "TURBO-1", "blocks", "TURBO-2")
    link(turbo, "TURBO-2", "blocks", "TURBO-3")
    failure = refused(turbo, "TURBO-3", "blocks", "TURBO-1")
    assert failure.code == "dependency_cycle"
    assert "TURBO-1 waits for TURBO-3 waits for TURBO-2 waits for TURBO-1" in failure.message


def test_two_who_link_at_once_cannot_close_a_circle(turbo: Turbo) -> None:
    outcomes = turbo.together(
        [
            ("link_items", {"from": "TURBO-1", "type": "blocks", "to": "TURBO-2"}),
            ("link_items", {"from": "TURBO-2", "type": "blocks", "to": "TURBO-1"}),
        ]
    )
    assert [outcome.code for outcome in outcomes if isinstance(outcome, ToolFailed)] == ["dependency_cycle"]


def test_many_who_add_a_blocker_at_once_are_all_kept(turbo: Turbo) -> None:
    for _ in range(8):
        turbo.call("create_issue", project="TURBO", title="t")
    keys = [f"TURBO-{number}" for number in range(2, 12)]
    turbo.together([("link_items", {"from": key, "type": "blocks", "to": "TURBO-1"}) for key in keys])
    assert [each["key"] for each in turbo.call("get_item", key="TURBO-1")["blocked_by"]] == keys


def test_an_issue_waits_for_fifty_others_at_most(turbo: Turbo) -> None:
    for _ in range(50):
        turbo.call("create_issue", project="TURBO", title="t")
    turbo.call("update_issue", key="TURBO-1", blocked_by=[f"TURBO-{number}" for number in range(2, 52)])
    assert refused(turbo, "TURBO-53", "blocks", "TURBO-1").code == "cannot_link"
    assert link(turbo, "TURBO-2", "blocks", "TURBO-1")["result"] == "already linked"


def test_supersedes_between_decisions_is_what_update_decision_says(turbo: Turbo) -> None:
    assert link(turbo, "DEC-2", "supersedes", "DEC-1")["result"] == "linked"
    old = turbo.call("get_item", key="DEC-1", include="links")
    assert (old["status"], old["superseded_by"], "links" in old) == ("superseded", "DEC-2", False)
    assert link(turbo, "DEC-2", "supersedes", "DEC-1")["result"] == "already linked"
    assert refused(turbo, "DEC-1", "supersedes", "DEC-2").code == "decision_cycle"
    turbo.call("create_decision", title="third", outcome="x", status="accepted")
    assert link(turbo, "DEC-3", "supersedes", "DEC-1", remove=True)["result"] == "was not linked"
    assert link(turbo, "DEC-2", "supersedes", "DEC-1", remove=True)["result"] == "unlinked"
    old = turbo.call("get_item", key="DEC-1")
    assert (old["status"], "superseded_by" in old) == ("accepted", False)


def test_what_makes_no_sense_is_refused_with_what_would(turbo: Turbo) -> None:
    assert "not both one" in refused(turbo, "TURBO-1", "blocks", "DEC-1").message
    assert "TURBO-D7" in refused(turbo, "TURBO-1", "documents", "TURBO-2").message
    assert "to itself" in refused(turbo, "TURBO-1", "relates", "turbo-1").message
    assert refused(turbo, "TURBO-1", "relates", "TURBO-99").code == "issue_not_found"
    assert "did you mean blocks?" in refused(turbo, "TURBO-1", "block", "TURBO-2").message
    missing = turbo.refused("link_items", type="relates", to="TURBO-1")
    assert ("`from` is missing" in missing.message, missing.hint) == (
        True,
        "Required: from, type, to. Optional: remove.",
    )
    assert "did you mean from?" in turbo.refused("link_items", fromm="TURBO-1", type="relates", to="TURBO-1").message


def test_a_link_writes_an_event_that_tells_how_to_reverse_it(turbo: Turbo) -> None:
    link(turbo, "TURBO-1", "implements", "DEC-1")
    link(turbo, "TURBO-1", "implements", "DEC-1", remove=True)
    told = {"type": "implements", "to": "DEC-1"}
    assert events(turbo) == [
        ("TURBO-1", "linked", {"link": [None, told]}), ("TURBO-1", "unlinked", {"link": [told, None]}),
    ]  # fmt: skip


@pytest.mark.parametrize("start", ["TURBO-1", "DEC-1"])
def test_set_link_makes_and_unmakes_what_an_event_tells_of(turbo: Turbo, start: str) -> None:
    end = {"TURBO-1": "DEC-1", "DEC-1": "TURBO-1"}[start]

    async def unmake_and_make(db: Connection) -> list[bool]:
        runner, now = turbo.runner, turbo.runner.clock()
        actor = await runner.authenticator.actor(db, turbo.ada.token, turbo.ada.caller, now)
        context = Context(db, actor, now, now.date(), turbo.ada.caller.utc_offset, None, runner.kinds)
        found: Found = await context.find(start)
        told = {"type": "relates", "to": end}
        async with db.transaction():
            return [await set_link(context, found, told, present=present) for present in (False, False, True, True)]

    link(turbo, "TURBO-1", "relates", "DEC-1")
    assert turbo.run(turbo.with_database(unmake_and_make)) == [True, False, True, False]
    assert links(turbo, "DEC-1") == [("relates", "TURBO-1")]
    assert len(events(turbo)) == 1


def test_links_of_another_item_with_the_same_id_are_not_shown(turbo: Turbo) -> None:
    link(turbo, "DEC-1", "relates", "DEC-2")  # decision 1 and issue 1 have one number in their tables
    assert links(turbo, "TURBO-1") == []


def test_showing_links_takes_as_many_statements_for_one_as_for_forty(turbo: Turbo) -> None:
    def statements() -> int:
        with turbo.counting() as seen:
            turbo.call("get_item", key="TURBO-1", include="links")
        return len(seen)

    link(turbo, "TURBO-1", "relates", "TURBO-2")
    link(turbo, "TURBO-1", "relates", "DEC-1")
    with_two = statements()
    for number in range(4, 50):
        turbo.call("create_issue", project="TURBO", title="漢" * 300)
        link(turbo, f"TURBO-{number}", "implements", "TURBO-1")
    link(turbo, "TURBO-1", "relates", "DEC-2")
    assert statements() == with_two
    item = turbo.call("get_item", key="TURBO-1", include="links")
    assert (len(item["links"]), item["links"][1]["key"]) == (40, "TURBO-49")
    assert "links" in item["left_out"]
