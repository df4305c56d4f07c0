"""turbo-web without its image: this machine's nginx with the product's configuration, made as the image makes it."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.node_programs import cache
from tests.server.live import START_LIMIT, free_port
from turbo_server.doors.nginx import write

ROOT = Path(__file__).parents[2]
# Debian keeps it where only root's PATH leads; `.ci/setup --tests` unpacks one where there is none.
PLACES = (os.environ.get("PATH", ""), "/usr/sbin", str(cache() / "nginx" / "usr" / "sbin"))


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Door:
    """A port that speaks HTTP. What is asked for goes out as it is: no dot is resolved, no header added."""

    port: int

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return self.send(path, method, {name.replace("_", "-"): value for name, value in headers.items()})

    def send(self, path: str, method: str, headers: dict[str, str], body: bytes | None = None) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=START_LIMIT)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            assert len(told) == len(answer.getheaders()), "a header came twice"
            return Answer(answer.status, told, answer.read())


def nginx() -> str:
    found = shutil.which("nginx", path=os.pathsep.join(PLACES))
    if found is None:
        why = "nginx is not installed; `.ci/setup --tests` unpacks it where there is apt-get"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs turbo-web: {why}", pytrace=False)
        pytest.skip(f"turbo-web cannot run here: {why}")
    return found


def site(page: Path, folder: Path) -> Path:
    """As the image holds it."""
    write(page, folder)
    for name in ("nginx.conf", "start"):
        shutil.copy(ROOT / "frontend" / name, folder)
    return folder


@contextlib.contextmanager
def turbo_web(site: Path, api_url: str, said: Path, **environment: str) -> Iterator[Door]:
    """`said` gets what it writes to stderr."""
    port = free_port()
    given = {
        "PATH": os.pathsep.join([str(Path(nginx()).parent), os.environ["PATH"]]), "TMPDIR": str(said.parent),
        "TURBO_API_URL": api_url, "WEB_HOST": "127.0.0.1", "WEB_PORT": str(port), **environment,
    }  # fmt: skip
    # Started by root it would give itself up to a user who may not read the tests' folders.
    more = ["-g", "user root;"] if os.geteuid() == 0 else []
    with said.open("wb") as errors, subprocess.Popen([site / "start", *more], env=given, stderr=errors) as process:
        try:
            yield _answering(process, port, said)
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(START_LIMIT)


def _answering(process: subprocess.Popen[bytes], port: int, said: Path) -> Door:
    door = Door(port)
    while process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError):
            assert door("/health").status == 200
            return door
    raise AssertionError(f"nginx does not start: {said.read_text()}")
