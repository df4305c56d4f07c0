"""What is killed: turbo-server processes and their Postgres, each started anew on the same port and the same data."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from bench.postgres import DURABLE
from bench.process import free_port, is_healthy, spawn, stop, wait_for
from bench.server import COMMAND, Server
from tests import postgres
from tests.postgres import OwnPostgres, find_programs, own_postgres

GONE_LIMIT_SECONDS = 20.0


class Servers:
    """Several turbo-servers on one database, each on a port of its own."""

    def __init__(self, server: Server, count: int, log: Path) -> None:
        self._server = server
        self._log = log
        self.ports = [free_port() for _ in range(count)]
        self._children: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Servers":
        self._children = [self._spawned(port) for port in self.ports]
        for which in range(len(self.ports)):
            self._wait_for(which)
        return self

    def __exit__(self, *_error: object) -> None:
        for which in range(len(self._children)):
            self.kill(which)

    def kill(self, which: int) -> None:
        child = self._children[which]
        child.kill()  # SIGKILL: nothing is put in order
        stop(child)

    def start(self, which: int) -> None:
        self._children[which] = self._spawned(self.ports[which])
        self._wait_for(which)

    def _spawned(self, port: int) -> subprocess.Popen[bytes]:
        return spawn(COMMAND, self._server.environment | {"API_PORT": str(port)}, self._log)

    def _wait_for(self, which: int) -> None:
        wait_for(self._children[which], self._log, lambda: is_healthy(self.ports[which]))


@contextlib.contextmanager
def killable_postgres() -> Iterator[OwnPostgres]:
    """With fsync on, and never one that belongs to somebody else."""
    programs = find_programs()
    if programs is None:
        raise SystemExit("No Postgres programs are found on this machine: `.ci/setup --tests` provides them.")
    with patch.dict(postgres.SETTINGS, DURABLE), own_postgres(programs) as server:
        yield server


def kill_postgres(server: OwnPostgres) -> None:
    """The postmaster and each of its processes: none has the time to write anything."""
    master = server.process.pid
    family = family_of(master)
    os.kill(master, signal.SIGSTOP)  # so that it starts no more of them
    family += _children_of(master)
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.process.wait()
    deadline = time.monotonic() + GONE_LIMIT_SECONDS
    while any(_is_running(pid) for pid in family) and time.monotonic() < deadline:
        time.sleep(0.01)


def family_of(master: int) -> list[int]:
    return [master, *_children_of(master)]


def _children_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                if int(_after_name(entry)[1]) == parent:
                    found.append(int(entry.name))
    return found


def _is_running(pid: int) -> bool:
    with contextlib.suppress(OSError, IndexError):
        return _after_name(Path(f"/proc/{pid}"))[0] != "Z"
    return False


def _after_name(process: Path) -> list[str]:
    """State, parent, ...: a process's name may hold anything, and ends with the last bracket."""
    return (process / "stat").read_text().rpartition(")")[2].split()
