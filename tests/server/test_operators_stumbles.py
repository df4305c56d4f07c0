"""What somebody who runs the server for the first time gets wrong: a sentence each, and never a traceback."""

import gzip
import logging
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.imports import SAMPLES
from tests.server.live import clean_environment, free_port, running, turbo_server, turbo_server_here
from turbo_server.cli.first_failures import FirstFailures
from turbo_server.kit.database_errors import DatabaseUnavailable
from turbo_server.kit.faults import told_as_ours
from turbo_server.settings import Settings

Environment = dict[str, str]
VERBS = (("serve",), ("keys", "list"), ("export",), ("import", str(SAMPLES / "none.jsonl")), ("migrate",), ("reindex",))
AWAY = "postgres://turbo:hunter2@127.0.0.1:{port}/turbo?sslmode=disable"


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def at_hand(verb: tuple[str, ...]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """What serves sets up the logging of its process, and an export writes bytes to stdout."""
    return turbo_server if verb[0] in ("serve", "export") else turbo_server_here


def said_while_serving(environment: Environment, words: str) -> str:
    """All that it writes until these words are there; then it is stopped."""
    command = [sys.executable, "-m", "turbo_server", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        said = ""
        while words not in said:
            ready, _, _ = select.select([process.stderr], [], [], 20)
            chunk = os.read(process.stderr.fileno(), 65536) if ready else b""
            if not chunk:
                break
            said += chunk.decode()
        process.terminate()
        process.communicate(timeout=20)
    assert words in said
    return said


@pytest.fixture
def local(tmp_path: Path) -> Environment:
    return clean_environment(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'turbo.db'}", API_PORT=str(free_port()))


def test_ctrl_c_before_it_serves_ends_it_without_a_traceback(local: Environment) -> None:
    """Python itself starts for a moment in which nobody can catch it: so it comes with the first import of ours."""
    program = (
        "import os, signal, sys\n"
        "class Hook:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'turbo_server.settings': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Hook())\n"
        "from turbo_server.__main__ import main\n"
        "sys.argv[1:] = ['serve']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], env=local, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "")


def test_ctrl_c_ends_it_cleanly(local: Environment) -> None:
    with running(local) as process:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert b"Traceback" not in said


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb[0])
def test_a_file_that_is_no_database_is_named(local: Environment, tmp_path: Path, verb: tuple[str, ...]) -> None:
    (tmp_path / "some.json").write_text('{"not": "a database"}')
    wrong = local | {"DATABASE_URL": f"sqlite:///{tmp_path / 'some.json'}"}
    if verb[0] == "import":
        (tmp_path / "none.jsonl").write_text('{"turbo_export":1}\n')
        verb = ("import", str(tmp_path / "none.jsonl"))
    assert f"DATABASE_URL names {tmp_path / 'some.json'}, which is no SQLite" in sentence(at_hand(verb)(wrong, *verb))
    assert (tmp_path / "some.json").read_text() == '{"not": "a database"}'


@pytest.mark.parametrize("verb", [("serve",), ("keys", "list"), ("export",), ("migrate",)], ids=lambda verb: verb[0])
def test_a_folder_is_named(local: Environment, tmp_path: Path, verb: tuple[str, ...]) -> None:
    said = sentence(at_hand(verb)(local | {"DATABASE_URL": f"sqlite:///{tmp_path}"}, *verb))
    assert f"DATABASE_URL names the folder {tmp_path}." in said


def test_a_new_database_is_said_once(local: Environment, tmp_path: Path) -> None:
    made = f"Made a new database at {tmp_path / 'turbo.db'}"
    assert made in turbo_server_here(local, "keys", "list").stderr
    assert made not in turbo_server_here(local, "keys", "list").stderr


def test_a_tilde_is_the_home_folder(local: Environment, tmp_path: Path) -> None:
    home = local | {"DATABASE_URL": "sqlite:///~/here.db"}
    assert str(tmp_path / "here.db") in turbo_server_here(home, "migrate").stderr
    assert (tmp_path / "here.db").exists()
    nobody = turbo_server_here(home | {"DATABASE_URL": "sqlite:///~nobody.at.all/x.db"}, "migrate")
    assert "DATABASE_URL names ~nobody.at.all/x.db" in sentence(nobody)


@pytest.mark.parametrize("verb", [("keys", "list"), ("export",), ("reindex",), ("migrate",)], ids=lambda verb: verb[0])
def test_a_database_that_is_away_is_named_by_host_and_port(tmp_path: Path, verb: tuple[str, ...]) -> None:
    port = free_port()
    away = clean_environment(tmp_path, DATABASE_URL=AWAY.format(port=port))
    said = sentence(at_hand(verb)(away, *verb))
    assert str(port) in said
    assert "127.0.0.1" in said
    assert "hunter2" not in said
    assert "turbo:" not in said


def test_serve_says_that_its_database_is_away(tmp_path: Path) -> None:
    port = free_port()
    away = clean_environment(tmp_path, DATABASE_URL=AWAY.format(port=port), API_PORT=str(free_port()))
    said = said_while_serving(away, "in reach?")
    assert said.count(f"no answer from the database at 127.0.0.1:{port}") == 1
    assert "hunter2" not in said


def test_serve_says_at_the_first_failure_what_has_become_of_its_database(capsys: pytest.CaptureFixture[str]) -> None:
    failures = FirstFailures(Settings("postgres://ada:hunter2@db.example:6543/turbo"))
    logger = logging.getLogger("turbo_server")
    logger.addHandler(failures)
    try:
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable), told_as_ours():
                raise ConnectionRefusedError
    finally:
        logger.removeHandler(failures)
    said = capsys.readouterr().err
    assert said.count("There is no answer from the database at db.example:6543 (DATABASE_URL).") == 1
    assert "hunter2" not in said


def test_serve_says_that_its_database_has_no_tables(postgres_admin: str, tmp_path: Path) -> None:
    environment = clean_environment(tmp_path, DATABASE_URL=postgres_admin, API_PORT=str(free_port()))
    said_while_serving(environment, "Run `turbo-server migrate`")


def test_serve_says_that_there_is_no_key_yet(local: Environment) -> None:
    said_while_serving(local, "run `turbo-server keys create --name NAME`")


def test_a_port_that_a_turbo_server_has_is_told_from_another_programs(local: Environment) -> None:
    with running(local):
        said = sentence(turbo_server(local, "serve"))
    assert "A turbo-server is already running at http://127.0.0.1:" in said


@pytest.mark.parametrize("verb", ["export", "help"])
def test_a_reader_that_has_enough_ends_it_quietly(local: Environment, verb: str) -> None:
    assert turbo_server_here(local, "keys", "create", "--name", "ada").returncode == 0
    read, write = os.pipe()
    os.close(read)
    words = [sys.executable, "-m", "turbo_server", "export" if verb == "export" else "--help"]
    done = subprocess.run(words, env=local, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


def test_without_a_verb_it_shows_its_help(local: Environment) -> None:
    done = turbo_server_here(local)
    assert (done.returncode, "usage: turbo-server" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("out.jsonl.gz", gzip.compress(b"x", mtime=0), "is compressed (gzip). Unpack it on the way: gunzip -c"),
        ("out.zip", b"PK\x03\x04....", "is compressed (a zip archive)"),
        ("turbo.sqlite", b"SQLite format 3\0....", "is damaged, or an encrypted database"),
        ("items.csv", b"title,status\nx,done\n", "--from csv"),
        ("notes.txt", b"hello", "is no export of turbo-server"),
        ("empty", b"", "is empty"),
    ],
)
def test_what_is_no_export_is_called_what_it_is(
    local: Environment, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert words in sentence(turbo_server_here(local, "import", str(tmp_path / name)))
    assert not (tmp_path / "turbo.db").exists()


def test_a_dry_run_leaves_no_database_behind(local: Environment, tmp_path: Path) -> None:
    exported = tmp_path / "out.jsonl"
    other = local | {"DATABASE_URL": f"sqlite:///{tmp_path / 'other.db'}"}
    assert turbo_server_here(other, "keys", "create", "--name", "ada").returncode == 0
    assert turbo_server_here(other, "export", str(exported)).returncode == 0
    tried = turbo_server_here(local, "import", "--dry-run", str(exported))
    assert (tried.returncode, tried.stdout.splitlines()[-1]) == (0, "Dry run: nothing was written.")
    assert not (tmp_path / "turbo.db").exists()
