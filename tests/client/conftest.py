"""An isolated home, a backend stand-in, and the client's programs run against them."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.client.session import Session
from tests.client.stand_in import StandIn, make_key, stand_in
from tests.forked import CLIENT

Environment = dict[str, str]
OpenSession = Callable[..., Session]


def isolated_environment(home: Path) -> Environment:
    """Nothing of this machine's user: no home, no keyring, no key, no server."""
    ours = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT") if name in os.environ}
    # A bus that is not there: a keyring of the person who runs the tests must not be found.
    return ours | {"HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "PYTHONUTF8": "1"}


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return isolated_environment(home)


@pytest.fixture
def backend() -> Iterator[StandIn]:
    with stand_in() as server:
        yield server


@pytest.fixture
def logged_in(environment: Environment, backend: StandIn) -> Environment:
    """By environment variables: the quickest way to a key and a server."""
    return environment | {"TURBO_API_URL": backend.origin, "TURBO_API_KEY": make_key()}


@pytest.fixture
def open_session() -> Iterator[OpenSession]:
    """Starts `turbo-client serve`; ends all that were started."""
    sessions: list[Session] = []

    def start(environment: Environment, cwd: Path | None = None) -> Session:
        sessions.append(Session(environment, cwd))
        return sessions[-1]

    yield start
    for session in sessions:
        session.close()


@pytest.fixture
def session(open_session: OpenSession, logged_in: Environment) -> Session:
    """One that has already taken the stand-in's tool list."""
    opened = open_session(logged_in)
    opened.initialize()
    opened.notification("notifications/tools/list_changed")
    return opened


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """One for all tests of a file that only ask what it says, with the stand-in's usual tools behind it."""
    with stand_in() as server:
        ours = {"TURBO_API_URL": server.origin, "TURBO_API_KEY": make_key()}
        with Session(isolated_environment(tmp_path_factory.mktemp("home")) | ours) as opened:
            opened.initialize()
            opened.notification("notifications/tools/list_changed")
            yield opened


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a verb of `turbo-client` to its end."""

    def run_client(
        environment: Environment, *arguments: str, stdin: str | bytes = ""
    ) -> subprocess.CompletedProcess[str]:
        said = stdin.encode() if isinstance(stdin, str) else stdin
        done = CLIENT.run(arguments, environment, folder=tmp_path, said=said, seconds=30)
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    return run_client
