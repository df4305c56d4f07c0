"""What several tests of the server need."""

from pathlib import Path

import pytest

from tests.server.harness import Turbo
from tests.server.imports import PLACES, SAMPLES, Import
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
