"""What the fuzzing sends is met with a clear answer, here in small: damaged bodies, and nonsense on stdin."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from bench.fuzz.oddities import DAMAGES, damaged, odd_headers, odd_query
from bench.fuzz.stdio import torment
from bench.fuzz.world import World
from tests.server.harness import Turbo

CALLS: dict[str, dict[str, Any]] = {
    "create_issue": {"project": "FUZZ", "title": "A line", "labels": ["a"], "criteria": ["b"]},
    "update_issue": {"key": "FUZZ-1", "description": "text", "handoff": {"state": "x"}, "place": "top"},
    "create_decision": {"title": "x", "options": [{"title": "a", "pros": ["b"]}], "paths": ["src/**"]},
    "list_issues": {"project": "FUZZ", "text": "x", "label": ["a"], "limit": 5},
    "search": {"query": "issue", "kind": "work_log", "limit": 5},
}


def test_no_damaged_body_meets_a_defect(turbo: Turbo) -> None:
    World(turbo.call, "FUZZ")
    draw = random.Random(4)  # noqa: S311 - a seed is the point
    for tool, arguments in CALLS.items():
        for damage in (each for each in DAMAGES for _ in range(2)):
            body = damage(draw, dict(arguments))
            answer = turbo.ada.answer(tool, body)
            assert answer.status in (200, 404, 409, 422), (tool, body[:300], answer)
            json.loads(answer.body)


def test_the_seed_decides_what_is_sent() -> None:
    def sent(seed: int) -> list[object]:
        draw = random.Random(seed)  # noqa: S311
        return [(odd_headers(draw), odd_query(draw), damaged(draw, {"title": "x"})) for _ in range(20)]

    assert sent(1) == sent(1)
    assert sent(1) != sent(2)


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800"])
def test_what_one_database_would_not_store_is_refused_by_both(turbo: Turbo, character: str) -> None:
    turbo.call("create_project", key="FUZZ", name="x")
    for tool, arguments in CALLS.items():
        for name, value in arguments.items():
            if isinstance(value, str):
                body = json.dumps({**arguments, name: "\x02"}).replace('"\\u0002"', f'"a{character}b"').encode()
                assert turbo.ada.answer(tool, body).status == 422, (tool, name)


def test_nonsense_on_stdin_is_answered_in_time(tmp_path: Path) -> None:
    found = torment(tmp_path, lines=150, seed=5)
    assert (found.code, found.lines) == (0, 168)
