"""Databases for the tests: every data test runs on SQLite and on a real Postgres."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from turbo_server.migrations.migrate import migrate

from tests.postgres import create_database, drop_database, postgres_server
from tests.server.harness import Turbo

_numbers = itertools.count()


@pytest.fixture(scope="session")
def postgres_admin() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_admin: str) -> Iterator[str]:
    """The name of a migrated database: copying it takes a fraction of migrating anew."""
    name = "turbo_template"
    migrate(create_database(postgres_admin, name))
    yield name
    drop_database(postgres_admin, name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "turbo.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of this test's own."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        copy = tmp_path / "turbo.db"
        shutil.copyfile(template, copy)
        yield f"sqlite:///{copy}"
        return
    admin: str = request.getfixturevalue("postgres_admin")
    name = f"turbo_test_{next(_numbers)}"
    yield create_database(admin, name, template=request.getfixturevalue("postgres_template"))
    drop_database(admin, name)


@pytest.fixture
def turbo(database_url: str) -> Iterator[Turbo]:
    """The server's application on that database, with a person signed in: ada."""
    with Turbo(database_url) as server:
        yield server
