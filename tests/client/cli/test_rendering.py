"""A result as a person reads it in a shell."""

from typing import Any

import pytest

from turbo_client.cli.rendering import readable

SESSION = "7d0b2e5c-93f5-4c0e-8d3a-0f6f3a0e9b11"
STATUS = {"field": "status", "before": "ready", "after": "done"}
LONG = "日" * 40


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"changed": [STATUS]}, ["changed:", "  - status: ready -> done"]),
        ({"changed": [{"field": "due", "before": "2026-01-01"}]}, ["changed:", "  - due: 2026-01-01 -> none"]),
        ({"changed": [{"field": "outcome"}]}, ["changed:", "  - outcome: changed"]),
        (
            {"history": [
                {"event": 9, "action": "updated", "changed": [STATUS]},
                {"event": 8, "action": "created"},
            ]},
            ["history:", "  event  action", "  9      updated", "      status: ready -> done", "  8      created"],
        ),
        ({"rows": [{"a": 1, "parts": [{"x": {"y": [2]}}]}]}, ["rows:", "  a", "  1", "      parts:", "        - y=2"]),
        ({"items": [], "then": [], "around": {}}, ["items: none", "then: none", "around: none"]),
        ({"people": [{"name": "ada"}, {"name": "grace"}]}, ["people:", "  - ada", "  - grace"]),
        (
            {"items": [{"title": "日本", "key": "A-1"}, {"title": "abcdef", "key": "A-2"}]},
            ["items:", "  title   key", "  日本    A-1", "  abcdef  A-2"],
        ),
        (
            {"items": [{"title": "e\u0301", "key": "A-1"}, {"title": "ab", "key": "A-2"}]},
            ["items:", "  title  key", "  e\u0301      A-1", "  ab     A-2"],
        ),
        ({"rows": [{"by": "ada", "session": SESSION}]}, ["rows:", "  by   session", "  ada  7d0b2e5c"]),
        ({"session": SESSION}, [f"session: {SESSION}"]),
        ({"rows": [{"a": LONG, "b": 1}]}, ["rows:", f"  a{' ' * 60}b", f"  {'日' * 29}…  1"]),
    ],
)  # fmt: skip
def test_results_read_as_a_person_would_write_them(value: dict[str, Any], lines: list[str]) -> None:
    assert readable(value).split("\n") == lines
