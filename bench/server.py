"""turbo-server as a person starts it, on a database of its own and with a key."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.process import PROGRAMS, Command, clean_environment, free_port, http_server
from bench.workshop import Workshop

COMMAND: Command = (PROGRAMS / "turbo-server", "serve")
# Counted as on a hosted server, and never reached.
LIMITS = dict.fromkeys(
    ("TURBO_CALLS_PER_MINUTE", "TURBO_CREATIONS_PER_HOUR", "TURBO_BAD_KEYS_PER_MINUTE"), "1000000000"
)


@dataclass(frozen=True)
class Server:
    """The environment of a turbo-server that is ready to start. `token` is a key of ada's."""

    database_url: str
    environment: dict[str, str] = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True)
class Running:
    server: Server
    port: int
    pid: int


def on_sqlite(bench: Workshop) -> Server:
    folder = bench.fresh_folder("sqlite")
    return with_key(f"sqlite:///{folder / 'turbo.db'}", folder)


def on_postgres(bench: Workshop) -> Server:
    bench.note(bench.postgres.settings())
    return with_key(bench.postgres.database(), bench.fresh_folder("postgres"))


def with_key(url: str, home: Path) -> Server:
    environment = clean_environment(home) | LIMITS | {"DATABASE_URL": url}
    return Server(url, environment, new_key(environment))


def new_key(environment: dict[str, str], *more: str) -> str:
    create: Command = [PROGRAMS / "turbo-server", "keys", "create", "--name", "ada", *more]
    made = subprocess.run(create, env=environment, check=True, capture_output=True, text=True)
    return made.stdout.strip()


@contextlib.contextmanager
def running(bench: Workshop, server: Server) -> Iterator[Running]:
    port = free_port()
    environment = server.environment | {"API_PORT": str(port)}
    with http_server(COMMAND, environment, port, bench.log) as child:
        yield Running(server, port, child.pid)
