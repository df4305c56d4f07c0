"""A file fits one sitting, a function one screen; a module's name says what it is about."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.source_tree import ROOT
from tests.house.tracked_files import tracked_files

FILE_LINES = 250
FUNCTION_LINES = 40
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "service", "services"}

# What may be longer, and why: "path" for a file, "path:function" for a function.
ALLOWED = {
    "server/turbo_server/migrations/versions/0001_first.py:upgrade": "a list of tables, written once and never changed",
    "server/turbo_server/migrations/versions/0002_memory.py": "a list of tables, written once and never changed",
    "frontend/lib/api-types.ts": "generated from the OpenAPI document",
}


def over_budget(path: Path, source: str) -> Iterator[tuple[str, str]]:
    """Whatever is too long, as its name in ALLOWED and a sentence."""
    lines = len(source.splitlines())
    if lines > FILE_LINES:
        yield str(path), f"{path} has {lines} lines; over {FILE_LINES} a noun is missing"
    if path.suffix != ".py":
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                yield (
                    f"{path}:{node.name}",
                    f"{path}:{node.lineno} {node.name} has {length} lines, not {FUNCTION_LINES}",
                )


def says_nothing(path: Path) -> bool:
    return bool(SAYS_NOTHING & {part.lower() for part in path.with_suffix("").parts})


def is_code(path: Path) -> bool:
    return path.suffix in {".py", ".sh", ".js", ".ts", ".tsx", ".css"} or path.parts[0] == ".ci"


def code() -> list[Path]:
    return [path for path in tracked_files() if is_code(path)]


def test_every_file_and_function_keeps_its_budget() -> None:
    assert code()
    found = dict(finding for path in code() for finding in over_budget(path, (ROOT / path).read_text()))
    assert [sentence for name, sentence in found.items() if name not in ALLOWED] == []
    assert [name for name in ALLOWED if name not in found] == [], "these keep the budget now: take them off the list"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("long.py", "x = 1\n" * (FILE_LINES + 1)),
        ("long.css", "a {}\n" * (FILE_LINES + 1)),
        ("wide.py", "def f():\n" + "    x = 1\n" * FUNCTION_LINES),
        ("nested.py", "class A:\n    async def f(self):\n" + "        x = 1\n" * FUNCTION_LINES),
    ],
)
def test_what_is_over_budget_is_found(name: str, source: str) -> None:
    assert len(list(over_budget(Path(name), source))) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("full.py", "x = 1\n" * FILE_LINES),
        ("screen.py", "@decorated\ndef f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1)),
    ],
)
def test_what_just_fits_is_left_alone(name: str, source: str) -> None:
    assert list(over_budget(Path(name), source)) == []


def test_every_name_says_what_the_module_is_about() -> None:
    assert [path for path in code() if says_nothing(path)] == []


@pytest.mark.parametrize("path", ["server/utils.py", "client/helpers/text.py", "tests/common/x.py", "a/Manager.ts"])
def test_a_name_that_says_nothing_is_found(path: str) -> None:
    assert says_nothing(Path(path))
