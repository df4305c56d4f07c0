"""Databases for the tests: every data test runs on SQLite and on a real Postgres. And no test may let a secret out."""

import itertools
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests import canaries
from tests.databases import PostgresDatabases
from tests.postgres import postgres_server
from tests.server.harness import Turbo
from turbo_server.migrations.migrate import migrate

_numbers = itertools.count()
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it, which is nobody else's
_ROOM = 2 * 1024**3


def pytest_configure() -> None:
    """Canaries, and temporary folders in memory, where there is room: databases wait for the disk otherwise."""
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK):
        found = os.statvfs(_MEMORY)
        if found.f_bavail * found.f_frsize > _ROOM and not found.f_flag & os.ST_NOEXEC:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
    canaries.listen()
    canaries.overhear_programs()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    for name, text in report.sections:
        if "stderr" in name:
            canaries.look(text, name.lower())
    found = canaries.taken()
    if found and report.passed:
        report.outcome, report.longrepr = "failed", f"Secrets were let out: {'; '.join(found)}"
    return report


@pytest.fixture(scope="session")
def postgres_admin() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_admin: str) -> Iterator[PostgresDatabases]:
    # Tests may run in several processes on one server.
    databases = PostgresDatabases(postgres_admin, f"turbo_test_{os.getpid()}")
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "turbo.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def make_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes migrated, empty databases of this test's own: `sqlite` or `postgres`."""
    taken: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            template: Path = request.getfixturevalue("sqlite_template")
            return f"sqlite:///{shutil.copyfile(template, tmp_path / f'turbo{next(_numbers)}.db')}"
        taken.append(postgres().take())
        return taken[-1]

    def postgres() -> PostgresDatabases:
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        return databases

    yield make
    for url in taken:
        postgres().give_back(url)


@pytest.fixture(params=["sqlite", "postgres"])
def new_database(request: pytest.FixtureRequest, make_database: Callable[[str], str]) -> Callable[[], str]:
    """Makes databases of one kind; the test runs once with each."""
    return lambda: make_database(request.param)


@pytest.fixture
def database_url(new_database: Callable[[], str]) -> str:
    return new_database()


@pytest.fixture
def turbo(database_url: str) -> Iterator[Turbo]:
    """The server's application on that database, with a person signed in: ada."""
    with Turbo(database_url) as server:
        yield server
