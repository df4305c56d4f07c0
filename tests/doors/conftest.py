"""One server of each kind for all tests of the doors: each test finds its database empty, and has a key of its own."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.client.conftest import isolated_environment
from tests.databases import PostgresDatabases
from tests.doors.machines import Machine
from tests.server.live import LiveServer, clean_environment, live_server, make_key
from turbo_server.migrations.schema import metadata

# Not the one that a database keeps for itself: the server remembers it, and it would go with the rows.
PEPPER = "the same before and after"


@dataclass(frozen=True)
class Shared:
    server: LiveServer
    empty: Callable[[], None]


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    folder = tmp_path_factory.mktemp("shared")
    if request.param == "sqlite":
        path = folder / "turbo.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        with live_server(f"sqlite:///{path}", folder, TURBO_KEY_PEPPER=PEPPER) as server:
            yield Shared(server, lambda: empty_file(path))
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    url = databases.take()
    with live_server(url, folder, TURBO_KEY_PEPPER=PEPPER) as server:
        yield Shared(server, lambda: databases.empty(url))
    databases.give_back(url)


@pytest.fixture
def server(shared: Shared, tmp_path: Path) -> LiveServer:
    shared.empty()
    settings = ("DATABASE_URL", "API_PORT", "TURBO_KEY_PEPPER")
    environment = clean_environment(tmp_path, **{name: shared.server.environment[name] for name in settings})
    return replace(shared.server, environment=environment, key=make_key(environment))


@pytest.fixture
def machine(server: LiveServer, tmp_path: Path) -> Callable[[str], Machine]:
    def make(name: str) -> Machine:
        home = tmp_path / f"home of {name}"
        home.mkdir(mode=0o700)
        return Machine(name, isolated_environment(home), server)

    return make


def empty_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        for table in (*metadata.tables, "sqlite_sequence"):
            db.execute(f"delete from {table}")
