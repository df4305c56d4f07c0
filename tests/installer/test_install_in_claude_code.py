"""With the real Claude Code and the real turbo-client: connected, used in a session, and gone without a trace."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.installer.claude_code_program import OFFLINE, ClaudeCode, find_program
from tests.installer.fake_model import FakeModel, calls_tool, fake_model
from tests.installer.machine import Machine
from tests.server.live import LiveServer, live_server

CLIENT = Path(sys.executable).parent / "turbo-client"
CLAUDE_JSON = (
    '\ufeff{\r\n    "zeta": 1, "escaped": "\\u00e9", "float": 1.0,\r\n'
    '    "mcpServers": {"other": {"command": "x"}}\r\n}'
)
SETTINGS = '{"model":"opus","permissions":{"allow":["Bash(ls)"]}}'


@pytest.fixture(scope="session")
def claude_program() -> Path:
    """Found before any test has a home folder of its own: the cache is in the real one."""
    return find_program()


@pytest.fixture
def claude(claude_program: Path, machine: Machine) -> ClaudeCode:
    """On PATH; what it writes outside of HOME goes beside it."""
    path, scratch = machine.home.parent / "path", machine.home.parent / "scratch"
    path.mkdir()
    scratch.mkdir()
    (path / "claude").symlink_to(claude_program)
    environment = {"HOME": str(machine.home), "PATH": f"{path}:/usr/bin:/bin", "TMPDIR": str(scratch), **OFFLINE}
    for name, value in environment.items():
        machine.monkeypatch.setenv(name, value)
    machine.monkeypatch.setattr("sys.argv", [str(CLIENT), "install"])
    machine.monkeypatch.chdir(scratch)
    return ClaudeCode(path / "claude", environment, scratch)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    folder = tmp_path_factory.mktemp("server")
    with live_server(f"sqlite:///{folder / 'turbo.db'}", folder) as running:
        yield running


def ours_and_theirs(machine: Machine) -> dict[str, object]:
    """Every file but the backups, logs and caches that Claude Code and its npm keep for themselves."""
    kept = re.compile(r"\.npm|\.cache|\.claude/backups|\.claude/plugins|\.claude/projects|\.claude$")
    return {name: content for name, content in machine.everything().items() if not kept.match(name)}


def test_it_connects_and_is_gone_again_byte_for_byte(machine: Machine, claude: ClaudeCode) -> None:
    machine.write(machine.claude_json, CLAUDE_JSON)
    machine.write(machine.settings, SETTINGS, 0o600)
    before = ours_and_theirs(machine)
    said = machine.install()
    assert said.code == 0, said.err
    assert "claude mcp get turbo`: Connected" in said.err
    assert "✔ Connected" in claude.run("mcp", "get", "turbo")
    assert "Invalid settings" not in claude.run("doctor")
    installed = ours_and_theirs(machine)
    again = machine.install()
    assert "already up to date" in again.err
    assert ours_and_theirs(machine) == installed
    assert machine.uninstall().code == 0
    assert ours_and_theirs(machine) == before


def test_where_claude_code_never_ran_no_file_of_ours_is_left(machine: Machine, claude: ClaudeCode) -> None:
    before = ours_and_theirs(machine)
    assert machine.install().code == 0
    assert machine.uninstall().code == 0
    assert ours_and_theirs(machine) == before


def test_after_sessions_have_rewritten_the_file_only_our_entry_goes(machine: Machine, claude: ClaudeCode) -> None:
    assert machine.install().code == 0
    claude.run("mcp", "add", "--scope", "user", "other", "--", "x")
    claude.run("mcp", "remove", "--scope", "user", "other")
    with fake_model() as model:
        claude.run("-p", "hello", ANTHROPIC_BASE_URL=model.origin)
    expected = json.loads(machine.claude_json.read_text())
    assert expected.pop("mcpServers").keys() == {"turbo"}
    assert machine.uninstall().code == 0
    left = json.loads(machine.claude_json.read_text())
    assert left == expected


def test_with_and_without_the_program_the_same_is_written(machine: Machine, claude: ClaudeCode) -> None:
    """The file that `claude` rewrites as a whole is compared by what it means, the others byte by byte."""
    machine.write(machine.settings, SETTINGS)
    assert machine.install().code == 0
    by_claude = json.loads(machine.claude_json.read_text())["mcpServers"]
    others = {path: path.read_bytes() for path in (machine.settings, *map(machine.command, ("issue", "log", "status")))}
    assert machine.uninstall().code == 0
    machine.monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert "not tried: Claude Code was not found" in machine.install().err
    assert json.loads(machine.claude_json.read_text())["mcpServers"] == by_claude
    assert {path: path.read_bytes() for path in others} == others
    assert "✔ Connected" in claude.run("mcp", "get", "turbo")


def test_a_broken_configuration_is_not_even_shown_to_claude(machine: Machine, claude: ClaudeCode) -> None:
    """It would make a copy of the broken file each time."""
    machine.write(machine.claude_json, '{"a": 1,}')
    said = machine.install()
    assert said.code == 1
    assert "a comma stands before the closing bracket" in said.err
    assert not (machine.folder / "backups").exists()


def test_a_server_of_a_nearer_scope_is_told_apart(machine: Machine, claude: ClaudeCode) -> None:
    claude.run("mcp", "add", "--scope", "local", "turbo", "--", str(CLIENT), "serve")
    assert "another server named turbo comes first: Local config" in machine.install().err


def test_settings_that_claude_code_would_drop_are_reported(machine: Machine, claude: ClaudeCode) -> None:
    machine.write(machine.settings, '{"env": "x"}')
    said = machine.install()
    assert said.code == 1
    assert re.search(r"FAILED: settings: `claude doctor`: .*settings.json › env", said.err)


def test_the_old_place_of_the_configuration_is_honoured(machine: Machine, claude: ClaudeCode) -> None:
    old = machine.write(machine.folder / ".config.json", "{}")
    said = machine.install()
    assert said.code == 0, said.err
    assert "turbo" in json.loads(old.read_text())["mcpServers"]
    assert machine.uninstall().code == 0
    assert old.read_text() == "{}"


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("issue", "<request>\nFix the login\n</request>"),
        ("log", "<note>\nFix the login\n</note>"),
        ("status", 'if I named one: "Fix the login"'),
    ],
)
def test_a_typed_command_reaches_the_model_with_its_arguments(
    machine: Machine, claude: ClaudeCode, command: str, words: str
) -> None:
    machine.install()
    with fake_model() as model:
        claude.run("-p", f"/turbo-{command} Fix the login", ANTHROPIC_BASE_URL=model.origin)
    assert f"<command-name>/turbo-{command}</command-name>" in model.texts()
    assert words in model.texts()
    assert "$ARGUMENTS" not in model.texts()


def test_a_tool_call_needs_no_question_once_the_rule_is_there(
    machine: Machine, claude: ClaudeCode, server: LiveServer
) -> None:
    machine.install()
    log_in(claude, server)
    allowed = tool_result(claude, "WEB")
    assert json.loads(text_of(allowed))["key"] == "WEB"
    machine.settings.write_text("{}")
    refused = tool_result(claude, "APP")
    assert refused["is_error"] is True
    assert "haven't granted it yet" in text_of(refused)
    assert [project["key"] for project in server.call("list_projects")["items"]] == ["WEB"]


def log_in(claude: ClaudeCode, server: LiveServer) -> None:
    command = [str(CLIENT), "login", "--url", server.url, "--with-token", "--insecure-storage"]
    subprocess.run(command, input=server.key, env=claude.environment, text=True, check=True, timeout=30)


def tool_result(claude: ClaudeCode, key: str) -> dict[str, Any]:
    with fake_model(calls_tool("mcp__turbo__create_project", {"key": key, "name": "A project"})) as model:
        said = claude.run("-p", "Make it.", "--permission-mode", "default", ANTHROPIC_BASE_URL=model.origin)
    return only_result(model, said)


def only_result(model: FakeModel, said: str) -> dict[str, Any]:
    assert len(model.tool_results()) == 1, said
    return model.tool_results()[0]


def text_of(result: dict[str, Any]) -> str:
    content = result["content"]
    return content if isinstance(content, str) else "".join(block["text"] for block in content)
