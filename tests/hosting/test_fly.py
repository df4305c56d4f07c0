"""Both fly.toml files say only what Fly understands, and say the same as the app and its image."""

import contextlib
import shlex
import sqlite3
import subprocess
import sys
import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.hosting.fly_schema import FLY_TOML
from turbo_server.app import create_app
from turbo_server.cli.serve import DRAIN_SECONDS
from turbo_server.hosting import fly as regions
from turbo_server.settings import Settings, read_settings

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent


ANY = {"DATABASE_URL": "sqlite:///any.db"}
POSTGRES, SQLITE = ROOT / "fly.toml", ROOT / "fly.toml.sqlite"


@pytest.fixture(params=[POSTGRES, SQLITE], ids=lambda path: path.name)
def fly(request: pytest.FixtureRequest) -> dict[str, Any]:
    path: Path = request.param
    return tomllib.loads(path.read_text())


@pytest.fixture
def settings(fly: dict[str, Any]) -> Settings:
    """As the machine on Fly reads them: the database is a secret, unless it is a file on the volume."""
    return read_settings({"DATABASE_URL": "postgres://user@db.invalid/turbo?sslmode=disable"} | fly["env"])


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
        {'"iad"': '"xyz"'},
        {'"512mb"': '"512"'},
        {'kill_timeout = "30s"': "kill_timeout = 30"},
        {'kill_timeout = "30s"': 'kill_timeout = "10m"'},
        {'interval = "30s"': 'interval = "5m"'},
        {'path = "/health"': 'path = "health"'},
        {"[[services.ports]]": "[[services.port]]"},
        {'"http"]': '"https"]'},
        {'protocol = "tcp"': 'protocol = "http"'},
        {"internal_port = 8080": 'internal_port = "8080"'},
        {'API_PORT = "8080"': "API_PORT = 8080"},
        {'"stop"': '"suspend"', "[build]": "swap_size_mb = 512\n[build]"},
    ],
    ids=str,
)
def test_a_planted_mistake_is_found(edits: dict[str, str]) -> None:
    assert mistakes(edited(POSTGRES, edits))


@pytest.mark.parametrize(
    "edits",
    [
        {"[[mounts]]": "[[mount]]"},
        {"  source": "  volume"},
        {"snapshot_retention = 14": "snapshot_retention = 90"},
        {"snapshot_retention": "snapshots_retention"},
        {'"turbo_data"': '"turbo-data"'},
        {'"/data"': '"data"'},
        {'"rolling"': '"bluegreen"'},
        {"[deploy]": '[deploy]\n  release_command = "turbo-server migrate"'},
    ],
    ids=str,
)
def test_a_planted_mistake_about_the_volume_is_found(edits: dict[str, str]) -> None:
    assert mistakes(edited(SQLITE, edits))


def edited(path: Path, edits: dict[str, str]) -> dict[str, Any]:
    text = path.read_text()
    for right, wrong in edits.items():
        assert right in text
        text = text.replace(right, wrong, 1)
    return tomllib.loads(text)


def test_both_differ_in_what_the_database_needs_and_in_nothing_else() -> None:
    postgres, sqlite = (tomllib.loads(path.read_text()) for path in (POSTGRES, SQLITE))
    del sqlite["mounts"], sqlite["env"]["DATABASE_URL"]
    del postgres["deploy"]["release_command"], postgres["deploy"]["release_command_timeout"]
    assert sqlite == postgres


def test_it_sleeps_when_nobody_works_and_wakes_by_itself(fly: dict[str, Any]) -> None:
    service = fly["http_service"]
    sleeping = {name: service[name] for name in ("auto_stop_machines", "auto_start_machines", "min_machines_running")}
    assert sleeping == {"auto_stop_machines": "stop", "auto_start_machines": True, "min_machines_running": 0}


def test_turbo_web_reaches_it_where_nothing_sends_it_to_tls_and_wakes_it_there_too(fly: dict[str, Any]) -> None:
    """What stands in one service and not in the other would keep the machine awake, or asleep."""
    [private] = fly["services"]
    public = fly["http_service"]
    alike = ("internal_port", "auto_stop_machines", "auto_start_machines", "min_machines_running", "concurrency")
    assert {name: private[name] for name in alike} == {name: public[name] for name in alike}
    assert private["ports"] == [{"port": 8080, "handlers": ["http"]}]
    assert ip_address("fdaa:0:2d:a7b:1::3") in read_settings(fly["env"] | ANY).trusted_proxies[0]
    assert len(fly["env"]["TURBO_TRUSTED_PROXIES"].split(",")) == 1


def test_the_default_region_has_managed_postgres() -> None:
    assert edited(POSTGRES, {})["primary_region"] in regions.MANAGED


def test_the_database_of_the_volume_is_on_it() -> None:
    sqlite = edited(SQLITE, {})
    [mount] = sqlite["mounts"]
    assert read_settings(sqlite["env"]).sqlite_path.parent == Path(mount["destination"])
    assert mount["snapshot_retention"] == regions.SNAPSHOT_DAYS
    assert mount["initial_size"] == f"{regions.VOLUME_GB}gb"


def test_the_hard_limit_is_above_the_soft_one(fly: dict[str, Any]) -> None:
    limits = fly["http_service"]["concurrency"]
    assert limits["hard_limit"] > limits["soft_limit"] > 0


def test_the_app_reads_the_environment_as_production_on_all_of_ipv4_behind_flys_proxy(settings: Settings) -> None:
    assert settings.environment == "production"
    assert settings.behind_fly
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


def test_the_release_command_migrates_a_database(tmp_path: Path) -> None:
    fly = edited(POSTGRES, {})
    program, *arguments = shlex.split(fly["deploy"]["release_command"])
    database = tmp_path / "turbo.db"
    environment = fly["env"] | {"DATABASE_URL": f"sqlite:///{database}", "HOME": str(tmp_path)}
    subprocess.run([PROGRAMS / program, *arguments], env=environment, check=True, timeout=30)
    with contextlib.closing(sqlite3.connect(database)) as connection:
        assert connection.execute("select count(*) from alembic_version").fetchone() == (1,)


def test_the_image_is_built_from_the_dockerfile_that_is_there(fly: dict[str, Any]) -> None:
    assert (ROOT / fly["build"]["dockerfile"]).is_file()
