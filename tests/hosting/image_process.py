"""The server of the built image, running: started as its own command and user, and spoken to over HTTP."""

import contextlib
import json
import os
import shlex
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from tests import canaries
from tests.hosting.image_build import IMAGES, image
from tests.hosting.images import CHROOT, Images

START_LIMIT_SECONDS = 30
WITH_IT = ("sh", "-c", 'set -a && . /given/environment && exec "$@"', "sh")


@dataclass(frozen=True)
class Container:
    """`root` is where its files can be looked at from outside."""

    images: Images
    name: str
    root: Path
    config: Mapping[str, Any]

    @contextlib.contextmanager
    def command(
        self, words: list[str], environment: Mapping[str, str], volumes: Mapping[str, str]
    ) -> Iterator[list[str]]:
        """The environment goes in by a file: what stands in a command line can be read by everybody."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "environment"
            file.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in environment.items()))
            for path in (Path(folder), file):
                os.chown(path, *self.user)
            mounts = [f"--volume={outside}:{inside}" for outside, inside in {folder: "/given", **volumes}.items()]
            run = self.images.command("run", *CHROOT, *mounts, self.name, "--")
            yield [str(word) for word in (*run, *WITH_IT, *words)]

    @property
    def user(self) -> tuple[int, int]:
        user, group = map(int, self.config["User"].split(":"))
        return user, group

    def run(self, *words: str, volumes: Mapping[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
        with self.command(list(words), environment, volumes) as command:
            return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@contextlib.contextmanager
def container() -> Iterator[Container]:
    with image() as built, of_image(IMAGES, built) as made:
        yield made


@contextlib.contextmanager
def of_image(images: Images, image: str) -> Iterator[Container]:
    name = images.run("from", "--pull-never", image)
    try:
        root = Path(images.run("mount", name))
        yield Container(images, name, root, json.loads(images.run("inspect", name))["OCIv1"]["config"])
    finally:
        images.run("rm", name)


@dataclass(frozen=True)
class Served:
    port: int
    token: str
    pid: int
    process: subprocess.Popen[bytes]

    def get(self, path: str) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=START_LIMIT_SECONDS)
        with contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def call(self, tool: str, **arguments: object) -> tuple[int, Any]:
        return self.begin(tool, **arguments).end()

    def begin(self, tool: str, **arguments: object) -> "Begun":
        """Returns once the server reads the body, which `end` sends."""
        body = json.dumps(arguments).encode()
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=START_LIMIT_SECONDS)
        head = (
            f"POST /v1/tools/{tool} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(head.encode())
        assert connection.recv(4096).startswith(b"HTTP/1.1 100"), "the server does not read the call"
        return Begun(connection, body)

    @property
    def user(self) -> tuple[int, int]:
        """Its user and group: the effective ones."""
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{self.pid}/status").read_text().splitlines())
        return int(fields["Uid"].split()[1]), int(fields["Gid"].split()[1])

    def stop(self, number: signal.Signals) -> None:
        """Returns when it takes no new connection."""
        os.kill(self.pid, number)
        with contextlib.suppress(ConnectionRefusedError):
            while self.process.poll() is None:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                time.sleep(0.01)


@dataclass(frozen=True)
class Begun:
    connection: socket.socket
    body: bytes

    def end(self) -> tuple[int, Any]:
        with self.connection:
            self.connection.sendall(self.body)
            answer = HTTPResponse(self.connection)
            answer.begin()
            return answer.status, json.loads(answer.read())


@contextlib.contextmanager
def served(box: Container, environment: dict[str, str], volumes: Mapping[str, str], log: Path) -> Iterator[Served]:
    """The image's own command. `environment` has API_PORT and TURBO_API_KEY."""
    with (
        box.command(box.config["Cmd"], environment, volumes) as command,
        log.open("wb") as said,
        subprocess.Popen(command, stderr=said) as process,
    ):
        pid = 0
        try:
            port = int(environment["API_PORT"])
            _wait_until_listening(process, port, log)
            pid = _last_descendant(process.pid)
            yield Served(port, environment["TURBO_API_KEY"], pid, process)
        finally:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid or _last_descendant(process.pid), signal.SIGKILL)
            process.wait(START_LIMIT_SECONDS)
    canaries.look(log.read_bytes(), "on stderr of the image's server")


def _wait_until_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.02)
    raise AssertionError(f"The image's server does not listen: {log.read_text(errors='replace')}")


def _last_descendant(pid: int) -> int:
    """The server itself: buildah starts it through processes of its own, each from any of its threads."""
    while children := [
        child for thread in Path(f"/proc/{pid}/task").iterdir() for child in (thread / "children").read_text().split()
    ]:
        pid = int(children[-1])
    return pid
