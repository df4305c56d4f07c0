"""How deep, how long and how much at once: what a call may ask for."""

import json
from typing import Any

import pytest

from tests.server.harness import Turbo
from turbo_server.catalogue import ENDPOINTS, Catalogue

TOOLS = [*Catalogue().tools.values(), *(endpoint.tool for endpoint in ENDPOINTS)]
ON_ONE = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def objects(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@ON_ONE
@pytest.mark.parametrize("value", [nested(32), nested(1_000), nested(200_000), objects(32), objects(100_000)])
def test_what_is_nested_deeper_than_anybody_needs_is_refused(turbo: Turbo, value: str) -> None:
    answer = turbo.ada.answer("create_issue", f'{{"project": "AB", "title": {value}}}'.encode())
    error = json.loads(answer.body)["error"]
    assert answer.status == 422
    assert "is nested deeper than 32 levels" in error["message"]


@ON_ONE
def test_thirty_two_levels_are_looked_at(turbo: Turbo) -> None:
    answer = turbo.ada.answer("create_issue", f'{{"project": "AB", "title": {nested(31)}}}'.encode())
    assert "`title` must be text" in json.loads(answer.body)["error"]["message"]


@ON_ONE
def test_many_brackets_side_by_side_are_not_deep(turbo: Turbo) -> None:
    turbo.call("create_project", key="AB", name="x")
    issues = [{"project": "AB", "title": str(each), "labels": ["a"]} for each in range(50)]
    assert turbo.call("create_issues", issues=issues)["created"] == 50


@ON_ONE
@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("create_issue", {"project": "AB", "title": "x", "labels": nested(10_000)}),
        ("create_issue", {"project": "AB", "title": "x", "criteria": nested(10_000)}),
        ("create_issues", {"issues": nested(10_000)}),
        ("create_decision", {"title": "x", "paths": nested(10_000)}),
        ("create_decision", {"title": "x", "options": nested(10_000)}),
        ("update_issue", {"key": "AB-1", "handoff": objects(10_000)}),
    ],
)
def test_a_text_that_is_read_as_json_is_held_to_it_too(turbo: Turbo, tool: str, given: dict[str, Any]) -> None:
    assert turbo.refused(tool, **given).status == 422


def test_no_page_holds_more_than_a_hundred() -> None:
    limits = [tool.input_schema["properties"].get("limit") for tool in TOOLS]
    found = [limit for limit in limits if limit is not None]
    assert len(found) >= 5
    assert {limit["maximum"] for limit in found} == {100}
