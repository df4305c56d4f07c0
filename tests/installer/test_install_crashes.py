"""Killed at any moment, the installer leaves every file old or new, and the next run puts all in order."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.installer.machine import Machine

ROOT = Path(__file__).parents[2]


def crashes(folder: Path, *arguments: str, seconds: int) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.installer.crashes", folder, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_killed_before_every_fourth_of_its_file_operations(tmp_path: Path) -> None:
    result = crashes(tmp_path, "steps", "4", seconds=60)
    assert all(steps > 50 for steps in result["steps"]), result
    assert result["killed"] * 4 == sum(result["steps"])


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_killed_before_each_of_its_file_operations(tmp_path: Path) -> None:
    result = crashes(tmp_path, "steps", "1", seconds=300)
    assert result["killed"] == sum(result["steps"])


def test_killed_at_fifty_random_moments(tmp_path: Path) -> None:
    assert crashes(tmp_path, "moments", "50", "20261123", seconds=60)["killed"] == 50


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_a_thousand_random_moments(tmp_path: Path) -> None:
    assert crashes(tmp_path, "moments", "1000", "1", seconds=900)["killed"] == 1000


EDITOR = """#!/bin/sh
# Plays `claude`: registers the server, and meanwhile someone saves another file.
case "$*" in
  "mcp add"*) printf '{"mcpServers": {"turbo": {"command": "%s", "args": ["serve"]}}}' "$7" > "$HOME/.claude.json"
              printf '{"model": "haiku"}' > "$HOME/.claude/settings.json" ;;
  "mcp get"*) printf 'turbo:\\n  Scope: User config\\n  Status: Connected\\n' ;;
esac
"""


def test_a_file_that_is_saved_by_someone_else_meanwhile_keeps_what_was_saved(machine: Machine) -> None:
    machine.write(machine.settings, '{"model": "opus"}')
    machine.put_on_path("claude", EDITOR)
    said = machine.install()
    assert said.code == 0, said.err
    assert json.loads(machine.settings.read_text()) == {"model": "haiku", "permissions": {"allow": ["mcp__turbo__*"]}}
    assert machine.uninstall().code == 0
    assert json.loads(machine.settings.read_text()) == {"model": "haiku"}
    assert not machine.claude_json.exists()


RESTLESS = """#!/bin/sh
# Plays `claude`: the proof of the connection changes a value that was in the file before.
case "$*" in
  "mcp add"*) printf '{"count": 1, "mcpServers": {"turbo": {"command": "%s", "args": ["serve"]}}}' "$7" ;;
  "mcp get"*) sed 's/"count": 1/"count": 2/' "$HOME/.claude.json" ;;
  "mcp remove"*) exit 1 ;;
esac > "$HOME/.new"
[ -s "$HOME/.new" ] && cp "$HOME/.new" "$HOME/.claude.json"
rm "$HOME/.new"
echo '  Scope: User config'
echo '  Status: Connected'
"""


def test_old_bytes_are_not_put_back_over_what_another_program_wrote_since(machine: Machine) -> None:
    machine.write(machine.claude_json, '{"count": 1}')
    machine.put_on_path("claude", RESTLESS)
    assert machine.install().code == 0
    said = machine.uninstall()
    assert "edited directly instead" in said.err
    assert json.loads(machine.claude_json.read_text()) == {"count": 2}


REMOVES = """#!/bin/sh
# Plays `claude`: removes the server that was there and then dies with the installer that called it.
case "$*" in
  "mcp remove"*) echo '{"mcpServers": {}}' > "$HOME/.claude.json"; kill -9 $PPID ;;
esac
"""


@pytest.mark.parametrize("again", [False, True])
def test_killed_between_removing_an_entry_and_adding_ours_it_can_still_put_that_back(
    machine: Machine, *, again: bool
) -> None:
    machine.write(machine.claude_json, '{"mcpServers": {"turbo": {"type": "http", "url": "u"}}}')
    claude = machine.put_on_path("claude", REMOVES)
    code = f"import sys; sys.argv = [{str(machine.program)!r}]; from turbo_installer.installation import install; "
    assert subprocess.run([sys.executable, "-c", code + "install()"], check=False).returncode == -9
    claude.unlink()
    if again:
        assert machine.install().code == 0
    assert machine.uninstall().code == 0
    assert json.loads(machine.claude_json.read_text()) == {"mcpServers": {"turbo": {"type": "http", "url": "u"}}}


def test_four_installers_at_once_do_the_work_of_one(machine: Machine, tmp_path: Path) -> None:
    machine.write(machine.settings, "{}")
    before = machine.everything()
    code = f"import sys; sys.argv = [{str(machine.program)!r}]; from turbo_installer.installation import install; "
    running = [subprocess.Popen([sys.executable, "-c", code + "sys.exit(not install().ok)"]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    assert json.loads(machine.settings.read_text()) == {"permissions": {"allow": ["mcp__turbo__*"]}}
    assert machine.uninstall().code == 0
    assert machine.everything() == before
