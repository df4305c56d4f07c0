"""What the tools answer is what their output schemas, and with them the OpenAPI document, promise."""

import jsonschema
import pytest

from tests.server.harness import ToolFailed, Turbo
from turbo_server.catalogue import Catalogue


@pytest.fixture
def told(turbo: Turbo) -> Turbo:
    prepare(turbo)
    return turbo


def prepare(turbo: Turbo) -> None:
    """What CALLS find there."""
    turbo.call("create_project", key="TURBO", name="Turbo", description="why")
    turbo.call("create_issue", project="TURBO", title="first", due="tomorrow", labels=["a"], status="in_progress")
    turbo.call("create_issue", project="TURBO", title="second", blocked_by=["TURBO-1"], parent="TURBO-1")


CALLS: tuple[tuple[str, dict[str, object]], ...] = (
    ("create_project", {"key": "NEW", "name": "x"}),
    ("create_issue", {"project": "TURBO", "title": "x", "priority": "high"}),
    ("update_issue", {"key": "TURBO-2", "status": "blocked", "note": "why"}),
    ("log_work", {"text": "x", "issue": "TURBO-1", "minutes": 5, "commit": "abc", "branch": "b", "status": "done"}),
    ("get_item", {"key": "TURBO-1", "include": ["comments", "work_log"]}),
    ("get_item", {"key": "TURBO"}),
    ("list_projects", {"limit": 1}),
    ("list_issues", {}),
    ("list_issues", {"limit": 1}),
    ("get_status", {}),
    ("add_comment", {"key": "TURBO-1", "text": "x"}),
    ("create_decision", {"title": "x", "options": ["a"], "outcome": "y", "status": "accepted", "paths": ["a/**"]}),
    ("create_decision", {"title": "z"}),
    ("update_decision", {"key": "DEC-1", "superseded_by": "DEC-2", "note": "why"}),
    ("link_items", {"from": "TURBO-1", "type": "duplicates", "to": "TURBO-2"}),
    ("get_item", {"key": "DEC-1", "include": ["links"]}),
    ("get_item", {"key": "TURBO-2", "include": ["links"]}),
    ("create_initiative", {"project": "TURBO", "title": "x", "owner": "me", "due": "friday"}),
    ("create_milestone", {"project": "TURBO", "title": "x", "due": "tomorrow"}),
    (
        "create_issues",
        {
            "issues": [
                {"project": "TURBO", "title": "first", "initiative": "TURBO-I1", "milestone": "TURBO-M1"},
                {"project": "TURBO", "title": "x", "blocked_by": ["#1"], "labels": ["a"]},
            ]
        },
    ),
    ("get_item", {"key": "TURBO-I1"}),
    ("get_item", {"key": "TURBO-M1"}),
    ("get_item", {"key": "TURBO-4"}),
    ("update_initiative", {"key": "TURBO-I1", "status": "completed", "note": "why"}),
    ("update_milestone", {"key": "TURBO-M1", "status": "closed"}),
    ("list_items", {"kind": "initiative"}),
    ("list_items", {"kind": "milestone"}),
    ("list_items", {"kind": "label", "limit": 1}),
    ("list_items", {"kind": "work_log"}),
    ("create_document", {"project": "TURBO", "title": "x", "text": "# A\n"}),
    ("update_document", {"key": "TURBO-D1", "section": "A", "text": "b", "title": "y", "note": "why"}),
    ("get_item", {"key": "TURBO-D1", "version": 1, "include": ["outline", "versions", "diff"]}),
    ("next_issue", {}),
    ("next_issue", {"claim": True, "project": "TURBO"}),
    ("release_issue", {"key": "TURBO-2", "outcome": "needs_human", "text": "which?"}),
    ("get_status", {}),
    ("update_issue", {"key": "TURBO-2", "place": "top"}),
    ("get_item", {"key": "TURBO-1", "include": ["history"]}),
    ("list_projects", {"archived": True}),
    ("archive_item", {"key": "TURBO-2", "note": "x"}),
    ("restore_item", {"key": "TURBO-2", "note": "x"}),
    ("read_audit", {}),
    ("read_audit", {"limit": 1, "account": "me", "since": "7d", "key": "TURBO-1"}),
    ("read_audit", {"key": "1", "machine": "laptop", "session": "session-1", "action": "created"}),
    ("ask_mentor", {"mentor": "architect", "question": "What is first?", "about": "TURBO-1"}),
    ("record_answer", {"conversation": "ASK-1", "text": "TURBO-1, not TURBO-99.", "model": "x"}),
    ("ask_mentor", {"conversation": "ASK-1"}),
    ("create_mentor", {"name": "ops", "role": "x", "instructions": "y", "daily_budget": 1.5, "model": "z"}),
    ("create_mentor", {"name": "ops", "may_propose": True}),
    ("get_item", {"key": "@ops", "include": ["history"]}),
    ("get_item", {"key": "ASK-1", "include": ["links", "history"]}),
    ("list_items", {"kind": "mentor"}),
    ("list_items", {"kind": "conversation"}),
    ("undo", {"event": 3}),
    ("undo", {"session": "mine", "confirm": True}),
    ("search", {"query": "first"}),
    ("search", {"query": '"first" -second x', "project": "TURBO", "kind": "issue", "status": "open", "limit": 1}),
    ("search", {"query": "frist"}),
    ("search", {"query": "TURBO-1"}),
    ("search", {"query": "TRUBO-1"}),
    ("undo", {"event": 3}),
    ("undo", {"session": "mine", "confirm": True}),
)


def test_every_result_fits_its_tools_output_schema(told: Turbo) -> None:
    tools = Catalogue().tools
    assert {name for name, _ in CALLS} == set(tools)
    for name, arguments in CALLS:
        jsonschema.validate(told.call(name, **arguments), tools[name].output_schema)


def test_a_schema_notices_a_result_that_does_not_fit(told: Turbo) -> None:
    wrong = {**told.call("list_issues"), "total": "two"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, Catalogue().tools["list_issues"].output_schema)
    with pytest.raises(ToolFailed):
        told.call("list_issues", limit=0)
