"""`make up` and `make down`: one's own server, in a home that knows nothing of it yet."""

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.forked import CLIENT, SERVER

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
LIMIT_SECONDS = 50

# Stands in for Claude Code's own program, which has a test of its own where the installer is tested.
CLAUDE = """#!/bin/sh
echo "$@" >>"$HOME/claude-was-asked"
[ "$1 $2" = 'mcp get' ] && echo 'Status: Connected'
exit 0
"""


@dataclass(frozen=True)
class Machine:
    """A home folder, a port, and the environment of a shell in it."""

    home: Path
    port: int
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def make(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(ROOT / ".ci" / "local.py"), *words],
            stdin=subprocess.DEVNULL,
            env=self.environment | more,
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT_SECONDS,
        )

    def turbo_client(self, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
        python = {"PYTHONUTF8": "1"}
        return _as_text(CLIENT.run(arguments, self.environment | python, folder=self.home, said=text.encode()))

    def turbo_server(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return _as_text(SERVER.run(arguments, self.environment, folder=self.home))

    def keys(self) -> list[str]:
        """Whose keys are valid."""
        listed = json.loads(self.turbo_server("keys", "list", "--json").stdout)
        return [key["account"] for key in listed if not key["revoked_at"]]

    def end(self) -> None:
        """What `make up` left running."""
        if list(self.home.rglob("server.json")):
            self.make("down")


def _as_text(done: subprocess.CompletedProcess[bytes]) -> subprocess.CompletedProcess[str]:
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def new_machine(home: Path) -> Machine:
    """Without a keyring and without Claude Code."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Machine(home, port, {"HOME": str(home), "PATH": os.defpath, "API_PORT": str(port), "LOGNAME": "ada"})


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """Whatever a test leaves running is stopped."""
    machine = new_machine(tmp_path)
    yield machine
    machine.end()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, str]]:
    """A machine after `make up`, and what that said."""
    machine = new_machine(tmp_path_factory.mktemp("home"))
    up = machine.make("up")
    try:
        assert up.returncode == 0, up.stderr
        yield machine, up.stdout + up.stderr
    finally:
        machine.end()


def test_up_leaves_a_server_running_with_the_client_logged_in(running: tuple[Machine, str]) -> None:
    machine, _ = running
    status = json.loads(machine.turbo_client("status", "--json").stdout)
    assert (status["server"], status["account"]) == (machine.url, "ada")


def test_up_says_how_to_connect_claude_code_later(running: tuple[Machine, str]) -> None:
    assert f"{PROGRAMS / 'turbo-client'} install" in running[1]


def test_the_key_is_in_no_output_and_in_no_file_but_the_private_one(running: tuple[Machine, str]) -> None:
    machine, said = running
    assert "turbo_pat_" not in said
    holders = [path for path in machine.home.rglob("*") if path.is_file() and b"turbo_pat_" in path.read_bytes()]
    assert [stat.S_IMODE(path.stat().st_mode) for path in holders] == [0o600]


def test_up_once_more_changes_nothing(running: tuple[Machine, str]) -> None:
    machine, _ = running
    again = machine.make("up")
    assert again.returncode == 0, again.stderr
    assert f"running already, at {machine.url}" in again.stderr
    assert machine.keys() == ["ada"]


def test_up_once_more_connects_claude_code_that_came_later(running: tuple[Machine, str]) -> None:
    machine, _ = running
    program = machine.home / "bin" / "claude"
    program.parent.mkdir()
    program.write_text(CLAUDE)
    program.chmod(0o755)
    machine.make("up", PATH=f"{program.parent}{os.pathsep}{os.defpath}")
    assert "mcp add" in (machine.home / "claude-was-asked").read_text()


def test_up_says_where_the_programs_are(running: tuple[Machine, str]) -> None:
    assert f". {PROGRAMS / 'activate'}" in running[1]


def test_up_after_the_steps_by_hand_takes_their_person_and_keeps_their_login(machine: Machine) -> None:
    given = machine.turbo_server("keys", "create", "--name", "bea").stdout
    up = machine.make("up")
    assert "The server knows one person, bea" in up.stderr
    login = machine.turbo_client(
        "login", "--url", f"http://localhost:{machine.port}", "--with-token", "--insecure-storage", text=given
    )
    assert login.returncode == 0, login.stderr
    before = machine.keys()
    again = machine.make("up", "--name", "ada")
    assert "logged in as bea, with the key that it had" in again.stderr
    assert "NAME=ada was left aside" in again.stderr
    assert machine.keys() == before


def test_up_takes_a_name_down_stops_it_and_up_finds_the_data_again(machine: Machine) -> None:
    assert machine.make("up", "--name", "carla").returncode == 0
    assert machine.keys() == ["carla"]
    machine.turbo_client("call", "create_project", "key=KEPT", "name=Kept")
    down = machine.make("down")
    assert down.returncode == 0, down.stderr
    with socket.create_server(("127.0.0.1", machine.port)):
        pass
    machine.make("up")
    assert "KEPT" in machine.turbo_client("call", "list_projects").stdout


def test_down_with_nothing_running_is_no_error(machine: Machine) -> None:
    down = machine.make("down")
    assert down.returncode == 0
    assert "No server runs" in down.stderr


def test_a_taken_port_is_named_with_a_way_out(machine: Machine) -> None:
    with socket.create_server(("127.0.0.1", machine.port)):
        up = machine.make("up")
    assert up.returncode == 1
    assert f"port {machine.port}" in up.stderr
    assert "API_PORT=8081 make up" in up.stderr


def test_a_server_that_cannot_start_says_why_and_is_not_left_behind(machine: Machine) -> None:
    # A folder cannot be a database file.
    up = machine.make("up", DATABASE_URL=f"sqlite:///{machine.home}")
    assert up.returncode == 1
    assert "did not start" in up.stderr
    assert "No server runs" in machine.make("down").stderr


def test_a_setting_that_cannot_work_is_named(machine: Machine) -> None:
    up = machine.make("up", API_PORT="eighty")
    assert up.returncode == 1
    assert "API_PORT" in up.stderr


def test_another_server_in_the_environment_is_not_talked_over(machine: Machine) -> None:
    up = machine.make("up", TURBO_API_URL="https://turbo.example.com")
    assert up.returncode == 1
    assert "TURBO_API_URL" in up.stderr


def test_a_wrong_verb_is_answered_with_the_right_ones(machine: Machine) -> None:
    wrong = machine.make("sideways")
    assert wrong.returncode == 2
    assert "up [--name NAME] | down" in wrong.stderr
