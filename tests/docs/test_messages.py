"""The messages that the troubleshooting page explains are the ones that the programs say."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from docs.generators.source import CLIENT, INSTALLER, SERVER

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "guides" / "troubleshooting.md"


def messages(page: str) -> list[str]:
    """What stands in double quotes in the first column of a table."""
    rows = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| ")]
    return [quoted for row in rows for quoted in re.findall(r'"([^"]+)"', row)]


def fragments(message: str) -> list[str]:
    """Its parts between the places where … stands for something else."""
    return [part for part in message.split("…") if part.strip(" .:,")]


@cache
def said() -> str:
    """Every text in the product's source, joined as Python joins it; what is filled in later is a line break."""
    return "\n".join(text for folder in (CLIENT, INSTALLER, SERVER) for text in _texts(folder))


def _texts(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.parametrize("message", messages(PAGE.read_text(encoding="utf-8")))
def test_every_message_is_one_of_the_programs(message: str) -> None:
    assert fragments(message)
    assert [part for part in fragments(message) if part.strip() not in said()] == []


def test_a_message_that_nobody_says_is_found() -> None:
    planted = messages('| it says | means |\n| "The database … has gone fishing." | "quoted, but no message" |\n')
    assert planted == ["The database … has gone fishing."]
    assert [part for part in fragments(planted[0]) if part.strip() not in said()] == [" has gone fishing."]
