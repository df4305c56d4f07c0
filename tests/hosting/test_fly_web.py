"""frontend/fly.toml and its image say only what Fly understands, and fit to turbo-api and to nginx's own settings."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from jsonschema import Draft202012Validator

from tests.hosting.dockerfile import instructions, of_the_image
from tests.hosting.fly_schema import FLY_TOML
from tests.hosting.test_image import hadolint

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
DOCKERFILE = FRONTEND / "Dockerfile"


@pytest.fixture
def web() -> dict[str, Any]:
    return tomllib.loads((FRONTEND / "fly.toml").read_text())


@pytest.fixture
def image() -> dict[str, list[str]]:
    return of_the_image(DOCKERFILE.read_text())


@pytest.fixture(params=["fly.toml", "fly.toml.sqlite"])
def api(request: pytest.FixtureRequest) -> dict[str, Any]:
    return tomllib.loads((ROOT / str(request.param)).read_text())


def setting(name: str) -> str:
    found = re.search(rf"^\s*{name} (\S+);", (FRONTEND / "nginx.conf").read_text(), re.MULTILINE)
    assert found is not None
    return found[1]


def test_fly_understands_every_key_and_value(web: dict[str, Any]) -> None:
    found = [f"{each.json_path}: {each.message}" for each in Draft202012Validator(FLY_TOML).iter_errors(web)]
    assert found == []


def test_it_finds_turbo_api_by_the_address_that_wakes_it(web: dict[str, Any], api: dict[str, Any]) -> None:
    url = urlsplit(web["env"]["TURBO_API_URL"])
    assert (url.scheme, url.hostname) == ("http", f"{api['app']}.flycast")
    [service] = [each for each in api["services"] if url.port in [port["port"] for port in each["ports"]]]
    assert service["auto_start_machines"]
    assert not any(port.get("force_https") for port in service["ports"])


def test_both_sleep_in_the_same_region(web: dict[str, Any], api: dict[str, Any]) -> None:
    assert web["primary_region"] == api["primary_region"]
    for name in ("auto_stop_machines", "auto_start_machines", "min_machines_running", "force_https"):
        assert web["http_service"][name] == api["http_service"][name]
    assert web["vm"] == [{"size": "shared-cpu-1x", "memory": "256mb"}]


def test_one_port_everywhere(web: dict[str, Any], image: dict[str, list[str]]) -> None:
    assert [str(web["http_service"]["internal_port"])] == image["EXPOSE"] == ["3000"]
    assert "port=${WEB_PORT:-3000}" in (FRONTEND / "start").read_text()


def test_its_check_is_its_own_and_reaches_no_api(web: dict[str, Any]) -> None:
    [check] = web["http_service"]["checks"]
    assert f"location = {check['path']} {{" in (FRONTEND / "nginx.conf").read_text()


def test_a_stop_lets_it_finish(web: dict[str, Any], image: dict[str, list[str]]) -> None:
    assert [web["kill_signal"]] == image["STOPSIGNAL"] == ["SIGQUIT"]
    seconds = [int(text.removesuffix("s")) for text in (setting("worker_shutdown_timeout"), web["kill_timeout"])]
    assert seconds == sorted(set(seconds))


def test_the_build_is_of_the_files_that_are_there(web: dict[str, Any]) -> None:
    """Fly looks for both beside the configuration, and for what they copy in the folder where it is called."""
    for name in web["build"].values():
        assert (FRONTEND / name).is_file()
    copied = [step.value.split()[:-1] for step in instructions(DOCKERFILE.read_text()) if step.name == "COPY"]
    own = [name for names in copied if not names[0].startswith("--from") for name in names]
    assert own
    assert [name for name in own if not (ROOT / name).exists()] == []
    admitted = re.findall(r"^!(\S+)", (FRONTEND / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    assert [name for name in own if not any(name == rule or name.startswith(f"{rule}/") for rule in admitted)] == []


def test_hadolint_finds_nothing() -> None:
    assert hadolint(DOCKERFILE).stdout == ""


def test_it_runs_as_a_user_of_its_own_and_by_the_exec_form(image: dict[str, list[str]]) -> None:
    assert image["USER"] == ["10001:10001"]
    assert list(image).index("USER") > list(image).index("COPY")
    assert json.loads(image["CMD"][0]) == ["/srv/turbo-web/start"]
    assert "HEALTHCHECK" not in image


def test_nothing_of_the_build_but_the_site_is_copied(image: dict[str, list[str]]) -> None:
    assert image["COPY"] == ["--from=site /site /srv/turbo-web"]
    assert not re.search(r"KEY|SECRET|TOKEN|PASSWORD", " ".join(image["ENV"]))
