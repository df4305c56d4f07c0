"""`turbo-client doctor`: says what is wrong and how to mend it."""

import json
import subprocess
from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest

from tests.client.conftest import Environment
from tests.client.stand_in import Reply, StandIn, error, free_port, make_key

Run = Callable[..., subprocess.CompletedProcess[str]]
OURS = ["Python", "cache folder", "configuration", "keyring", "server", "clock", "server ready", "API key"]


def checks(run: Run, environment: Environment) -> dict[str, Any]:
    done = run(environment, "doctor", "--json")
    assert make_key() not in done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["ok"] is (done.returncode == 0)
    return {check["name"]: check for check in report["checks"]}


def test_a_healthy_client_passes_every_check_of_its_own(run: Run, logged_in: Environment) -> None:
    found = checks(run, logged_in)
    assert list(found)[: len(OURS)] == OURS
    assert {name: found[name]["ok"] for name in OURS} == dict.fromkeys(OURS, True) | {"keyring": None}
    assert "ada" in found["API key"]["detail"]
    assert "connection" in found  # Claude Code's part, from the installer


@pytest.mark.parametrize(
    ("path", "reply", "name"),
    [
        ("/ready", error(503, "not_ready", "The database is away.", "Start it."), "server ready"),
        ("/v1/me", error(401, "unauthenticated", "No."), "API key"),
        ("/health", Reply(headers={"Date": formatdate(0, usegmt=True)}), "clock"),
        ("/health", Reply(502, b""), "server"),
    ],
)
def test_what_is_wrong_is_named_with_a_remedy(
    run: Run, logged_in: Environment, backend: StandIn, path: str, reply: Reply, name: str
) -> None:
    backend.replies[path] = reply
    check = checks(run, logged_in)[name]
    assert check["ok"] is False
    assert check["remedy"] or check["detail"]


def test_a_server_that_is_down_is_told_with_what_to_run(run: Run, logged_in: Environment) -> None:
    check = checks(run, logged_in | {"TURBO_API_URL": f"http://127.0.0.1:{free_port()}"})["server"]
    assert (check["ok"], check["remedy"]) == (False, "Start it with `turbo-server serve`.")


def test_wrong_settings_end_the_questions_early(run: Run, logged_in: Environment) -> None:
    found = checks(run, logged_in | {"TURBO_API_URL": "http://example.com"})
    assert found["configuration"]["ok"] is False
    assert "server" not in found


def test_without_keyring_and_key_it_says_so(run: Run, environment: Environment, backend: StandIn) -> None:
    found = checks(run, environment | {"TURBO_API_URL": backend.origin})
    assert [found[name]["ok"] for name in ("keyring", "API key")] == [False, False]
    assert "turbo-client login" in found["API key"]["remedy"]


def test_a_cache_that_cannot_be_written_is_found(run: Run, logged_in: Environment) -> None:
    Path(logged_in["HOME"], ".cache").write_text("in the way")
    assert checks(run, logged_in)["cache folder"]["ok"] is False


def test_the_readable_report_marks_what_is_wrong(run: Run, environment: Environment, backend: StandIn) -> None:
    done = run(environment | {"TURBO_API_URL": backend.origin}, "doctor")
    assert done.returncode == 1
    assert "WRONG    API key: " in done.stdout
    assert "-> Run `turbo-client login` in a terminal." in done.stdout
