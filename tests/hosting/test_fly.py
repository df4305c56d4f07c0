"""fly.toml says only what Fly understands, and says the same as the app and its image."""

import contextlib
import shlex
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.hosting.fly_schema import FLY_TOML
from turbo_server.app import create_app
from turbo_server.cli.serve import DRAIN_SECONDS
from turbo_server.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent


@pytest.fixture
def fly() -> dict[str, Any]:
    return tomllib.loads((ROOT / "fly.toml").read_text())


@pytest.fixture
def settings(fly: dict[str, Any]) -> Settings:
    """As the machine on Fly reads them."""
    return read_settings(fly["env"] | {"DATABASE_URL": "postgres://user@db.invalid/turbo?sslmode=disable"})


def mistakes(fly: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft202012Validator(FLY_TOML).iter_errors(fly)]


def test_fly_understands_every_key_and_value(fly: dict[str, Any]) -> None:
    assert mistakes(fly) == []


@pytest.mark.parametrize(
    "edits",
    [
        {"auto_stop_machines": "auto_stop_machine"},
        {"[http_service]": "[http_services]"},
        {"[http_service.concurrency]": "[http_service.concurency]"},
        {"release_command ": "release_comand "},
        {"primary_region": "region"},
        {'"stop"': '"stopped"'},
        {'"rolling"': '"blue-green"'},
        {'"requests"': '"request"'},
        {'"iad"': '"ewr"'},
        {'"512mb"': '"512"'},
        {'kill_timeout = "30s"': "kill_timeout = 30"},
        {'kill_timeout = "30s"': 'kill_timeout = "10m"'},
        {'interval = "30s"': 'interval = "5m"'},
        {'path = "/health"': 'path = "health"'},
        {"internal_port = 8080": 'internal_port = "8080"'},
        {'API_PORT = "8080"': "API_PORT = 8080"},
        {'"stop"': '"suspend"', "[build]": "swap_size_mb = 512\n[build]"},
    ],
    ids=str,
)
def test_a_planted_mistake_is_found(edits: dict[str, str]) -> None:
    text = (ROOT / "fly.toml").read_text()
    for right, wrong in edits.items():
        assert right in text
        text = text.replace(right, wrong, 1)
    assert mistakes(tomllib.loads(text))


def test_the_hard_limit_is_above_the_soft_one(fly: dict[str, Any]) -> None:
    limits = fly["http_service"]["concurrency"]
    assert limits["hard_limit"] > limits["soft_limit"] > 0


def test_the_app_reads_the_environment_as_production_on_all_of_ipv4(settings: Settings) -> None:
    assert settings.environment == "production"
    assert settings.host == "0.0.0.0"


def test_one_port_everywhere(fly: dict[str, Any], settings: Settings) -> None:
    assert fly["http_service"]["internal_port"] == settings.port == read_settings({}).port


def test_every_health_check_is_answered_without_a_database_and_without_a_redirect(
    fly: dict[str, Any], settings: Settings
) -> None:
    client = TestClient(create_app(settings), follow_redirects=False)  # not entered: nothing is connected
    for check in fly["http_service"]["checks"]:
        assert client.request(check["method"], check["path"]).status_code == 200


def test_the_server_has_drained_before_the_platform_kills_it(fly: dict[str, Any]) -> None:
    assert int(fly["kill_timeout"].removesuffix("s")) > DRAIN_SECONDS


def test_the_release_command_migrates_a_database(fly: dict[str, Any], tmp_path: Path) -> None:
    program, *arguments = shlex.split(fly["deploy"]["release_command"])
    database = tmp_path / "turbo.db"
    environment = fly["env"] | {"DATABASE_URL": f"sqlite:///{database}", "HOME": str(tmp_path)}
    subprocess.run([PROGRAMS / program, *arguments], env=environment, check=True, timeout=30)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("select count(*) from alembic_version").fetchone() == (1,)


def test_the_image_is_built_from_the_dockerfile_that_is_there(fly: dict[str, Any]) -> None:
    assert (ROOT / fly["build"]["dockerfile"]).is_file()
