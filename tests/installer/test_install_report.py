"""What the installer says: a rehearsal that changes nothing, JSON for programs, and the checks that doctor shows."""

import json

import pytest

from tests.installer.machine import Machine
from turbo_installer.checks import Check, check_claude_code

SECRET = '{"env": {"TOKEN": "hush"},"permissions": {"allow": ["Bash(hush)"]}}'
CLAUDE = """#!/bin/sh
case "$*" in
  --version) echo '9.9.9 (Claude Code)' ;;
  "mcp get"*) printf 'turbo:\\n  Scope: User config\\n  Status: %s\\n  Issue: it is away\\n' "$STATUS" ;;
  doctor) printf 'Claude Code doctor\\n' ;;
  *) echo "$*" >> "$HOME/calls" ;;
esac
"""


@pytest.mark.parametrize("with_claude", [False, True])
def test_a_dry_run_shows_every_change_and_makes_none(machine: Machine, *, with_claude: bool) -> None:
    if with_claude:
        machine.put_on_path("claude", CLAUDE)
    machine.write(machine.settings, SECRET)
    machine.write(machine.claude_json, '{"secret": "hush"}')
    before = machine.everything()
    said = machine.install("--dry-run")
    assert (said.code, machine.everything()) == (0, before)
    assert "--- ~/.claude/settings.json\n+++ ~/.claude/settings.json\n@@ line 1 @@\n+ " in said.out
    assert '"mcp__turbo__*"' in said.out
    assert "+ description: Create a Turbo issue" in said.out
    registration = f"$ claude mcp add --scope user turbo -- {machine.program} serve"
    assert (registration in said.out) is with_claude
    assert (f'"command": "{machine.program}"' in said.out) is not with_claude
    assert "Run `turbo-client install` to make these changes." in said.err


def test_a_dry_run_shows_no_secret_that_stands_beside_a_change(machine: Machine) -> None:
    machine.write(machine.settings, SECRET)
    machine.write(machine.claude_json, '{"secret": "hush"}')
    for said in (machine.install("--dry-run"), machine.install(), machine.uninstall("--dry-run", "--json")):
        assert "hush" not in said.out + said.err


def test_a_dry_run_of_uninstall_shows_what_goes(machine: Machine) -> None:
    machine.install()
    before = machine.everything()
    said = machine.uninstall("--dry-run")
    assert machine.everything() == before
    assert "--- ~/.claude/settings.json\n+++ (no file)\n" in said.out
    assert "Would change in Claude Code (~/.claude):" in said.err


def test_json_tells_programs_everything(machine: Machine) -> None:
    machine.write(machine.settings, "{,}")
    said = machine.install("--json")
    told = json.loads(said.out)
    assert (said.code, said.err, told["ok"], told["verb"]) == (1, "", False, "install")
    assert {change["part"] for change in told["changes"]} == {"server", "commands"}
    assert [(each["part"], each["problem"]) for each in told["findings"]] == [("permission", True)]
    assert told["next"] == ["Do what is said above, then run `turbo-client install` again."]


def test_json_tells_what_stopped_the_run(machine: Machine) -> None:
    machine.monkeypatch.setenv("CLAUDE_CONFIG_DIR", "x")
    said = machine.install("--json")
    assert said.code == 1
    assert "CLAUDE_CONFIG_DIR" in json.loads(said.out)["error"]


def test_a_server_that_does_not_connect_fails_the_installation(machine: Machine) -> None:
    machine.put_on_path("claude", CLAUDE)
    machine.monkeypatch.setenv("STATUS", "✘ Failed to connect")
    said = machine.install()
    assert said.code == 1
    assert "FAILED: connection: `claude mcp get turbo`: it is away" in said.err


def test_a_claude_that_claims_success_and_writes_nothing_is_not_asked_for_ever(machine: Machine) -> None:
    machine.put_on_path("claude", CLAUDE)
    machine.monkeypatch.setenv("STATUS", "✔ Connected")
    said = machine.install()
    assert said.code == 0, said.err
    assert (machine.home / "calls").read_text().count("mcp add") == 1
    assert json.loads(machine.claude_json.read_text())["mcpServers"]["turbo"]["command"] == str(machine.program)


def named(checks: list[Check]) -> dict[str, bool | None]:
    return {check.name: check.ok for check in checks}


def test_before_an_installation_the_checks_name_what_is_to_do(machine: Machine) -> None:
    checks = check_claude_code()
    assert named(checks) == {
        "Claude Code": None,
        "turbo-client": True,
        "registered": False,
        "permission": False,
        "slash commands": False,
        "connection": None,
    }
    assert {check.remedy for check in checks if check.ok is False} == {"Run `turbo-client install`."}
    assert machine.everything() == {}


def test_after_an_installation_every_check_is_satisfied(machine: Machine) -> None:
    machine.install()
    machine.put_on_path("claude", CLAUDE)
    machine.monkeypatch.setenv("STATUS", "✔ Connected")
    checks = check_claude_code()
    assert len(checks) == 7
    assert set(named(checks).values()) == {True}


def test_the_checks_notice_a_lost_registration_a_broken_file_and_a_program_that_is_gone(machine: Machine) -> None:
    machine.install()
    machine.claude_json.write_text("{}")
    machine.settings.write_text("{")
    machine.write(machine.program, "#!/nowhere\n", 0o755)
    found = {name for name, ok in named(check_claude_code()).items() if ok is False}
    assert found == {"registered", "permission", "turbo-client"}
