"""Every tool against wrong calls, made from the schemas: each gets one clear sentence and changes nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.harness import Turbo
from turbo_server.catalogue import Catalogue
from turbo_server.kit.tool import Tool

TOOLS = tuple(Catalogue().tools.values())
SMALLEST: dict[str, dict[str, Any]] = {
    "get_item": {"key": "TURBO-1"},
    "create_project": {"key": "NEW", "name": "x"},
    "create_issue": {"project": "TURBO", "title": "x"},
    "update_issue": {"key": "TURBO-1", "title": "x"},
    "log_work": {"text": "x"},
    "add_comment": {"key": "TURBO-1", "text": "x"},
    "create_decision": {"title": "x"},
    "update_decision": {"key": "DEC-1", "title": "x"},
    "link_items": {"from": "TURBO-1", "type": "relates", "to": "TURBO"},
    "create_initiative": {"project": "TURBO", "title": "x"},
    "update_initiative": {"key": "TURBO-I1", "title": "x"},
    "create_milestone": {"project": "TURBO", "title": "x"},
    "update_milestone": {"key": "TURBO-M1", "title": "x"},
    "list_items": {"kind": "label"},
    "create_issues": {"issues": [{"project": "TURBO", "title": "x"}]},
    "create_document": {"project": "TURBO", "title": "x", "text": "x"},
    "update_document": {"key": "TURBO-D1", "text": "x"},
    "release_issue": {"key": "TURBO-1", "outcome": "done"},
    "archive_item": {"key": "TURBO-1"},
    "restore_item": {"key": "TURBO-1"},
    "undo": {"event": 1},
    "search": {"query": "first"},
    "ask_mentor": {"mentor": "architect", "question": "x"},
    "create_mentor": {"name": "architect", "role": "x"},
    "record_answer": {"conversation": "ASK-1", "text": "x"},
}
PLANS = ("initiative", "milestone")
WRONG: dict[str, tuple[Any, ...]] = {
    "string": (7, True, {"a": 1}, ["x"], "nul \x00 in it"),
    "integer": ("seven", True, 1.5, [1], {}, -1, 10**30),
    "number": ("seven", True, [1], {}, -1, 10**30),
    "boolean": ("maybe", 7, [], {}),
    "object": (7, True, ["x"], {"nonsense": 1}, "{broken"),
    "array": (7, True, {"a": 1}, [7], [None], [["x"]], "[broken"),
}
BODIES = (
    b"[]", b'"x"', b"7", b"null", b"{", b"{]", b"\xff\xfe", b'{"a":NaN}', b"\x00", b'{"title":"\\ud800"}',
    b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"project":1e999}',
)  # fmt: skip


@pytest.fixture
def turbo(turbo: Turbo) -> Iterator[Turbo]:
    turbo.call("create_project", key="TURBO", name="x")
    turbo.call("create_issue", project="TURBO", title="first")
    for plan in PLANS:
        turbo.call(f"create_{plan}", project="TURBO", title="first")
    yield turbo
    assert turbo.call("list_projects")["total"] == 1
    assert [row["title"] for row in turbo.call("list_issues")["items"]] == ["first"]
    for plan in PLANS:
        assert [row["title"] for row in turbo.call("list_items", kind=plan)["items"]] == ["first"]


def wrong_calls(tool: Tool) -> Iterator[tuple[str, Any]]:
    for name, schema in tool.input_schema["properties"].items():
        for value in WRONG[schema["type"]]:
            yield name, value
        if schema["type"] == "string":
            yield name, "x" * (256 * 1024 + 1)
        if "enum" in schema:
            yield name, "no such word"


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_value_of_the_wrong_kind_is_refused_by_the_arguments_name(turbo: Turbo, tool: Tool) -> None:
    for name, value in wrong_calls(tool):
        failure = turbo.refused(tool.name, **{**SMALLEST.get(tool.name, {}), name: value})
        said = f"{tool.name} {name}={str(value)[:40]!r}: {failure}"
        assert failure.status in (404, 422) or (name, failure.status) == ("version", 412), said
        assert name in failure.message or failure.status == 404 or "cursor" in failure.code, said
        assert len(failure.message) + len(failure.hint) < 800, said
        assert "pydantic" not in str(failure), said


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_unknown_arguments_are_refused_with_the_nearest_name(turbo: Turbo, tool: Tool) -> None:
    for known in tool.input_schema["properties"]:
        failure = turbo.refused(tool.name, **SMALLEST.get(tool.name, {}), **{known + "x": "y"})
        assert failure.code == "invalid_arguments"
        assert f"`{known}x` is not one of its arguments" in failure.message
        assert "did you mean" in failure.message


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_missing_arguments_are_named(turbo: Turbo, tool: Tool) -> None:
    required = tool.input_schema["required"]
    if not required:
        assert turbo.call(tool.name, **SMALLEST.get(tool.name, {}))
        return
    failure = turbo.refused(tool.name)
    assert all(f"`{name}` is missing" in failure.message for name in required)
    assert f"Required: {', '.join(required)}." in failure.hint


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_a_body_that_is_no_object_of_arguments_is_refused(turbo: Turbo, tool: Tool) -> None:
    for body in BODIES:
        answer = turbo.ada.answer(tool.name, body)
        assert answer.status == 422, body[:12]
        assert json.loads(answer.body)["error"]["code"] == "invalid_arguments", body[:12]


def test_nulls_count_as_not_given(turbo: Turbo) -> None:
    assert turbo.call("list_issues", project=None, status=None, cursor=None)["total"] == 1


def test_empty_and_blank_texts_are_refused_where_something_must_be_said(turbo: Turbo) -> None:
    for blank in ("", "   ", "\n\t"):
        assert turbo.refused("create_issue", project="TURBO", title=blank).status == 422
        assert turbo.refused("log_work", text=blank).status == 422
        assert turbo.refused("create_project", key="NEW", name=blank).status == 422


def test_the_size_limit_is_said_with_the_refusal(turbo: Turbo) -> None:
    failure = turbo.refused("create_issue", project="TURBO", title="t", description="漢" * 100_000)
    assert "256 KiB" in failure.message


def test_exactly_the_limit_is_taken(database_url: str) -> None:
    with Turbo(database_url) as turbo:
        turbo.call("create_project", key="BIG", name="x", description="x" * 256 * 1024)
        turbo.call("create_issue", project="BIG", title="t", description="漢" * (256 * 1024 // 3))
        assert turbo.call("get_item", key="BIG-1")["description_cut"]["total"] == 256 * 1024 // 3


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("soon", "is not a date: write it as 2026-12-31, or today"),
        ("+3x", "is not a date"),
        ("0", "is not a date"),
        ("next", "is not a date"),
        ("2026-02-30", "does not exist: February 2026 has 28 days, not 30"),
        ("31.11.2026", "does not exist: November 2026 has 30 days, not 31"),
        ("2026-13-01", "names the month 13, and there are twelve"),
        ("12/31/2026", "does not say whether the month or the day comes first: write it as 2026-12-31"),
        ("1-2-2026", "does not say whether the month or the day comes first"),
        ("next week", "does not say which day: write monday, friday, +1w or 2026-12-31"),
    ],
)
def test_a_date_that_is_none_says_how_to_write_one(turbo: Turbo, due: str, words: str) -> None:
    failure = turbo.refused("create_issue", project="TURBO", title="t", due=due)
    assert f"`due` {words}" in failure.message


@pytest.mark.parametrize(
    ("field", "given", "meant"),
    [
        ("status", "closed", "done"), ("status", "To Do", "backlog"), ("status", "doing", "in_progress"),
        ("status", "canceled", "cancelled"), ("type", "story", "feature"), ("priority", "critical", "urgent"),
    ],
)  # fmt: skip
def test_what_other_trackers_call_it_is_understood(turbo: Turbo, field: str, given: str, meant: str) -> None:
    message = turbo.refused("create_issue", project="TURBO", title="t", **{field: given}).message
    assert message.endswith(f" (did you mean {meant}?).")
    assert message.startswith(f"create_issue: `{field}` must be ")


def test_what_is_far_from_every_name_gets_no_suggestion(turbo: Turbo) -> None:
    message = turbo.refused("create_issue", project="TURBO", title="t", estimate=3).message
    assert message == "create_issue: `estimate` is not one of its arguments."


def test_a_place_in_a_list_is_told_in_words(turbo: Turbo) -> None:
    assert "`status` must be" in turbo.refused("list_issues", status=["dome"]).message
    assert "`status` number 2 must be" in turbo.refused("list_issues", status=["done", "dome"]).message
    options = [{"title": "a"}, {"titel": "b"}]
    assert (
        "`titel` of `options` number 2 is not" in turbo.refused("create_decision", title="x", options=options).message
    )


def test_a_mistyped_state_suggests_the_right_one(turbo: Turbo) -> None:
    failure = turbo.refused("update_issue", key="TURBO-1", status="in progres")
    assert "did you mean in_progress?" in failure.message


def test_text_that_looks_like_sql_or_a_template_is_only_text(database_url: str) -> None:
    with Turbo(database_url) as turbo:
        turbo.call("create_project", key="TURBO", name="x")
        for text in ("'; drop table issues; --", "$1 {among} %s :name ::int", "{0}", "a%'b\"c"):
            turbo.call("create_issue", project="TURBO", title=text, labels=[text], assignee="me")
            assert turbo.call("list_issues", text=text, label=[text])["items"][0]["title"] == text
            assert turbo.refused("list_issues", assignee=text).code == "person_not_found"
