"""turbo-servers of two releases on one database, replaced one after the other as a rolling deployment does it."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.process import Command, free_port, is_healthy, spawn, stop, wait_for
from bench.rollout.load import Rotation
from bench.server import Server
from tests.releases import of_release

SERVE: Command = (sys.executable, "-m", "turbo_server", "serve")
MIGRATE: Command = (sys.executable, "-m", "turbo_server", "migrate")


class Machines:
    """Each has its port for good; what runs there is one release or the other."""

    def __init__(self, server: Server, count: int, log: Path) -> None:
        self._server = server
        self._log = log
        self.rotation = Rotation([free_port() for _ in range(count)])
        self._ports = tuple(self.rotation.ports)
        self._children: dict[int, subprocess.Popen[bytes]] = {}

    def start(self, release: Path) -> None:
        for port in self._ports:
            self._start(port, release)

    def replace(self, which: int, release: Path) -> float:
        """As Fly does it: nothing new for the machine, SIGINT, what is in flight is answered, then the other image.
        Returns how long the old one took to drain."""
        port = self._ports[which]
        child = self._children[port]
        self.rotation.take_out(port)
        began = time.monotonic()
        child.send_signal(signal.SIGINT)
        child.wait(60)
        took = time.monotonic() - began
        stop(child)  # which closes its pipes, too
        assert child.returncode == 0, f"the server ended with {child.returncode}"
        self._start(port, release)
        self.rotation.put_in(port)
        return took

    def migrate(self, release: Path) -> tuple[float, str]:
        """As the release command does it, once: how long it took, and what went wrong."""
        began = time.monotonic()
        done = subprocess.run(
            MIGRATE, env=of_release(release, self._server.environment), capture_output=True, text=True, check=False
        )
        return time.monotonic() - began, done.stderr if done.returncode else ""

    def stop(self) -> None:
        for child in self._children.values():
            stop(child)

    def _start(self, port: int, release: Path) -> None:
        environment = of_release(release, self._server.environment) | {"API_PORT": str(port)}
        child = self._children[port] = spawn(SERVE, environment, self._log)
        wait_for(child, self._log, lambda: is_healthy(port))
