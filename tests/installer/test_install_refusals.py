"""What the installer does not touch, and how it says so."""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installer.machine import Machine, machine_in

BROKEN: dict[str, tuple[str | bytes, str]] = {
    "comments": ('{\n  // mine\n  "a": 1\n}', "JSON has no comments"),
    "trailing comma": ('{"a": 1,}', "a comma stands before the closing bracket"),
    "array": ("[]", "does not hold a JSON object"),
    "empty": ("", "it is empty"),
    "not UTF-8": (b'{"a": "\xff"}', "is not UTF-8"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "is not UTF-8"),
    "cut off": ('{"secret": "hunter2', "line 1, column 12"),
}


@pytest.mark.parametrize("name", [".claude.json", ".claude/settings.json"])
@pytest.mark.parametrize("kind", BROKEN)
def test_a_file_that_is_no_json_object_is_left_alone_and_the_rest_is_done(
    machine: Machine, name: str, kind: str
) -> None:
    content, reason = BROKEN[kind]
    path = machine.write(machine.home / name, content)
    said = machine.install()
    assert said.code == 1
    assert f"{path} " in said.err
    assert reason in said.err
    assert "run turbo-client install" in said.err.replace("`", "")
    assert "hunter2" not in said.err
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert machine.command("log").exists()
    other = machine.settings if path == machine.claude_json else machine.claude_json
    assert "turbo" in other.read_text()
    path.write_text("{}")
    assert machine.install().code == 0


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        (".claude/settings.json", {"permissions": []}, "an object at permissions"),
        (".claude/settings.json", {"permissions": None}, "an object at permissions"),
        (".claude/settings.json", {"permissions": {"allow": "x"}}, "a list at permissions.allow"),
        (".claude.json", {"mcpServers": []}, "an object at mcpServers"),
    ],
)
def test_a_value_of_the_wrong_kind_is_left_alone(machine: Machine, name: str, content: object, place: str) -> None:
    path = machine.write(machine.home / name, json.dumps(content))
    said = machine.install()
    assert said.code == 1
    assert place in said.err
    assert json.loads(path.read_text()) == content
    assert machine.uninstall().code == 0, "nothing of ours is in it"
    assert json.loads(path.read_text()) == content


def test_uninstall_can_be_repeated_after_a_broken_file_is_corrected(machine: Machine) -> None:
    before = machine.everything()
    machine.install()
    good = machine.settings.read_text()
    machine.settings.write_text(good + "}")
    assert machine.uninstall().code == 1
    machine.settings.write_text(good)
    assert machine.uninstall().code == 0
    assert machine.everything() == before


def test_a_command_that_its_owner_wrote_or_edited_is_never_touched(machine: Machine) -> None:
    mine = machine.write(machine.command("issue"), "my own\n")
    machine.install()
    edited = machine.command("log")
    edited.write_text(edited.read_text() + "and mine\n")
    text = edited.read_text()
    said = machine.install()
    assert said.code == 0
    assert f"{mine} is your own version" in said.err
    assert machine.uninstall().code == 0
    assert (mine.read_text(), edited.read_text()) == ("my own\n", text)
    assert not machine.command("status").exists()


def test_an_untouched_command_of_an_earlier_version_is_brought_up_to_date(machine: Machine) -> None:
    """What an earlier release wrote is in the record; so this writes, as that release would have, both of them."""
    machine.install()
    path = machine.command("log")
    current = path.read_bytes()
    [record] = (machine.home / ".local").rglob("record.json")
    from turbo_installer.record import digest

    path.write_bytes(b"earlier\n")
    record.write_text(record.read_text().replace(digest(current), digest(b"earlier\n")))
    said = machine.install()
    assert "Bring up to date: /turbo-log" in said.err
    assert path.read_bytes() == current


def test_stray_servers_and_opposing_rules_in_settings_are_reported(machine: Machine) -> None:
    content = {"mcpServers": {"turbo": {"url": "x"}}, "permissions": {"deny": ["mcp__turbo"]}}
    machine.write(machine.settings, json.dumps(content))
    said = machine.install()
    assert said.code == 0
    assert "has an mcpServers block, which Claude Code ignores" in said.err
    assert "permissions.deny" in said.err
    assert json.loads(machine.settings.read_text())["mcpServers"] == content["mcpServers"]


@pytest.mark.parametrize("value", ["", "relative/folder", "~/.claude"])
def test_a_configuration_folder_that_is_no_full_path_is_refused(machine: Machine, value: str) -> None:
    machine.monkeypatch.setenv("CLAUDE_CONFIG_DIR", value)
    before = machine.everything()
    said = machine.install()
    assert (said.code, machine.everything()) == (1, before)
    assert "CLAUDE_CONFIG_DIR" in said.err
    assert "absolute" in said.err


def test_with_a_configuration_folder_everything_goes_there(machine: Machine) -> None:
    folder = machine.home / "elsewhere"
    machine.monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(folder))
    before = machine.everything()
    assert machine.install().code == 0
    assert {path.name for path in folder.iterdir()} == {".claude.json", "settings.json", "commands"}
    assert not machine.folder.exists()
    assert not machine.claude_json.exists()
    assert machine.uninstall().code == 0
    assert machine.everything() == before


def test_two_configuration_folders_are_independent(machine: Machine) -> None:
    before = machine.everything()
    machine.install()
    machine.monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(machine.home / "second"))
    machine.install()
    assert machine.uninstall().code == 0
    machine.monkeypatch.delenv("CLAUDE_CONFIG_DIR")
    assert machine.settings.exists()
    assert machine.uninstall().code == 0
    assert machine.everything() == before


@pytest.mark.parametrize("name", [".claude/settings.json", ".claude/commands", ".claude.json"])
def test_a_link_that_leads_to_itself_is_named_and_the_rest_is_done(machine: Machine, name: str) -> None:
    path = machine.home / name
    machine.folder.mkdir()
    path.symlink_to(path)
    said = machine.install()
    assert said.code == 1
    assert f"{path}" in said.err
    assert "too many levels of symbolic links" in said.err
    assert said.err.count("PROBLEM") == (3 if name.endswith("commands") else 1)
    assert path.is_symlink()


def test_a_folder_that_is_in_the_way_is_named_and_the_rest_is_done(machine: Machine) -> None:
    machine.folder.mkdir()
    machine.write(machine.folder / "commands", "a file where a folder should be")
    said = machine.install()
    assert said.code == 1
    assert str(machine.folder / "commands") in said.err
    assert "not a directory" in said.err
    assert "mcp__turbo__*" in machine.settings.read_text()
    assert "turbo" in machine.claude_json.read_text()


@pytest.mark.parametrize("name", [".claude", ".claude/commands"])
def test_a_read_only_folder_is_named_and_the_rest_is_done(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder, machine_in(Path(folder)) as machine:
        (machine.home / name).mkdir(parents=True)
        (machine.home / name).chmod(0o555)
        with ordinary_user(Path(folder)):
            said = machine.install()
        (machine.home / name).chmod(0o755)
        assert said.code == 1
        assert "permission denied" in said.err
        assert f"Make {machine.home / name} a folder that you can write in" in said.err
        assert "turbo" in machine.claude_json.read_text()


@contextlib.contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Root writes anywhere, so as root this borrows another user's rights for a while."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, 65534, 65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_folder_for_notes_that_cannot_be_made_stops_everything_before_it_begins(machine: Machine) -> None:
    machine.write(machine.home / ".local", "a file")
    before = machine.everything()
    said = machine.install()
    assert (said.code, machine.everything()) == (1, before)
    assert str(machine.home / ".local") in said.err


def test_a_program_that_does_not_run_is_not_registered(machine: Machine) -> None:
    machine.write(machine.program, "#!/nowhere/python\n", 0o755)
    said = machine.install()
    assert said.code == 1
    assert f"{machine.program} does not run: no such file or directory" in said.err
    assert not machine.claude_json.exists()
    assert machine.settings.exists()


def test_a_program_in_a_cache_is_registered_with_a_warning(machine: Machine) -> None:
    program = machine.write(machine.home / ".cache" / "uv" / "bin" / "turbo-client", "#!/bin/sh\n", 0o755)
    machine.monkeypatch.setattr("sys.argv", [str(program)])
    said = machine.install()
    assert said.code == 0
    assert "lies in a cache" in said.err


def test_the_program_is_found_by_where_it_is_installed_not_by_path(machine: Machine, tmp_path: Path) -> None:
    machine.put_on_path("turbo-client", "#!/bin/sh\nexit 9\n")
    machine.monkeypatch.setattr("sys.argv", ["/x/turbo_client/__main__.py", "install"])
    machine.monkeypatch.setattr("sysconfig.get_path", lambda *_: str(machine.program.parent))
    assert machine.install().code == 0
    assert json.loads(machine.claude_json.read_text())["mcpServers"]["turbo"]["command"] == str(machine.program)


def test_a_pipx_link_is_registered_as_the_link(machine: Machine) -> None:
    link = machine.home / ".local" / "bin" / "turbo-client"
    link.parent.mkdir(parents=True)
    link.symlink_to(machine.program)
    machine.monkeypatch.setattr("sys.argv", [str(link)])
    assert machine.install().code == 0
    assert json.loads(machine.claude_json.read_text())["mcpServers"]["turbo"]["command"] == str(link)
