"""The image of the server: built from locked packages, unprivileged, and it starts what is really there."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.hosting.dockerfile import instructions, of_the_image
from turbo_server.account.token import mint
from turbo_server.settings import read_settings

ROOT = Path(__file__).parents[2]
PROGRAMS = Path(sys.executable).parent
DOCKERFILE = ROOT / "Dockerfile.fly"
START_LIMIT_SECONDS = 30
LOCKED = {name: (ROOT / "server" / name).read_text() for name in ("requirements.txt", "requirements.build.txt")}


@pytest.fixture
def image() -> dict[str, list[str]]:
    return of_the_image(DOCKERFILE.read_text())


def hadolint(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAMS / "hadolint", path], capture_output=True, text=True, check=False, timeout=30)


def test_hadolint_finds_nothing() -> None:
    assert hadolint(DOCKERFILE).stdout == ""


def test_hadolint_would_find_something(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python\nRUN apt-get install curl\n")
    assert "DL3006" in hadolint(bad).stdout


def test_it_has_a_user_of_its_own_known_by_number(image: dict[str, list[str]]) -> None:
    # Last, so that nothing after it runs as root; by number, so that a platform can see that it is not root.
    assert image["USER"] == ["10001:10001"]
    assert list(image)[-1] == "CMD"
    assert list(image).index("USER") > list(image).index("COPY")


def test_the_exposed_port_is_the_apps_own(image: dict[str, list[str]]) -> None:
    assert image["EXPOSE"] == [str(read_settings({}).port)]


def test_health_is_the_platforms_business(image: dict[str, list[str]]) -> None:
    assert "HEALTHCHECK" not in image


def test_nothing_of_the_build_but_the_environment_is_copied(image: dict[str, list[str]]) -> None:
    assert image["COPY"] == ["--from=build /app /app"]


def test_every_package_that_is_fetched_is_checked_against_its_hash() -> None:
    commands = [step.value for step in instructions(DOCKERFILE.read_text()) if step.name == "RUN"]
    installs = [part for command in commands for part in command.split("&&") if "pip install" in part]
    assert installs
    for install in installs:
        # The exception is our own wheel, from the stage's own disk.
        assert "--require-hashes" in install or "--no-deps --offline /wheels/" in install


@pytest.mark.parametrize("name", LOCKED)
def test_what_is_installed_is_what_the_tests_ran_with(name: str) -> None:
    tested = set(re.findall(r"^\S+==\S+", (ROOT / "tests" / "requirements.txt").read_text(), re.MULTILINE))
    assert set(re.findall(r"^\S+==\S+", LOCKED[name], re.MULTILINE)) <= tested


def test_the_build_sees_what_it_copies_and_nothing_private(tmp_path: Path) -> None:
    sources = [
        source
        for step in instructions(DOCKERFILE.read_text())
        if step.name == "COPY" and not step.value.startswith("--from")
        for source in step.value.split()[:-1]
    ]
    assert sources
    allowed = {source for source in sources if any(rule.startswith(source) for rule in admitted())}
    assert allowed == set(sources)
    for private in (".env", ".git/config", "turbo.db", "server/.env", "tests/conftest.py", ".venv/bin/python"):
        assert not any(fnmatch(private, rule) or private.startswith(f"{rule}/") for rule in admitted())


def admitted() -> list[str]:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    return [rule.removeprefix("!") for rule in rules if rule.startswith("!")]


def test_the_command_is_a_console_script_that_serves(image: dict[str, list[str]], tmp_path: Path) -> None:
    program, *arguments = json.loads(image["CMD"][0])  # the exec form: a shell would swallow the stop signal
    assert program in tomllib.loads((ROOT / "server" / "pyproject.toml").read_text())["project"]["scripts"]
    fly = tomllib.loads((ROOT / "fly.toml").read_text())
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = fly["env"] | {
        "API_PORT": str(port),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'turbo.db'}",
        "HOME": str(tmp_path),
        "TURBO_API_KEY": mint(),
    }
    with subprocess.Popen([PROGRAMS / program, *arguments], env=environment) as server:
        try:
            assert first_answer(server, f"http://127.0.0.1:{port}{fly['http_service']['checks'][0]['path']}") == 200
        finally:
            server.send_signal(signal.Signals[fly["kill_signal"]])
            server.wait(START_LIMIT_SECONDS)
    assert server.returncode in (0, -signal.Signals[fly["kill_signal"]])


def first_answer(server: subprocess.Popen[bytes], url: str) -> int:
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with directly.open(url, timeout=5) as answer:
                return int(answer.status)
        except (urllib.error.URLError, ConnectionError):
            try:
                server.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
    raise AssertionError(f"{url} did not answer; the server's exit code: {server.poll()}")
