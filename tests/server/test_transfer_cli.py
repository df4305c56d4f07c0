"""`turbo-server export` and `import` as their owner runs them: real processes."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.harness import Turbo
from tests.server.imports import SAMPLES
from tests.server.live import clean_environment, turbo_server


@pytest.fixture
def environment(tmp_path: Path, database_url: str) -> dict[str, str]:
    """A database with two issues in it."""
    with Turbo(database_url) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        for title in ("First", "Second"):
            turbo.call("create_issue", project="TURBO", title=title)
    return clean_environment(tmp_path, DATABASE_URL=database_url)


def test_a_database_moves_into_a_new_file(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    done = turbo_server(environment, "export", str(path))
    assert (done.returncode, done.stdout) == (0, "")
    assert "issues 2" in done.stderr
    assert "API keys are never part of an export" in done.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    new = {**environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'new' / 'turbo.db'}"}
    tried = turbo_server(new, "import", str(path), "--dry-run")
    assert tried.stdout.splitlines()[-1] == "Dry run: nothing was written."
    done = turbo_server(new, "import", str(path))
    assert (done.returncode, "issues 2" in done.stdout) == (0, True)
    assert done.stderr.splitlines()[-1].endswith("turbo-server keys create --name 'ada'")
    again = turbo_server(new, "import", str(path))
    assert (again.returncode, "not empty" in again.stderr, "Nothing was imported" in again.stderr) == (1, True, True)


def test_it_goes_through_a_pipe(environment: dict[str, str], tmp_path: Path) -> None:
    out = turbo_server(environment, "export")
    assert json.loads(out.stdout.splitlines()[0])["turbo_export"] == 1
    new = {**environment, "DATABASE_URL": f"sqlite:///{tmp_path / 'piped.db'}"}
    command = [sys.executable, "-m", "turbo_server", "import", "-"]
    done = subprocess.run(command, env=new, input=out.stdout, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "issues 2" in done.stdout) == (0, True)


def test_an_export_that_cannot_be_written_leaves_no_file(environment: dict[str, str], tmp_path: Path) -> None:
    refused = turbo_server(environment, "export", str(tmp_path / "nowhere" / "out.jsonl"))
    assert (refused.returncode, "could not be written" in refused.stderr) == (1, True)
    assert "Traceback" not in refused.stderr


def test_there_is_nothing_to_export_where_no_database_is(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'none.db'}")
    refused = turbo_server(environment, "export", str(tmp_path / "out.jsonl"))
    assert (refused.returncode, "There is no database" in refused.stderr) == (1, True)
    assert list(tmp_path.glob("*.jsonl*")) == []
    assert not (tmp_path / "none.db").exists()


def test_a_file_that_is_not_there_is_one_sentence(environment: dict[str, str], tmp_path: Path) -> None:
    refused = turbo_server(environment, "import", str(tmp_path / "none.jsonl"))
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)
    assert "cannot be read: No such file" in refused.stderr


def test_without_anybody_an_import_says_how_to_make_somebody(tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'x.db'}")
    plain = str(SAMPLES / "csv" / "plain.csv")
    refused = turbo_server(environment, "import", "--from", "csv", plain, "--project", "TURBO", "--create", "x")
    assert (refused.returncode, "turbo-server keys create --name NAME" in refused.stderr) == (1, True)


def test_a_database_that_was_not_migrated_is_said(postgres_admin: str, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, DATABASE_URL=postgres_admin)
    from_beads = ("import", "--from", "beads", str(SAMPLES / "beads"), "--project", "X1")
    (tmp_path / "out.jsonl").write_text('{"turbo_export":1}\n')
    for verb in (("export",), ("import", str(tmp_path / "out.jsonl")), from_beads):
        refused = turbo_server(environment, *verb)
        assert (refused.returncode, "turbo-server migrate" in refused.stderr) == (1, True), refused.stderr
        assert "Traceback" not in refused.stderr
