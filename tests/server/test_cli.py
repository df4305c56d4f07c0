"""turbo-server as its owner runs it, on both databases: real processes, wherever one starts, serves or ends."""

import json
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.server.live import (
    NO_TLS,
    clean_environment,
    error_of,
    free_port,
    live_server,
    make_key,
    running,
    turbo_server,
    turbo_server_here,
)
from turbo_server.account.token import is_well_formed, mint
from turbo_server.migrations.version import head


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    return clean_environment(tmp_path, DATABASE_URL=database_url, API_PORT=str(free_port()))


def ask(environment: dict[str, str], path: str, key: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    url = f"http://127.0.0.1:{environment['API_PORT']}{path}"
    return httpx.get(url, headers=headers, timeout=10, verify=NO_TLS)


def test_with_no_set_up_at_all_it_serves_a_file_in_the_data_folder(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, API_PORT=str(free_port()))
    with running(environment):
        assert ask(environment, "/ready").json()["database"] == "sqlite"
        assert ask(environment, "/v1/me").status_code == 401
    assert (tmp_path / "data" / "turbo" / "turbo.db").exists()


def test_a_key_is_shown_once_alone_on_stdout_and_stored_only_as_a_hash(environment: dict[str, str]) -> None:
    made = turbo_server(environment, "keys", "create", "--name", "ada", "--label", "laptop")
    key = made.stdout.removesuffix("\n")
    assert is_well_formed(key)
    assert key not in made.stderr
    listed = turbo_server(environment, "keys", "list", "--json")
    assert key not in listed.stdout
    row = json.loads(listed.stdout)[0]
    assert (row["account"], row["name"], row["last4"]) == ("ada", "laptop", key[-4:])
    if environment["DATABASE_URL"].startswith("sqlite"):
        assert key.encode() not in Path(environment["DATABASE_URL"].removeprefix("sqlite:///")).read_bytes()


def test_a_revoked_key_is_refused_at_its_next_call(environment: dict[str, str]) -> None:
    key = make_key(environment)
    with running(environment):
        assert ask(environment, "/v1/me", key).json()["name"] == "ada"
        assert turbo_server(environment, "keys", "revoke", "1").returncode == 0
        assert ask(environment, "/v1/me", key).status_code == 401
    again = turbo_server(environment, "keys", "revoke", "1")
    assert (again.returncode, "keys list" in again.stderr) == (1, True)


def test_production_refuses_to_start_without_any_key(environment: dict[str, str]) -> None:
    environment["TURBO_ENVIRONMENT"] = "production"
    refused = turbo_server(environment, "serve")
    assert refused.returncode == 1
    assert "There is no API key" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_the_owners_key_from_the_environment_opens_the_door(environment: dict[str, str]) -> None:
    key = turbo_server(environment, "keys", "generate").stdout.strip()
    production = {**environment, "TURBO_ENVIRONMENT": "production", "TURBO_API_KEY": key}
    for _ in range(2):
        with running(production):
            assert ask(environment, "/v1/me", key).json()["name"] == "owner"
            assert ask(environment, "/v1/me", mint()).status_code == 401


def test_a_pepper_of_the_environments_own_makes_keys_of_another_unknown(environment: dict[str, str]) -> None:
    peppered = {**environment, "TURBO_KEY_PEPPER": "a long random text"}
    key = turbo_server(peppered, "keys", "create", "--name", "ada").stdout.strip()
    with running(peppered):
        assert ask(environment, "/v1/me", key).status_code == 200
    with running(environment):
        assert ask(environment, "/v1/me", key).status_code == 401


def test_migrate_is_safe_to_run_again(environment: dict[str, str]) -> None:
    for _ in range(2):
        done = turbo_server_here(environment, "migrate")
        assert (done.returncode, done.stderr.splitlines()[-1]) == (0, f"The database is at migration {head()}.")


def test_a_database_without_tables_is_said_and_how_to_make_them(postgres_admin: str, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, DATABASE_URL=postgres_admin, API_PORT=str(free_port()))
    with running(environment):
        assert ask(environment, "/health").status_code == 200
        ready = ask(environment, "/ready")
        assert (ready.status_code, error_of(ready)["code"]) == (503, "database_not_migrated")
        assert "turbo-server migrate" in error_of(ready)["hint"]
        assert ask(environment, "/v1/me", mint()).status_code == 503


def test_a_database_that_is_away_is_503_and_health_stays_up(tmp_path: Path) -> None:
    away = f"postgres://turbo:hunter2@127.0.0.1:{free_port()}/turbo?sslmode=disable"
    environment = clean_environment(tmp_path, DATABASE_URL=away, API_PORT=str(free_port()))
    with running(environment):
        assert ask(environment, "/health").status_code == 200
        answer = ask(environment, "/v1/me", mint())
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert "hunter2" not in answer.text


@pytest.mark.parametrize(
    "setting", ["DATABASE_URL=mysql://x", "API_PORT=http", "TURBO_API_KEY=x", "TURBO_ENVIRONMENT=x"]
)
def test_a_wrong_setting_is_one_sentence(tmp_path: Path, setting: str) -> None:
    name, _, value = setting.partition("=")
    refused = turbo_server_here(clean_environment(tmp_path, **{name: value}), "serve")
    assert refused.returncode == 1
    assert name in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_taken_port_is_said_without_a_traceback(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = turbo_server(clean_environment(tmp_path, API_PORT=str(taken.getsockname()[1])), "serve")
    assert refused.returncode == 1
    assert "API_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_lets_calls_in_flight_finish(database_url: str, tmp_path: Path, stop: signal.Signals) -> None:
    with live_server(database_url, tmp_path) as server:
        server.call("create_project", key="TURBO", name="x")
        outcomes: list[int] = []
        begun = threading.Barrier(9, timeout=30)

        def create() -> None:
            with httpx.Client(headers=server.headers, timeout=30, verify=NO_TLS) as client:
                client.get(f"{server.url}/health")
                begun.wait()
                for _ in range(1_000):
                    try:
                        body = {"project": "TURBO", "title": "x"}
                        outcomes.append(client.post(f"{server.url}/v1/tools/create_issue", json=body).status_code)
                    except httpx.ConnectError:
                        return
                    except httpx.TransportError:
                        continue

        threads = [threading.Thread(target=create) for _ in range(8)]
        for thread in threads:
            thread.start()
        begun.wait()
        while len(outcomes) < 20:
            threads[0].join(0.01)
        server.process.send_signal(stop)
        server.process.wait(30)
        for thread in threads:
            thread.join()
        assert set(outcomes) == {200}
        assert server.process.returncode == 0


def test_the_server_starts_without_what_it_does_not_need_yet() -> None:
    program = (
        "import sys, turbo_server.cli.serve; print([m for m in ('alembic', 'mcp', 'anthropic') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_database_file_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    environment = clean_environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'file' / 'turbo.db'}")
    for verb in (("keys", "create", "--name", "ada"), ("serve",), ("migrate",)):
        refused = turbo_server_here(environment, *verb)
        assert refused.returncode == 1
        assert "could not be migrated" in refused.stderr
        assert "Traceback" not in refused.stderr
