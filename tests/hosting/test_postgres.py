"""The Postgres that the other tests stand on: found, given away, and never left behind."""

import asyncio
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from tests import postgres
from tests.postgres import create_database, drop_database, postgres_server

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 30


@pytest.fixture(scope="module")
def admin_url() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    monkeypatch.delenv("PG_BIN", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(postgres, "USUAL_PLACES", ())
    monkeypatch.setattr(postgres, "WHEEL", "a_wheel_nobody_installed")


def fetch_value(url: str, query: str) -> Any:
    async def connect_and_fetch() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(connect_and_fetch())


def test_a_new_database_is_reached_by_its_url(admin_url: str) -> None:
    url = create_database(admin_url, "reached")
    assert fetch_value(url, "select current_database()") == "reached"


def test_letters_of_other_scripts_have_their_case(admin_url: str) -> None:
    url = create_database(admin_url, "letters")
    assert fetch_value(url, "select lower('ÄÉΩ')") == "äéω"


def test_a_template_is_copied_with_its_rows(admin_url: str) -> None:
    original = create_database(admin_url, "original")
    fetch_value(original, "create table kept as select 7 as number")
    copy = create_database(admin_url, "copy", template="original")
    assert fetch_value(copy, "select number from kept") == 7


def test_a_database_is_dropped_from_under_an_open_connection(admin_url: str) -> None:
    url = create_database(admin_url, "crowded")

    async def drop_while_connected() -> None:
        connection = await asyncpg.connect(url)
        drop_database(admin_url, "crowded")
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
            await connection.fetchval("select 1")
        connection.terminate()

    asyncio.run(drop_while_connected())
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        fetch_value(url, "select 1")


def test_dropping_what_is_not_there_is_no_error(admin_url: str) -> None:
    drop_database(admin_url, "never_made")


@pytest.mark.parametrize("name", ["", 'a"; drop', "Upper", "1st", "a-b", "x" * 64])
def test_only_a_plain_name_becomes_a_database(name: str) -> None:
    with pytest.raises(ValueError, match="not a plain database name"):
        create_database("postgresql://nobody.invalid/postgres", name)


def test_a_server_of_ones_own_comes_first(monkeypatch: pytest.MonkeyPatch, no_programs: None) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgresql://me@db.invalid/postgres")
    with postgres_server() as url:
        assert url == "postgresql://me@db.invalid/postgres"


def test_without_any_postgres_the_tests_are_skipped_with_advice(
    monkeypatch: pytest.MonkeyPatch, no_programs: None
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"\.ci/setup --tests"), postgres_server():
        pass


def test_without_any_postgres_ci_fails(monkeypatch: pytest.MonkeyPatch, no_programs: None) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"\.ci/setup --tests"), postgres_server():
        pass


def test_a_server_that_cannot_start_says_what_its_programs_said(
    monkeypatch: pytest.MonkeyPatch, no_programs: None, tmp_path: Path
) -> None:
    programs = tmp_path / "prefix" / "bin"  # a prefix of its own: as root it is copied to where others may read it
    programs.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (programs / name).write_text("#!/bin/sh\necho 'no room on this disk' >&2\nexit 1\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(programs))
    monkeypatch.setenv("PATH", os.defpath)
    with pytest.raises(RuntimeError, match="no room on this disk"), postgres_server():
        pass


def test_the_server_and_its_data_go_when_the_tests_fail(monkeypatch: pytest.MonkeyPatch, admin_url: str) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    if postgres.find_programs() is None:
        pytest.skip("the server is somebody else's")
    seen: list[tuple[Path, int]] = []

    def fail_while_it_runs() -> None:
        with postgres_server() as url:
            seen.append((folder_of(url), server_of(url)))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_while_it_runs()
    [(folder, server)] = seen
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process ask to die with its parent")
def test_a_test_run_that_is_killed_takes_its_server_with_it(monkeypatch: pytest.MonkeyPatch, admin_url: str) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)
    if postgres.find_programs() is None:
        pytest.skip("the server is somebody else's")
    script = (
        "from tests.postgres import postgres_server\nwith postgres_server() as url: print(url, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        url = run.stdout.readline().strip()
        watched = os.pidfd_open(server_of(url))
        run.send_signal(signal.SIGKILL)
    ended, _, _ = select.select([watched], [], [], DEADLINE_SECONDS)
    os.close(watched)
    shutil.rmtree(folder_of(url))
    assert ended


def folder_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def server_of(url: str) -> int:
    return int((folder_of(url) / "data" / "postmaster.pid").read_text().splitlines()[0])
