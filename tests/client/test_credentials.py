"""Where the key comes from: in front of real keyrings, and of none."""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client.conftest import Environment
from tests.client.secret_service import gnome_keyring, mute_service, session_bus
from tests.client.stand_in import StandIn, make_key

Run = Callable[..., subprocess.CompletedProcess[str]]
KEY, OTHER = make_key("key1"), make_key("key2")


@pytest.fixture
def here(environment: Environment, backend: StandIn) -> Environment:
    backend.keys = {KEY, OTHER}
    return environment | {"TURBO_API_URL": backend.origin}


@pytest.fixture
def bus(here: Environment, tmp_path: Path) -> Iterator[Environment]:
    with session_bus(tmp_path) as address:
        yield here | address


def key_file(environment: Environment) -> Path:
    return Path(environment["HOME"], ".config/turbo/credentials.json")


def login(run: Run, environment: Environment, *options: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
    return run(environment, "login", "--with-token", *options, stdin=key + "\n")


def status(run: Run, environment: Environment) -> dict[str, Any]:
    done = run(environment, "status", "--json")
    assert KEY not in done.stdout + done.stderr
    assert OTHER not in done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_an_unlocked_keyring_keeps_the_key_and_gives_it_back(run: Run, bus: Environment, tmp_path: Path) -> None:
    with gnome_keyring(tmp_path, bus, password="secret"):
        done = login(run, bus)
        assert done.returncode == 0, done.stderr
        assert "keyring (SecretService" in done.stderr
        assert not key_file(bus).exists()
        assert status(run, bus)["key_from"].startswith("keyring (SecretService")
        gone = run(bus, "logout")
        assert "from the keyring" in gone.stderr
        assert status(run, bus)["logged_in"] is False
    assert KEY.encode() not in b"".join(file.read_bytes() for file in Path(bus["HOME"]).rglob("*") if file.is_file())


def test_the_environment_comes_before_the_keyring_and_the_keyring_before_the_file(
    run: Run, bus: Environment, tmp_path: Path, backend: StandIn
) -> None:
    with gnome_keyring(tmp_path, bus, password="secret"):
        assert login(run, bus).returncode == 0
        (made,) = backend.made
        key_file(bus).write_text(json.dumps({bus["TURBO_API_URL"]: OTHER}))
        key_file(bus).chmod(0o600)
        assert status(run, bus)["key"].endswith(made[-4:])
        by_environment = status(run, bus | {"TURBO_API_KEY": OTHER})
        assert by_environment["key"].endswith(OTHER[-4:])
        assert by_environment["key_from"] == "environment (TURBO_API_KEY)"
        assert status(run, bus | {"TURBO_API_KEY": "${TURBO_API_KEY}"})["key"].endswith(made[-4:])


def test_a_key_is_given_out_for_its_own_server_only(run: Run, bus: Environment, tmp_path: Path) -> None:
    with gnome_keyring(tmp_path, bus, password="secret"):
        assert login(run, bus).returncode == 0
        elsewhere = bus | {"TURBO_API_URL": bus["TURBO_API_URL"].replace("127.0.0.1", "127.0.0.2")}
        assert status(run, elsewhere)["logged_in"] is False


def test_storing_in_the_file_takes_the_key_out_of_the_keyring(run: Run, bus: Environment, tmp_path: Path) -> None:
    with gnome_keyring(tmp_path, bus, password="secret"):
        assert login(run, bus).returncode == 0
        assert login(run, bus, "--insecure-storage", key=OTHER).returncode == 0
        assert status(run, bus)["key_from"].startswith("file")
        key_file(bus).unlink()
        assert status(run, bus)["logged_in"] is False
        assert login(run, bus).returncode == 0
        assert not key_file(bus).exists()


def test_a_locked_keyring_is_an_error_in_time_and_stores_nothing(run: Run, bus: Environment, tmp_path: Path) -> None:
    with gnome_keyring(tmp_path, bus, password="secret"):
        assert login(run, bus).returncode == 0
    with gnome_keyring(tmp_path, bus, password=None):
        locked = run(bus, "status")
        assert locked.returncode == 5
        assert "keyring" in locked.stderr
        assert "--insecure-storage" in locked.stderr
        assert login(run, bus, key=OTHER).returncode == 5
        assert not key_file(bus).exists()


def test_a_keyring_that_fails_is_told_and_no_older_key_of_a_file_taken_for_its(
    run: Run, bus: Environment, tmp_path: Path
) -> None:
    with gnome_keyring(tmp_path, bus, password="secret"):
        assert login(run, bus).returncode == 0
    key_file(bus).write_text(json.dumps({bus["TURBO_API_URL"]: OTHER}))
    key_file(bus).chmod(0o600)
    failed = run(bus, "status")
    assert failed.returncode == 5
    assert "keyring" in failed.stderr
    assert OTHER[-4:] not in failed.stdout


def test_a_mute_keyring_is_given_up_after_three_seconds(run: Run, bus: Environment) -> None:
    with mute_service(bus):
        started = time.monotonic()
        done = login(run, bus)
        assert 3 <= time.monotonic() - started < 10
        assert done.returncode == 5
        assert "did not answer within 3 seconds" in done.stderr


@pytest.mark.parametrize(
    "keyring", [None, "keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Keyring"]
)
def test_without_a_keyring_to_trust_nothing_is_stored_unless_asked_for(
    run: Run, here: Environment, keyring: str | None
) -> None:
    here = here | ({"PYTHON_KEYRING_BACKEND": keyring} if keyring else {})
    done = login(run, here)
    assert done.returncode == 5
    assert "--insecure-storage" in done.stderr
    assert not key_file(here).exists()
    assert status(run, here)["logged_in"] is False


def test_a_keyring_that_writes_plain_text_is_refused_by_name(run: Run, here: Environment, tmp_path: Path) -> None:
    package = tmp_path / "site" / "keyrings" / "alt"
    package.mkdir(parents=True)
    (package / "file.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class PlaintextKeyring(KeyringBackend):\n"
        "    priority = 1\n"
        "    def set_password(self, *words): open('leaked', 'w').write(str(words))\n"
        "    def get_password(self, *words): return None\n"
    )
    alt = {"PYTHONPATH": str(tmp_path / "site"), "PYTHON_KEYRING_BACKEND": "keyrings.alt.file.PlaintextKeyring"}
    done = login(run, here | alt)
    assert done.returncode == 5
    assert "PlaintextKeyring" in done.stderr
    assert not (tmp_path / "leaked").exists()


def test_the_project_folder_cannot_slip_in_a_keyring(run: Run, here: Environment, tmp_path: Path) -> None:
    for name in ("keyring", "json", "turbo_client"):
        (tmp_path / f"{name}.py").write_text("open('taken', 'w').write('from the project folder')")
    login(run, here)
    run(here, "status")
    assert not (tmp_path / "taken").exists()


def test_the_file_is_private_and_says_so(run: Run, here: Environment) -> None:
    done = login(run, here, "--insecure-storage")
    assert done.returncode == 0
    assert "plain text" in done.stderr
    assert key_file(here).stat().st_mode & 0o777 == 0o600
    assert status(run, here)["key_from"] == f"file ({key_file(here)})"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_a_file_that_others_can_read_is_not_used(run: Run, here: Environment, mode: int) -> None:
    login(run, here, "--insecure-storage")
    key_file(here).chmod(mode)
    done = run(here, "status")
    assert done.returncode == 5
    assert f"chmod 600 {key_file(here)}" in done.stderr


@pytest.mark.parametrize("text", ["", "[]", "{", '{"x": 7}'])
def test_a_damaged_file_is_named(run: Run, here: Environment, text: str) -> None:
    login(run, here, "--insecure-storage")
    key_file(here).write_text(text)
    done = run(here, "status")
    assert done.returncode == 5
    assert "turbo-client login" in done.stderr


def test_a_file_behind_a_link_is_not_read(run: Run, here: Environment, tmp_path: Path) -> None:
    login(run, here, "--insecure-storage")
    moved = key_file(here).rename(tmp_path / "elsewhere")
    key_file(here).symlink_to(moved)
    assert run(here, "status").returncode == 5


def test_logging_out_takes_key_note_and_tool_list_away(run: Run, here: Environment) -> None:
    login(run, here, "--insecure-storage")
    assert run(here, "logout").returncode == 0
    left = [file for file in Path(here["HOME"]).rglob("*") if file.is_file()]
    assert [file.name for file in left] == ["config.json"]
    assert json.loads(left[0].read_text())["logins"] == {}
