"""Every tool that changes something leaves an event of it, in its own transaction; what changes nothing leaves none."""

from dataclasses import replace
from typing import Any

import pytest

from tests.server.events import newest, pairs, read, since
from tests.server.harness import Turbo
from turbo_server.care.reversals import NOT_UNDOABLE, REVERSALS
from turbo_server.catalogue import Catalogue
from turbo_server.kit.tool import Effect

WRITERS = sorted(name for name, tool in Catalogue().tools.items() if tool.effect is not Effect.READ)
Arguments = dict[str, Any]

# What `prepared` makes is there. Calls that change something, with the actions of the events that they leave.
CHANGES: dict[str, tuple[tuple[Arguments, list[str]], ...]] = {
    "create_project": (({"key": "NEW", "name": "x"}, ["created"]),),
    "create_issue": (({"project": "TURBO", "title": "x", "labels": ["a"], "blocked_by": ["TURBO-1"]}, ["created"]),),
    "update_issue": (
        ({"key": "TURBO-1", "title": "other", "labels": ["b"], "parent": "TURBO-2"}, ["updated"]),
        ({"key": "TURBO-1", "status": "done", "note": "why"}, ["updated", "commented"]),
        ({"key": "TURBO-1", "note": "only that"}, ["commented"]),
    ),
    "log_work": (
        ({"text": "x"}, ["logged"]),
        ({"text": "x", "project": "TURBO", "minutes": 5}, ["logged"]),
        ({"text": "x", "issue": "TURBO-1", "status": "in_review"}, ["updated", "logged"]),
    ),
    "add_comment": (({"key": "TURBO", "text": "x"}, ["commented"]), ({"key": "TURBO-1", "text": "x"}, ["commented"])),
    "archive_item": (({"key": "TURBO-1", "note": "why"}, ["commented", "archived"]), ({"key": "TURBO"}, ["archived"])),
    "restore_item": (({"key": "TURBO-3", "note": "why"}, ["restored", "commented"]),),
    "undo": (
        ({"event": 2, "confirm": True}, ["undone"]),
        ({"session": "mine", "confirm": True}, ["undone"] * 8),
    ),
    "create_issues": (({"issues": [{"project": "TURBO", "title": "x"}] * 2}, ["created", "created"]),),
    "create_initiative": (({"project": "TURBO", "title": "x"}, ["created"]),),
    "create_milestone": (({"project": "TURBO", "title": "x"}, ["created"]),),
    "update_initiative": (({"key": "TURBO-I1", "status": "active", "note": "why"}, ["updated", "commented"]),),
    "update_milestone": (({"key": "TURBO-M1", "due": "2027-01-31"}, ["updated"]),),
    "create_decision": (({"title": "x", "options": ["a"], "outcome": "a", "status": "accepted"}, ["created"]),),
    "update_decision": (
        ({"key": "DEC-1", "outcome": "a", "status": "accepted", "note": "why"}, ["updated", "commented"]),
    ),
    "link_items": (
        ({"from": "TURBO-1", "type": "implements", "to": "DEC-1"}, ["linked"]),
        ({"from": "TURBO-1", "type": "implements", "to": "DEC-1", "remove": True}, ["unlinked"]),
        ({"from": "TURBO-1", "type": "blocks", "to": "TURBO-2"}, ["updated"]),
    ),
    "create_document": (({"project": "TURBO", "title": "x", "text": "# A"}, ["created"]),),
    "update_document": (({"key": "TURBO-D1", "text": "# B"}, ["updated"]),),
    "next_issue": (({"claim": True}, ["claimed"]), ({"key": "TURBO-2", "claim": True}, ["claimed"])),
    "release_issue": (
        ({"key": "TURBO-1", "outcome": "needs_human", "text": "which?"}, ["asked", "commented"]),
        ({"key": "TURBO-1", "outcome": "handed_back", "text": "why"}, ["handed_back", "commented"]),
        ({"key": "TURBO-1", "outcome": "done", "text": "x"}, ["finished", "logged"]),
    ),
}
CHANGES |= {
    "ask_mentor": (
        ({"mentor": "architect", "question": "Why?", "about": "TURBO-1"}, ["created", "linked", "questioned"]),
        ({"mentor": "architect", "question": "Since when?", "about": "TURBO-1"}, ["questioned"]),
        ({"mentor": "writing", "question": "How?"}, ["created", "questioned"]),
    ),
    "record_answer": (({"conversation": "ASK-1", "text": "Because."}, ["answered"]),),
    "create_mentor": (
        ({"name": "ops", "role": "x", "instructions": "y"}, ["created"]),
        ({"name": "architect", "role": "x"}, ["updated"]),
    ),
}
# Calls that find everything as they want it. What makes something new always changes something.
NOTHING: dict[str, tuple[Arguments, ...]] = {
    "create_project": (),
    "create_issue": (),
    "update_issue": ({"key": "TURBO-1", "title": "first", "status": "backlog", "labels": ["A"]},),
    "log_work": (),
    "add_comment": (),
    "archive_item": ({"key": "TURBO-3"}, {"key": "TURBO-3", "note": "again"}),
    "restore_item": ({"key": "TURBO-1"}, {"key": "TURBO"}),
    "undo": ({"event": 2}, {"session": "mine"}),
    "create_issues": (),
    "create_initiative": (),
    "create_milestone": (),
    "update_initiative": ({"key": "TURBO-I1", "title": "initiative"},),
    "update_milestone": ({"key": "TURBO-M1", "title": "milestone", "status": "open"},),
    "create_decision": (),
    "update_decision": ({"key": "DEC-1", "title": "decision"},),
    "link_items": ({"from": "TURBO-1", "type": "relates", "to": "TURBO-2", "remove": True},),
    "create_document": (),
    "update_document": ({"key": "TURBO-D1", "text": "# A"},),
    "next_issue": ({}, {"project": "TURBO"}),
    "release_issue": (),
    "ask_mentor": ({"conversation": "ASK-1"},),
    "record_answer": (),
    "create_mentor": ({"name": "architect", "role": "Architect"},),
}
REFUSED: dict[str, tuple[Arguments, ...]] = {
    "create_project": ({"key": "TURBO", "name": "x"},),
    "create_issue": (
        {"project": "TURBO", "title": "x", "blocked_by": ["TURBO-9"]},
        {"project": "TURBO", "title": "x", "assignee": "nobody"},
    ),
    "update_issue": (
        {"key": "TURBO-1", "title": "x", "blocked_by": ["TURBO-1"]},
        {"key": "TURBO-1", "title": "x", "assignee": "nobody"},
        {"key": "TURBO-3", "title": "x"},
        {"key": "TURBO-3", "note": "x"},
    ),
    "log_work": ({"text": "x", "issue": "TURBO-3"}, {"text": "x", "issue": "TURBO-1", "project": "OTHER"}),
    "add_comment": ({"key": "TURBO-3", "text": "x"}, {"key": "TURBO-1", "text": "x", "reply_to": 99}),
    "archive_item": ({"key": "TURBO-9"},),
    "restore_item": ({"key": "TURBO-9"},),
    "undo": ({"event": 999, "confirm": True}, {"session": "nobody's", "confirm": True}, {"confirm": True}),
    "create_issues": ({"issues": [{"project": "TURBO", "title": "x"}, {"project": "NONE", "title": "x"}]},),
    "create_initiative": ({"project": "NONE", "title": "x"}, {"project": "TURBO", "title": "x", "owner": "nobody"}),
    "create_milestone": ({"project": "NONE", "title": "x"},),
    "update_initiative": ({"key": "TURBO-I9", "title": "x"}, {"key": "TURBO-I1", "owner": "nobody"}),
    "update_milestone": ({"key": "TURBO-M9", "title": "x"},),
    "create_decision": ({"title": "x", "status": "accepted"},),
    "update_decision": (
        {"key": "DEC-1", "title": "x", "status": "accepted"},
        {"key": "DEC-1", "superseded_by": "DEC-1"},
    ),
    "link_items": (
        {"from": "TURBO-1", "type": "relates", "to": "TURBO-9"},
        {"from": "TURBO-3", "type": "relates", "to": "TURBO-1"},
        {"from": "TURBO-1", "type": "blocks", "to": "TURBO-3"},
    ),
    "create_document": ({"project": "NONE", "title": "x", "text": "x"},),
    "update_document": ({"key": "TURBO-D9", "text": "x"}, {"key": "TURBO-D1", "text": "x", "section": "none"}),
    "next_issue": ({"project": "NONE", "claim": True}, {"key": "TURBO-3", "claim": True}),
    "release_issue": ({"key": "TURBO-9", "outcome": "done"}, {"key": "TURBO-1", "outcome": "handed_back"}),
    "ask_mentor": (
        {"mentor": "nobody", "question": "x"},
        {"mentor": "architect", "question": "x", "about": "TURBO-9"},
    ),
    "record_answer": ({"conversation": "ASK-9", "text": "x"}, {"conversation": "ASK-1", "text": "x", "turn": 7}),
    "create_mentor": ({"name": "new"}, {"name": "architect"}),
}


@pytest.fixture
def prepared(turbo: Turbo) -> Turbo:
    """A project, three issues, the last of them archived, and one of each other kind: events 1 to 9."""
    turbo.call("create_project", key="TURBO", name="Turbo")
    for title in ("first", "second", "third"):
        turbo.call("create_issue", project="TURBO", title=title, labels=["A"])
    turbo.call("archive_item", key="TURBO-3")
    turbo.call("create_initiative", project="TURBO", title="initiative")
    turbo.call("create_milestone", project="TURBO", title="milestone")
    turbo.call("create_decision", title="decision")
    turbo.call("create_document", project="TURBO", title="document", text="# A")
    return turbo


@pytest.fixture
def asked(prepared: Turbo) -> Turbo:
    """And a question of another session: what the tables below go on with."""
    other = replace(prepared.ada, caller=replace(prepared.ada.caller, session="other"))
    other.call("ask_mentor", mentor="delivery", question="When?")
    return prepared


def test_the_table_has_every_tool_that_writes() -> None:
    for table in (CHANGES, NOTHING, REFUSED):
        assert sorted(table) == WRITERS


@pytest.mark.parametrize("name", WRITERS)
def test_a_change_leaves_its_events(asked: Turbo, name: str) -> None:
    prepared = asked
    last = newest(prepared)
    for arguments, actions in CHANGES[name]:
        prepared.call(name, **arguments)
        made = since(prepared, last)
        assert [event["action"] for event in made] == actions, arguments
        for event in made:
            assert (event["person"], event["machine"], event["session"]) == ("ada", "laptop", "session-1")
            assert event["changes"]
            assert set(actions) <= {*REVERSALS, *NOT_UNDOABLE, "undone"}, "undo must know this action, or say it cannot"
        last = newest(prepared)


@pytest.mark.parametrize("name", WRITERS)
def test_what_changes_nothing_or_is_refused_leaves_none(asked: Turbo, name: str) -> None:
    prepared = asked
    last = newest(prepared)
    for arguments in NOTHING[name]:
        prepared.call(name, **arguments)
    for arguments in REFUSED[name]:
        prepared.refused(name, **arguments)
    assert since(prepared, last) == []


def test_an_event_tells_each_field_before_and_after(prepared: Turbo) -> None:
    prepared.call("update_issue", key="TURBO-1", title="漢字", due="2026-12-31", labels=["b"], blocked_by=["TURBO-2"])
    (event,) = since(prepared, 9)
    assert (event["kind"], event["key"], event["project"]) == ("issue", "TURBO-1", "TURBO")
    assert pairs(event) == {
        "title": ("first", "漢字"),
        "due": (None, "2026-12-31"),
        "labels": (["A"], ["b"]),
        "blocked_by": ([], ["TURBO-2"]),
    }


def test_work_for_no_item_is_an_event_of_its_own(prepared: Turbo) -> None:
    prepared.call("log_work", text="met a customer", minutes=30)
    (event,) = since(prepared, 9)
    assert "key" not in event
    assert "project" not in event
    assert event["kind"] == "work_log"
    assert pairs(event) == {"work_log": (None, 1), "text": (None, "met a customer"), "minutes": (None, 30)}


def test_an_event_names_the_machine_and_session_that_wrote_it(prepared: Turbo) -> None:
    desk = replace(prepared.ada, caller=replace(prepared.ada.caller, machine="desk", session=None))
    desk.call("update_issue", key="TURBO-1", title="x")
    (event,) = since(prepared, 9)
    assert event["machine"] == "desk"
    assert "session" not in event
    assert read(prepared, machine="desk")["items"] == [event]
