"""What `turbo-server doctor` finds in the environment and around a database, and that it leaves all as it is."""

import hashlib
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.doctoring import checks_of, wrong
from tests.server.live import clean_environment, free_port, turbo_server, turbo_server_here
from turbo_server.account.token import mint
from turbo_server.settings import NAMES

SECRETS = {"TURBO_API_KEY": mint(), "TURBO_KEY_PEPPER": "canary-pepper-0123456789"}


ENVIRONMENTS: list[tuple[dict[str, str], str, str]] = [
    ({"API_PORT": "http"}, "API_PORT", "must be a port number"),
    ({"DATABASE_URL": "mysql://x/y"}, "DATABASE_URL", "must be sqlite:///PATH"),
    ({"TURBO_API_KEY": "turbo_pat_wrong"}, "TURBO_API_KEY", "turbo-server keys generate"),
    ({"API_PROT": "8080"}, "API_PROT", "Did you mean API_PORT?"),
    ({"TURBO_ENVIROMENT": "production"}, "TURBO_ENVIROMENT", "Did you mean TURBO_ENVIRONMENT?"),
    ({"FLY_APP_NAME": "t", "API_HOST": "0.0.0.0", "TURBO_BEHIND_FLY": "1"}, "environment", "TURBO_ENVIRONMENT="),
    ({"FLY_APP_NAME": "t", "TURBO_ENVIRONMENT": "production", "TURBO_BEHIND_FLY": "1"}, "API_HOST", "API_HOST=0.0.0.0"),
    (
        {"FLY_APP_NAME": "t", "TURBO_ENVIRONMENT": "production", "API_HOST": "0.0.0.0"},
        "TURBO_BEHIND_FLY", "TURBO_BEHIND_FLY=true",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "name", "said"), ENVIRONMENTS)
def test_what_is_wrong_in_the_environment_is_found(tmp_path: Path, extra: dict[str, str], name: str, said: str) -> None:
    environment = {"PATH": "/bin", "DATABASE_URL": f"sqlite:///{tmp_path / 'none.db'}", **extra}
    found = wrong(checks_of(turbo_server_here(environment, "doctor", "--json")))
    assert list(found) == [name]
    assert said in found[name]


def test_every_wrong_setting_is_told_at_once(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, API_PORT="x", GRAPH_ENABLED="x", TURBO_LOG_FORMAT="x")
    found = wrong(checks_of(turbo_server_here(environment, "doctor", "--json")))
    assert list(found) == ["API_PORT", "GRAPH_ENABLED", "TURBO_LOG_FORMAT"]


def test_what_belongs_to_others_is_no_mistake(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, TURBO_API_URL="https://turbo.example", TURBO_FLAVOUR="1")
    checks = checks_of(turbo_server_here(environment, "doctor", "--json"))
    assert "TURBO_API_URL" not in checks
    assert checks["TURBO_FLAVOUR"]["ok"] is None
    assert set(NAMES) & checks.keys() == set()


def test_nothing_is_made_where_nothing_is(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "turbo.db"
    path.parent.mkdir()
    done = turbo_server_here({"DATABASE_URL": f"sqlite:///{path}"}, "doctor", "--json")
    assert checks_of(done)["database"]["detail"] == f"{path} is not there yet"
    assert list(path.parent.iterdir()) == []


def test_a_sqlite_file_stays_as_it_is(make_database: Callable[[str], str]) -> None:
    url = make_database("sqlite")
    path = Path(url.removeprefix("sqlite:///"))
    path.chmod(0o644)
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    beside = sorted(path.parent.glob(f"{path.name}*"))
    checks = checks_of(turbo_server_here({"DATABASE_URL": url}, "doctor", "--json"))
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before
    assert sorted(path.parent.glob(f"{path.name}*")) == beside
    assert wrong(checks)["who may read it"].endswith(f"-> chmod 600 {path}")


@pytest.mark.parametrize(
    ("content", "detail"),
    [(b"no database at all, but a text of some length", "is no SQLite database"), (b"\0" * 4096, "no SQLite database")],
)
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes, detail: str) -> None:
    path = tmp_path / "turbo.db"
    path.write_bytes(content)
    found = wrong(checks_of(turbo_server_here({"DATABASE_URL": f"sqlite:///{path}"}, "doctor", "--json")))
    assert detail in found["database"]


def test_a_damaged_file_is_found(make_database: Callable[[str], str]) -> None:
    url = make_database("sqlite")
    path = Path(url.removeprefix("sqlite:///"))
    content = bytearray(path.read_bytes())
    content[8192:24576] = b"\xa5" * 16384
    path.write_bytes(content)
    found = wrong(checks_of(turbo_server_here({"DATABASE_URL": url}, "doctor", "--json")))
    assert "database" in found


def test_a_host_that_says_nothing_is_not_waited_for(tmp_path: Path) -> None:
    """It takes the connection, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgres://turbo:hunter2secret@127.0.0.1:{silent.getsockname()[1]}/turbo?sslmode=disable"
        began = time.monotonic()
        done = turbo_server(clean_environment(tmp_path, DATABASE_URL=url, **SECRETS), "doctor", "--json")
        took = time.monotonic() - began
    assert "There is no answer from the database" in wrong(checks_of(done))["database"]
    assert took < 5
    for secret in ("hunter2secret", *SECRETS.values()):
        assert secret not in done.stdout + done.stderr


def test_a_port_where_nobody_listens(tmp_path: Path) -> None:
    url = f"postgres://turbo:hunter2secret@127.0.0.1:{free_port()}/turbo?sslmode=disable"
    found = wrong(checks_of(turbo_server_here(clean_environment(tmp_path, DATABASE_URL=url), "doctor", "--json")))
    assert "Start the database, or mend host and port" in found["database"]
