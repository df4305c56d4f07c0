"""The slash commands as files: they name tools that exist, and every version that was ever published is known."""

import re
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from turbo_installer.slash_commands import EARLIER_VERSIONS, shipped_commands
from turbo_server.catalogue import TOOLSETS

ROOT = Path(__file__).parents[2]
COMMANDS = sorted((ROOT / "commands").glob("*.md"))
TOOLS = {tool.name: tool for toolset in TOOLSETS for tool in toolset.tools}
named = pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)


def front_and_body(path: Path) -> tuple[dict[str, str], str]:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return dict(line.split(": ", 1) for line in front.splitlines()), body


def test_the_installer_ships_these_files() -> None:
    assert [path.stem for path in COMMANDS] == ["turbo-issue", "turbo-log", "turbo-status"]
    assert shipped_commands() == {path.name: path.read_bytes() for path in COMMANDS}


@named
def test_its_head_says_what_claude_code_reads(path: Path) -> None:
    front, _ = front_and_body(path)
    assert front.keys() == {"description", "argument-hint", "allowed-tools"}
    assert 10 < len(front["description"]) < 80


@named
def test_every_tool_it_names_exists_and_may_be_called(path: Path) -> None:
    front, body = front_and_body(path)
    in_body = set(re.findall(r"mcp__turbo__(\w+)", body))
    assert in_body
    assert in_body <= TOOLS.keys()
    assert in_body == set(re.findall(r"mcp__turbo__(\w+)", front["allowed-tools"]))


@named
def test_it_names_no_parameter_of_a_tool(path: Path) -> None:
    """Parameters are the schema's business: a word with an underscore in it would be one."""
    _, body = front_and_body(path)
    assert re.findall(r"\b[a-z]+_[a-z_]+\b", re.sub(r"mcp__turbo__\w+", "", body)) == []


@named
def test_it_takes_arguments_knows_what_to_do_without_them_and_without_a_login(path: Path) -> None:
    _, body = front_and_body(path)
    assert body.count("$ARGUMENTS") == 1
    assert re.search(r"\bempty\b|named none", body)
    assert "not logged in" in body
    assert "`turbo-client login`" in body
    assert re.search(r"Never invent a (project )?key", body)


@named
def test_every_version_that_was_ever_committed_is_known(path: Path) -> None:
    """So that an untouched copy of it is brought up to date, and never mistaken for its owner's own text."""
    name = f"commands/{path.name}"
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    versions = {sha256(_git("show", f"{commit}:{name}")).hexdigest() for commit in _commits(name)}
    known = {*EARLIER_VERSIONS.get(path.name, ()), sha256(path.read_bytes()).hexdigest()}
    assert versions <= known, "add the earlier version's digest to EARLIER_VERSIONS"


def _commits(name: str) -> list[str]:
    return _git("log", "--format=%H", "--diff-filter=AM", "--", name).decode().split()


def _git(*arguments: str) -> bytes:
    command = ["git", "-c", f"safe.directory={ROOT}", *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
