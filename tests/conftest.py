"""Databases for the tests: every data test runs on SQLite and on a real Postgres. And no test may let a secret out."""

import itertools
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests import canaries
from tests.postgres import create_database, drop_database, postgres_server
from tests.server.harness import Turbo
from turbo_server.migrations.migrate import migrate

_numbers = itertools.count()


def pytest_configure() -> None:
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
def postgres_template(postgres_admin: str) -> Iterator[str]:
    """The name of a migrated database: copying it takes a fraction of migrating anew."""
    name = f"turbo_template_{os.getpid()}"  # tests may run in several processes on one server
    migrate(create_database(postgres_admin, name))
    yield name
    drop_database(postgres_admin, name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "turbo.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def make_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes migrated, empty databases of this test's own: `sqlite` or `postgres`."""
    made: list[str] = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            template: Path = request.getfixturevalue("sqlite_template")
            return f"sqlite:///{shutil.copyfile(template, tmp_path / f'turbo{next(_numbers)}.db')}"
        name = f"turbo_test_{os.getpid()}_{next(_numbers)}"
        url = create_database(admin(), name, template=request.getfixturevalue("postgres_template"))
        made.append(name)
        return url

    def admin() -> str:
        url: str = request.getfixturevalue("postgres_admin")
        return url

    yield make
    for name in made:
        drop_database(admin(), name)


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
