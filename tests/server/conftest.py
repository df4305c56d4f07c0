"""What several tests of the server need."""

import os
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.postgres import create_database, drop_database
from tests.server.harness import Turbo
from tests.server.imports import PLACES, SAMPLES, Import
from tests.server.live import clean_environment, turbo_server_here
from tests.server.moved import Copy
from tests.server.originals import Take
from turbo_server.cli import run


@pytest.fixture
def run_import(turbo: Turbo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Import:
    """`turbo-server import` on the database of `turbo`: its status, what it printed and what it said."""
    monkeypatch.setenv("DATABASE_URL", turbo.settings.database_url)

    def do(source: str, place: str | Path | None = None, *more: str) -> tuple[int, str, str]:
        path = place or SAMPLES / PLACES[source]
        status = run(["import", "--from", source, str(path), "--project", "TURBO", "--create", "Turbo", *more])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return do


@pytest.fixture
def take(turbo: Turbo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Take:
    """`turbo-server import FILE` of what the original left: its status, what it printed and what it said."""
    monkeypatch.setenv("DATABASE_URL", turbo.settings.database_url)

    def do(path: Path, *more: str) -> tuple[int, str, str]:
        status = run(["import", str(path), *more])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return do


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """Runs `turbo-server copy` from the one database to the other."""

    def run(source: str, target: str, *more: str) -> CompletedProcess[str]:
        variables = clean_environment(tmp_path, DATABASE_URL=source, TARGET=target)
        return turbo_server_here(variables, "copy", "--to", "env:TARGET", *more)

    return run


@pytest.fixture
def bare_postgres(postgres_admin: str) -> Iterator[str]:
    """A database without tables."""
    name = f"turbo_bare_{os.getpid()}"
    yield create_database(postgres_admin, name)
    drop_database(postgres_admin, name)
