"""A key for each machine, from the first login to its end: real client processes against a real server."""

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.client.session import Session
from tests.client.stand_in import PATIENCE
from tests.doors.machines import Machine, is_accepted
from tests.server.live import LiveServer, free_port, running, turbo_server

pytestmark = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)


@pytest.fixture
def server(server: LiveServer) -> LiveServer:
    server.call("create_project", key="TURBO", name="Turbo")
    return server


def set_key(server: LiveServer, key_id: str, **columns: object) -> None:
    """Time passes for a key: what no client can do."""
    path = server.environment["DATABASE_URL"].removeprefix("sqlite:///")
    with sqlite3.connect(path, timeout=10) as database:
        for name, value in columns.items():
            text = value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
            database.execute(f"update api_keys set {name} = ? where id = ?", (text, int(key_id)))
    database.close()


@contextlib.contextmanager
def another_server(server: LiveServer) -> Iterator[LiveServer]:
    """On the same database."""
    port = str(free_port())
    with running({**server.environment, "API_PORT": port}) as process:
        yield replace(server, url=f"http://127.0.0.1:{port}", process=process)


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def test_a_login_makes_a_key_of_the_machines_own_and_keeps_only_that(
    server: LiveServer, machine: Callable[[str], Machine]
) -> None:
    laptop = machine("laptop")
    done = laptop.login(server.key)
    assert "This machine has a key of its own now: laptop (admin, expires in 89 days, renewed" in done.stderr
    assert laptop.key != server.key
    assert is_accepted(server, laptop.key)
    assert is_accepted(server, server.key)
    files = [path for path in Path(laptop.home["HOME"]).rglob("*") if path.is_file()]
    assert not any(server.key.encode() in path.read_bytes() for path in files)
    assert [laptop.key.encode() in path.read_bytes() for path in files].count(True) == 1
    status = laptop.status
    assert (status["key_scope"], status["key_is_renewed"], status["logged_in"]) == ("admin", True, True)
    assert laptop.machines["laptop"]["is_current"] is True


def test_a_second_login_ends_the_key_that_the_machine_had(
    server: LiveServer, machine: Callable[[str], Machine]
) -> None:
    laptop = machine("laptop")
    laptop.login(server.key)
    first = laptop.key
    done = laptop.login(server.key, "--scope", "write")
    assert "The key that this machine had before is revoked." in done.stderr
    assert not is_accepted(server, first)
    assert is_accepted(server, laptop.key)
    assert laptop.status["key_scope"] == "write"
    second = laptop.key
    ben = turbo_server(server.environment, "keys", "create", "--name", "ben").stdout.strip()
    done = laptop.login(ben)  # somebody else at the same machine
    assert "is revoked" in done.stderr
    assert not is_accepted(server, second)
    assert laptop.status["account"] == "ben"


def test_machines_are_listed_renamed_and_revoked(server: LiveServer, machine: Callable[[str], Machine]) -> None:
    laptop, tower = machine("laptop"), machine("tower")
    laptop.login(server.key)
    tower.login(server.key)
    assert set(laptop.machines) == {"key", "laptop", "tower"}
    number = str(laptop.machines["tower"]["id"])
    assert laptop.run("machines", "rename", number, "the old one").returncode == 0
    told = laptop.run("machines").stdout
    line = next(line for line in told.splitlines() if "the old one" in line)
    assert "on tower" in line
    assert "renewed by itself" in line
    assert "key " in told
    assert laptop.run("machines", "revoke", number).returncode == 0
    assert not is_accepted(server, tower.key)
    refused = tower.run("call", "list_projects")
    assert (refused.returncode, "not valid" in refused.stderr) == (5, True)
    again = laptop.run("machines", "revoke", number)
    assert (again.returncode, "turbo-client machines" in again.stderr) == (1, True)


def test_a_logout_ends_the_key_or_says_that_it_could_not(server: LiveServer, machine: Callable[[str], Machine]) -> None:
    laptop, tower = machine("laptop"), machine("tower")
    laptop.login(server.key)
    key = laptop.key
    done = laptop.run("logout")
    assert f"This machine's key is revoked on {server.url}." in done.stderr
    assert not is_accepted(server, key)
    with another_server(server) as ending:
        tower.server = ending
        tower.login(server.key)
    number = tower.login_note["key_id"]
    done = tower.run("logout")
    assert done.returncode == 0
    assert "could not be revoked" in done.stderr
    assert f"turbo-client machines revoke {number}" in done.stderr
    assert not Path(tower.home["HOME"], ".config/turbo/credentials.json").exists()


def test_a_session_with_a_key_that_reads_never_shows_what_writes(
    server: LiveServer, machine: Callable[[str], Machine]
) -> None:
    laptop = machine("laptop")
    laptop.login(server.key)
    with Session(laptop.home) as session:
        session.initialize()
        assert "create_issue" in session.tool_names()
        laptop.login(server.key, "--scope", "read")
        assert session.call("list_projects")["isError"] is False
        assert "create_issue" not in session.tool_names()
    with Session(laptop.home) as session:
        words = session.initialize()["instructions"]
        assert "create_issue" not in words
        assert "may only read" in words
        names = session.tool_names()
        assert "list_issues" in names
        assert "create_issue" not in names
    call = laptop.run("call", "create_issue", "project=TURBO", "title=x")
    assert call.returncode == 2  # it is not among the tools


def test_a_session_renews_its_key_before_it_ends(server: LiveServer, machine: Callable[[str], Machine]) -> None:
    laptop = machine("laptop")
    laptop.login(server.key)
    old, number = laptop.key, laptop.login_note["key_id"]
    with Session(laptop.home) as session, Session(laptop.home) as beside:
        for each in (session, beside):
            each.initialize()
            assert each.call("list_projects")["isError"] is False
        set_key(server, number, expires_at=in_days(20))
        before = laptop.login_note["fingerprint"]
        patience = time.monotonic() + PATIENCE
        while laptop.login_note["fingerprint"] == before and time.monotonic() < patience:
            assert session.call("list_projects")["isError"] is False
        assert laptop.key != old, session.stderr
        assert laptop.login_note["key_id"] == number
        assert datetime.fromisoformat(laptop.machines["laptop"]["expires_at"]) > in_days(89)
        assert is_accepted(server, old)  # for a day
        set_key(server, number, previous_until=in_days(-1))
        assert not is_accepted(server, old)
        for each in (session, beside):  # both have taken it up
            assert each.call("list_projects")["isError"] is False
    lists = list(Path(laptop.home["HOME"], ".cache/turbo/catalogues").iterdir())
    assert len(lists) == 1
    assert not Path(laptop.home["HOME"], ".config/turbo/renewal.lock").exists()


def test_a_key_that_was_only_given_is_never_renewed_behind_somebodys_back(
    server: LiveServer, machine: Callable[[str], Machine]
) -> None:
    laptop = machine("laptop")
    laptop.home |= {"TURBO_API_URL": server.url, "TURBO_API_KEY": server.key}
    set_key(server, "1", expires_at=in_days(5))
    with Session(laptop.home) as session:
        session.initialize()
        for _ in range(5):
            assert session.call("list_projects")["isError"] is False
    told = laptop.run("status").stdout
    assert "expires in 4 days: have a new key made and run `turbo-client login`" in told
    assert laptop.status["key_is_renewed"] is False
    assert json.loads(laptop.run("machines", "--json").stdout)[0]["last4"] == server.key[-4:]


def test_an_expired_key_says_so_in_the_session(server: LiveServer, machine: Callable[[str], Machine]) -> None:
    laptop = machine("laptop")
    laptop.login(server.key)
    with Session(laptop.home) as session:
        session.initialize()
        assert session.call("list_projects")["isError"] is False
        set_key(server, laptop.login_note["key_id"], expires_at=in_days(-1))
        answer = session.call("list_projects")
        assert answer["isError"] is True
        text = answer["content"][0]["text"]
        assert "expired on" in text
        assert "turbo-client login" in text
    assert laptop.run("status").returncode == 5
