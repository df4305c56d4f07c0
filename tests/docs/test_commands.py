"""Commands in the documents would run: their verbs and options are in the programs' own help."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.house.tracked_files import tracked_files

ROOT = Path(__file__).parents[2]
PAGES = [path for path in tracked_files() if path.suffix == ".md" and path.parts[:2] != ("docs", "reference")]
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
COMMAND = re.compile(r"\b(turbo-(?:client|server)) ([a-z]+)([^\n`#&|;]*)")


@cache
def sections() -> dict[str, str]:
    """The help of every command, by the command."""
    page = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^#+ (turbo-[\w -]+)\n\n```\n(.*?)```", page, re.MULTILINE | re.DOTALL))


def wrong(text: str) -> list[str]:
    """The commands in the code of a page that the programs do not know, or not with that option."""
    found = []
    for block in CODE.findall(text):
        for program, verb, rest in COMMAND.findall(block):
            action = re.match(r" ([a-z]+)\b", rest)
            help_text = sections().get(f"{program} {verb} {action[1]}" if action else "")
            help_text = help_text or sections().get(f"{program} {verb}", "")
            options = re.findall(r"(?<=\s)--[a-z][a-z-]*", rest)
            if not help_text or any(option not in help_text for option in options):
                found.append(f"{program} {verb}{rest}".strip())
    return found


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_command_and_option_exists(page: Path) -> None:
    assert wrong((ROOT / page).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "command", ["turbo-client logn", "turbo-client login --token", "turbo-server keys make --name x"]
)
def test_a_command_that_does_not_exist_is_found(command: str) -> None:
    assert wrong(f"```sh\n{command}\n```") == [command]


def test_a_command_that_exists_is_let_be() -> None:
    assert wrong("```sh\nturbo-server keys create --name ada --label laptop\nturbo-client call get_status\n```") == []
