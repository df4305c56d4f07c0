"""An older server on a newer schema: it goes on where the newer release only added, and stops where it took away.

So a deployment may be taken back by its image, and old and new servers may run side by side while it is rolled out.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.releases import CONTRACTS, EXPANDS, next_release, of_release, previous_release, this_release
from tests.server.live import NO_TLS, clean_environment, free_port, make_key, running, turbo_server
from turbo_server.migrations.version import head

COMING = f"{int(head()) + 1:04}"


class Release:
    """A running server of some release."""

    def __init__(self, port: str, key: str) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._headers = {"Authorization": f"Bearer {key}"}

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        answer = httpx.post(
            f"{self._url}/v1/tools/{tool}", json=arguments, headers=self._headers, timeout=30, verify=NO_TLS
        )
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result

    def ready(self) -> dict[str, Any]:
        answer = httpx.get(f"{self._url}/ready", timeout=30, verify=NO_TLS)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


@contextlib.contextmanager
def served(release: Path, environment: dict[str, str], key: str) -> Iterator[Release]:
    port = str(free_port())
    with running(of_release(release, environment) | {"API_PORT": port}):
        yield Release(port, key)


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return clean_environment(tmp_path, DATABASE_URL=database_url)


# For all tests of this file, as Python compiles each of them once.
@pytest.fixture(scope="module", params=["the release before", "this code"])
def older(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Code that does not know the migration to come."""
    return previous_release(tmp_path_factory.mktemp("r")) if request.param == "the release before" else this_release()


@pytest.fixture(scope="module")
def coming(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return next_release(tmp_path_factory.mktemp("expanding"), EXPANDS, change="expand")


@pytest.fixture(scope="module")
def contracting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return next_release(tmp_path_factory.mktemp("contracting"), CONTRACTS, change="contract")


def test_an_older_server_works_on_a_schema_that_was_only_added_to(
    environment: dict[str, str], older: Path, coming: Path
) -> None:
    key = make_key(environment)
    assert turbo_server(of_release(coming, environment), "migrate").returncode == 0
    taken_back = turbo_server(of_release(older, environment), "migrate")
    assert (taken_back.returncode, COMING in taken_back.stderr) == (0, True), taken_back.stderr
    with served(older, environment, key) as old:
        assert old.ready()["migration"] == COMING
        old.call("create_project", key="RED", name="Red")
        made = old.call("create_issue", project="RED", title="Go on", labels=["old"])
        old.call("update_issue", key=made["key"], status="in_progress", note="Still here.")
        old.call("log_work", issue=made["key"], text="Wrote it.", minutes=5)
        with served(coming, environment, key) as new:
            newer = new.call("create_issue", project="RED", title="Go on from there")
            assert [each["key"] for each in new.call("list_issues", project="RED")["items"]] == ["RED-2", "RED-1"]
            assert new.call("get_item", key=made["key"])["comments"] == 1
        assert old.call("get_item", key=newer["key"])["title"] == "Go on from there"
        assert old.call("search", query="there")["items"][0]["key"] == newer["key"]


def test_an_older_server_refuses_a_schema_that_something_was_taken_from(
    environment: dict[str, str], contracting: Path
) -> None:
    make_key(environment)
    assert turbo_server(of_release(contracting, environment), "migrate").returncode == 0
    refused = turbo_server(environment, "migrate")
    assert refused.returncode == 1
    assert f"needs a turbo-server of {COMING} at least" in refused.stderr
    serving = turbo_server(environment | {"API_PORT": str(free_port())}, "serve")
    assert serving.returncode == 1
    assert f"The database is at {COMING}" in serving.stderr
