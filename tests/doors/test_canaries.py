"""Secrets stay in: real programs, at DEBUG, made to fail in every way, and then everything they left is searched."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests import canaries
from tests.client.session import PROGRAM, Session
from tests.server.live import LiveServer, clean_environment, free_port, live_server, turbo_server
from turbo_server.account.token import mint

PASSWORD = "hunter2-and-more"
PEPPER = "salt-and-more-pepper"
BAD_URL = f"https://ada:{PASSWORD}@127.0.0.1:1"
BAD_DATABASE = f"postgres://turbo:{PASSWORD}@127.0.0.1:1/turbo"
FOREIGN = mint()  # well made, and nobody's


@dataclass
class Spied:
    """All that was said anywhere, and the arguments of all programs that ran meanwhile."""

    said: list[str] = field(default_factory=list)
    arguments: set[str] = field(default_factory=set)

    def run(self, command: Sequence[str | Path], environment: dict[str, str], stdin: str = "") -> int:
        done = subprocess.run(
            command, env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=False
        )
        self.said += [done.stdout, done.stderr]
        return done.returncode


@pytest.fixture
def spied() -> Iterator[Spied]:
    """Reads every process's arguments, over and over, as anybody on the machine can."""
    spied, ended = Spied(), threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            for process in Path("/proc").iterdir():
                if process.name.isdigit():
                    with contextlib.suppress(OSError):
                        spied.arguments.add((process / "cmdline").read_bytes().decode(errors="replace"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    yield spied
    ended.set()
    watcher.join()


def break_the_search(path: Path) -> None:
    """So that a call fails inside of the server, with a traceback."""
    with sqlite3.connect(path) as db:
        db.execute("alter table projects rename column description to gone")


def provoke(server: LiveServer, spied: Spied) -> None:
    bodies = [b"{", b"[" * 5_000, f'{{"key": "{FOREIGN}"}}'.encode(), b"\xff", b""]
    keys = [FOREIGN, server.key[:-1], f"x{PASSWORD}", "x"]
    calls = [(tool, body, server.key) for tool in ("get_item", "create_project", "create_issue") for body in bodies]
    with httpx.Client(base_url=server.url) as http:
        for tool, body, key in [*calls, *((FOREIGN, b"{}", key) for key in keys * 6)]:
            headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": FOREIGN, "Turbo-Machine": FOREIGN}
            answer = http.post(f"/v1/tools/{tool}?key={FOREIGN}", content=body, headers=headers)
            assert answer.status_code >= 400
            spied.said.append(answer.text)
        for path in ("/v1/me", "/metrics", f"/{FOREIGN}", "/v1/tools?toolsets=x"):
            spied.said.append(http.get(path, headers={"X-API-Key": FOREIGN}).text)


def use_the_client(server: LiveServer, home: Path, spied: Spied) -> None:
    plain = clean_environment(home) | {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}
    login: list[str | Path] = [PROGRAM, "login", "--with-token", "--insecure-storage"]
    assert spied.run([*login, "--url", server.url], plain, server.key) == 0
    runs: list[tuple[Sequence[str | Path], dict[str, str], str]] = [
        ([*login, "--url", server.url], plain, FOREIGN),
        ([PROGRAM, "doctor"], plain, ""),
        ([PROGRAM, "call", "create_issue", "-"], plain, json.dumps({"project": "AB", "title": FOREIGN})),
        ([PROGRAM, "status"], plain | {"TURBO_API_KEY": FOREIGN}, ""),
        ([PROGRAM, "status"], plain | {"TURBO_API_KEY": FOREIGN[:-1]}, ""),
        ([PROGRAM, "status"], plain | {"TURBO_API_URL": BAD_URL}, ""),
        ([PROGRAM, "status"], plain | {"TURBO_API_URL": f"http://127.0.0.1:{free_port()}"}, ""),
    ]
    for command, environment, stdin in runs:
        spied.run(command, environment, stdin)
    with Session(plain) as session:
        session.initialize()
        session.call("create_project", {"key": "CD", "name": "x"})
        session.call("create_issue", {"project": "CD", "title": FOREIGN})
        session.call("list_projects")
    spied.said += [session.stderr.decode(), *(line.decode() for line in session.lines)]


def misuse_the_server(home: Path, spied: Spied) -> None:
    plain = clean_environment(home / "misused")
    for words, extra in (
        (("migrate",), {"DATABASE_URL": BAD_DATABASE}),
        (("keys", "list"), {"DATABASE_URL": BAD_DATABASE + "?nonsense=1"}),
        (("serve",), {"TURBO_API_KEY": FOREIGN[:-1]}),
        (("serve",), {"TURBO_CALLS_PER_MINUTE": f"x{PASSWORD}"}),
    ):
        done = turbo_server(plain | extra, *words)
        assert done.returncode != 0, words
        spied.said += [done.stdout, done.stderr]


def left_on_disk(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_bytes().decode("latin-1")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.timeout(180)  # a dozen programs, one after the other
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="arguments of processes are read from /proc")
def test_nothing_that_is_said_or_left_anywhere_holds_a_secret(tmp_path: Path, spied: Spied) -> None:
    database = tmp_path / "turbo.db"
    settings = {"TURBO_KEY_PEPPER": PEPPER, "TURBO_LOG_FORMAT": "json", "TURBO_BAD_KEYS_PER_MINUTE": "20"}
    with live_server(f"sqlite:///{database}", tmp_path, **settings) as server:
        use_the_client(server, tmp_path, spied)
        provoke(server, spied)
        break_the_search(database)
        failed = server.post("list_projects")
        assert failed.status_code == 500
        spied.said.append(failed.text)
        misuse_the_server(tmp_path, spied)
    log = server.log.decode()
    assert "Traceback" in log
    assert "POST /v1/tools/{name}" in log
    files = left_on_disk(tmp_path)
    kept = files.pop(".config/turbo/credentials.json")
    (stored,) = set(canaries.KEY.findall(kept))  # the one place where a key may stand, and only when it was asked for
    searched = {"the log": log, "arguments": "\n".join(spied.arguments), "talk": "\n".join(spied.said), **files}
    secrets = [server.key[10:], stored[10:], FOREIGN[10:], PASSWORD, PEPPER]
    found = [(where, secret[-4:]) for where, text in searched.items() for secret in secrets if secret in text]
    assert len(searched) > 6
    assert found == []


def test_a_canary_is_noticed(tmp_path: Path) -> None:
    key = mint()
    (tmp_path / "test_it.py").write_text(
        "import logging, subprocess, sys\n"
        f"def test_stderr(): print({key!r}, file=sys.stderr)\n"
        "PROGRAM = 'import sys; print(sys.argv[1], file=sys.stderr)'\n"
        f"def test_a_program(): subprocess.run([sys.executable, '-c', PROGRAM, {key!r}, 'turbo-client'],"
        " capture_output=True)\n"
        "def test_nothing(): print('turbo_pat_', file=sys.stderr)\n"
    )
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_configure, pytest_runtest_makereport\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "/dev/null", "."]
    environment = dict(os.environ) | {"PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "2 failed, 1 passed" in done.stdout, done.stdout + done.stderr
    assert f"Secrets were let out: the key that ends with {key[-4:]}" in done.stdout
    assert canaries.taken() == []
