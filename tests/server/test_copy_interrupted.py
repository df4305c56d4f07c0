"""A copy or a restore that is killed: the target is as it was, and doing it again does it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.harness import Turbo
from tests.server.live import clean_environment, turbo_server
from tests.server.moved import KINDS, Maker, at, contents, fill_everything
from turbo_server.cli.progress import Progress
from turbo_server.transfer import move_store as store
from turbo_server.transfer.moved import TABLES

# Runs turbo-server, and kills it when it tells that it does the first two words of its command line.
KILLED = f"""
import os, signal, sys
from {Progress.__module__} import Progress
from turbo_server.cli import run
def stop(progress, what, table, rows):
    if [what, table] == sys.argv[1:3]:
        os.kill(os.getpid(), signal.SIGKILL)
Progress.__call__ = stop
sys.exit(run(sys.argv[3:]))
"""


@pytest.mark.parametrize("goal", KINDS)
@pytest.mark.parametrize("moment", [("copying", "issues"), ("indexing", ""), ("checking", "claims")])
def test_a_killed_copy_leaves_nothing_and_is_done_again(
    make_database: Maker, tmp_path: Path, goal: str, moment: tuple[str, str]
) -> None:
    with Turbo(make_database("sqlite")) as old:
        fill_everything(old)
    source, target = old.settings.database_url, make_database(goal)
    environment = clean_environment(tmp_path, DATABASE_URL=source, TARGET=target)
    words = ("copy", "--to", "env:TARGET", "--reindex-later")
    _killed(environment, *moment, *words)
    assert not any(at(target, lambda db: store.counts(db, TABLES)).values())
    done = turbo_server(environment, *words)
    assert (done.returncode, done.stdout.startswith("Copied: ")) == (0, True), done.stderr
    assert not contents(source).differing(contents(target))


def test_a_copy_that_is_killed_before_search_is_made_ends_the_second_time(make_database: Maker, tmp_path: Path) -> None:
    with Turbo(make_database("sqlite")) as old:
        fill_everything(old)
    target = make_database("postgres")
    environment = clean_environment(tmp_path, DATABASE_URL=old.settings.database_url, TARGET=target)
    assert turbo_server(environment, "copy", "--to", "env:TARGET", "--reindex-later").returncode == 0
    done = turbo_server(environment, "copy", "--to", "env:TARGET")
    assert done.stdout.startswith("Was there already, all of it: ")
    assert "Search knows" in done.stderr
    with Turbo(target) as new:
        assert new.call("search", query="parent to be")["items"]


@pytest.mark.parametrize("goal", KINDS)
def test_a_killed_restore_is_done_again(make_database: Maker, tmp_path: Path, goal: str) -> None:
    with Turbo(make_database("sqlite")) as old:
        fill_everything(old)
    source, target, file = old.settings.database_url, make_database(goal), str(tmp_path / "x.backup")
    environment = clean_environment(tmp_path, DATABASE_URL=source, TARGET=target)
    assert turbo_server(environment, "backup", file).returncode == 0
    words = ("restore", file, "--to", "env:TARGET")
    _killed(environment, "copying", "events", *words)
    assert turbo_server(environment, *words).returncode == 0
    assert not contents(source).differing(contents(target))


def test_a_killed_backup_leaves_no_file_of_that_name(make_database: Maker, tmp_path: Path) -> None:
    with Turbo(make_database("sqlite")) as old:
        fill_everything(old)
    environment = clean_environment(tmp_path, DATABASE_URL=old.settings.database_url)
    file = tmp_path / "x.backup"
    file.write_text("the one of yesterday")
    _killed(environment, "writing", "events", "backup", str(file))
    assert file.read_text() == "the one of yesterday"


def _killed(environment: dict[str, str], *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *words], env=environment, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
