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
    ("search", {"query": "first"}),
    ("search", {"query": '"first" -second x', "project": "TURBO", "kind": "issue", "status": "open", "limit": 1}),
    ("search", {"query": "frist"}),
    ("search", {"query": "TURBO-1"}),
    ("search", {"query": "TRUBO-1"}),
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
