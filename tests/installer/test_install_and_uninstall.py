"""Without the `claude` program: what install writes, and that uninstall leaves no trace of it."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.installer.machine import Machine, machine_in
from tests.installer.test_json_text import json_texts

RULE = "mcp__turbo__*"
COMMANDS = ("issue", "log", "status")
SETTINGS = '{\n    "model": "opus",\n    "permissions": {\n        "deny": [],\n        "allow": ["Bash(ls)"]\n    }\n}'
CLAUDE_JSON = (
    '{"numStartups": 7, "mcpServers": {"other": {"command": "x", "env": {"KEY": "hush"}}}, "oauthAccount": {}}\n'
)


def test_a_fresh_machine_gets_server_permission_and_commands(machine: Machine) -> None:
    said = machine.install()
    assert said.code == 0, said.err
    assert json.loads(machine.claude_json.read_text()) == {
        "mcpServers": {"turbo": {"type": "stdio", "command": str(machine.program), "args": ["serve"], "env": {}}}
    }
    assert json.loads(machine.settings.read_text()) == {"permissions": {"allow": [RULE]}}
    assert {path.name for path in (machine.folder / "commands").iterdir()} == {f"turbo-{verb}.md" for verb in COMMANDS}
    assert machine.claude_json.stat().st_mode & 0o777 == 0o600
    assert "turbo-client login" in said.err


def test_uninstall_leaves_a_fresh_machine_as_it_was(machine: Machine) -> None:
    before = machine.everything()
    machine.install()
    assert machine.uninstall().code == 0
    assert machine.everything() == before


def test_installing_twice_changes_nothing(machine: Machine) -> None:
    machine.install()
    before = machine.everything()
    said = machine.install()
    assert (said.code, machine.everything()) == (0, before)
    assert "already up to date" in said.err


def test_uninstalling_where_nothing_is_installed_changes_nothing(machine: Machine) -> None:
    machine.write(machine.settings, SETTINGS)
    before = machine.everything()
    said = machine.uninstall()
    assert (said.code, machine.everything()) == (0, before)
    assert "not installed" in said.err


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["", "\n"])
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_layout_byte_order_mark_and_mode_survive(
    machine: Machine, newline: str, mark: str, end: str, mode: int
) -> None:
    for path, text in ((machine.settings, SETTINGS), (machine.claude_json, CLAUDE_JSON.strip())):
        machine.write(path, (mark + text + end).replace("\n", newline), mode)
    before = machine.everything()
    assert machine.install().code == 0
    assert json.loads(machine.settings.read_bytes())["permissions"] == {"deny": [], "allow": ["Bash(ls)", RULE]}
    assert list(json.loads(machine.claude_json.read_bytes())["mcpServers"]) == ["other", "turbo"]
    assert {path.stat().st_mode & 0o777 for path in (machine.settings, machine.claude_json)} == {mode}
    assert machine.settings.read_bytes().replace(b', "mcp__turbo__*"', b"") == before[".claude/settings.json"][1]  # type: ignore[index]
    assert machine.uninstall().code == 0
    assert machine.everything() == before


@settings(database=None, deadline=None, max_examples=40)
@given(json_texts(), json_texts())
def test_any_two_files_come_back_byte_for_byte(settings_text: str, claude_text: str) -> None:
    """Files that are refused come back the same way: they were never touched."""
    with tempfile.TemporaryDirectory() as folder, machine_in(Path(folder)) as machine:
        machine.write(machine.settings, settings_text)
        machine.write(machine.claude_json, claude_text)
        before = machine.everything()
        machine.install()
        machine.uninstall()
        after = machine.everything()
        assert {name: after[name] for name in before} == before


def test_links_stay_links_and_their_targets_are_edited(machine: Machine) -> None:
    dotfiles = machine.home / "dotfiles"
    machine.write(dotfiles / "settings.json", SETTINGS, 0o640)
    machine.write(dotfiles / "claude.json", CLAUDE_JSON, 0o600)
    (dotfiles / "commands").mkdir()
    machine.folder.mkdir()
    machine.settings.symlink_to(dotfiles / "settings.json")
    machine.claude_json.symlink_to("dotfiles/claude.json")
    (machine.folder / "commands").symlink_to(dotfiles / "commands")
    before = machine.everything()
    assert machine.install().code == 0
    assert (machine.settings.is_symlink(), machine.claude_json.is_symlink()) == (True, True)
    assert RULE in (dotfiles / "settings.json").read_text()
    assert (dotfiles / "commands" / "turbo-log.md").exists()
    assert machine.uninstall().code == 0
    assert machine.everything() == before


def test_what_others_changed_meanwhile_stays_and_only_ours_goes(machine: Machine) -> None:
    machine.write(machine.settings, '{\n  "model": "opus"\n}\n')
    machine.install()
    text = machine.settings.read_text().replace('"opus"', '"haiku"')
    machine.settings.write_text(text.replace('    "allow"', '    "deny": ["WebFetch"],\n    "allow"'))
    machine.claude_json.write_text(machine.claude_json.read_text().replace("{", '{"numStartups": 1,', 1))
    assert machine.uninstall().code == 0
    expected = '{\n  "model": "haiku",\n  "permissions": {\n    "deny": ["WebFetch"]\n  }\n}\n'
    assert machine.settings.read_text() == expected
    assert json.loads(machine.claude_json.read_text()) == {"numStartups": 1}


def test_a_rule_and_a_list_that_were_there_before_stay(machine: Machine) -> None:
    machine.write(machine.settings, '{"permissions": {"allow": ["mcp__turbo__*"]}}')
    machine.write(machine.claude_json, '{"mcpServers": {}}')
    before = machine.everything()
    assert machine.install().code == 0
    assert machine.uninstall().code == 0
    assert machine.everything() == before


def test_a_moved_program_is_registered_anew_and_settings_of_the_entry_are_kept(machine: Machine) -> None:
    old = {"command": "/gone/bin/turbo-client", "args": ["serve"], "timeout": 9, "env": {"TURBO_API_URL": "x"}}
    machine.write(machine.claude_json, json.dumps({"mcpServers": {"turbo": old}}))
    assert machine.install().code == 0
    entry = json.loads(machine.claude_json.read_text())["mcpServers"]["turbo"]
    assert entry == {**old, "command": str(machine.program)}
    assert machine.uninstall().code == 0
    assert json.loads(machine.claude_json.read_text()) == {"mcpServers": {}}


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"url": "http://x", "transport": "http"}, '"transport" is no key'),
        ({"url": "http://x"}, 'no "type"'),
        ({"command": "npx", "args": ["turbo"]}, "another program"),
        (None, "no object"),
    ],
)
def test_a_leftover_entry_is_reported_replaced_and_put_back(machine: Machine, entry: Any, reason: str) -> None:
    machine.write(machine.claude_json, json.dumps({"mcpServers": {"turbo": entry, "b": {"command": "b"}}}))
    before = machine.everything()
    said = machine.install()
    assert said.code == 0
    assert reason in said.err
    assert json.loads(machine.claude_json.read_text())["mcpServers"]["turbo"]["command"] == str(machine.program)
    assert machine.uninstall().code == 0
    assert machine.everything() == before


def test_a_lost_record_costs_no_more_than_the_empty_lists(machine: Machine) -> None:
    machine.write(machine.settings, "{}")
    machine.install()
    for path in (machine.home / ".local").rglob("record.json"):
        path.write_text("{")
    assert machine.uninstall().code == 0
    assert json.loads(machine.settings.read_text()) == {"permissions": {"allow": []}}
    assert json.loads(machine.claude_json.read_text()) == {"mcpServers": {}}
    assert not any((machine.folder / "commands").iterdir())


def test_three_backups_of_a_file_are_kept_and_none_after_uninstall(machine: Machine) -> None:
    for number in range(6):
        machine.write(machine.settings, json.dumps({"number": number}))
        machine.install()
    notes = machine.home / ".local" / "state" / "turbo"
    backups = [path for path in notes.rglob("backups/*") if "settings" in path.name]
    assert sorted(json.loads(path.read_text())["number"] for path in backups) == [3, 4, 5]
    assert {path.stat().st_mode & 0o777 for path in backups} == {0o600}
    assert machine.uninstall().code == 0
    assert not notes.exists()
