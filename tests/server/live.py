"""A real `turbo-server serve` process on a port of its own."""

import asyncio
import contextlib
import io
import json
import os
import re
import select
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import canaries
from tests.forked import SERVER
from turbo_server.account.identity import Identity
from turbo_server.cli import run
from turbo_server.cli.connected import connected
from turbo_server.cli.local_database import is_made_ready
from turbo_server.settings import read_settings

START_LIMIT = 30.0
# For httpx: it would read the machine's certificates for every call, which takes longer than the call.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass(frozen=True)
class LiveServer:
    url: str
    key: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    said: bytearray

    @property
    def log(self) -> bytes:
        """All that it wrote to stderr; complete once it has ended."""
        return bytes(self.said)

    def post(self, tool: str, **arguments: object) -> httpx.Response:
        url = f"{self.url}/v1/tools/{tool}"
        return httpx.post(url, json=arguments, headers=self.headers, timeout=30, verify=NO_TLS)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        answer = self.post(tool, **arguments)
        answer.raise_for_status()
        result: dict[str, Any] = answer.json()
        return result


@contextlib.contextmanager
def live_server(database_url: str, folder: Path, **extra: str) -> Iterator[LiveServer]:
    """Serves the database with a key for ada; stopped with SIGTERM at the end."""
    environment = clean_environment(folder, DATABASE_URL=database_url, API_PORT=str(free_port()), **extra)
    key = make_key(environment)
    said = bytearray()
    with running(environment, said) as process:
        yield LiveServer(f"http://127.0.0.1:{environment['API_PORT']}", key, environment, process, said)


def make_key(environment: dict[str, str]) -> str:
    """What `turbo-server keys create --name ada` prints, without the second that a process takes."""
    settings = read_settings(environment)

    async def create() -> str:
        async with connected(settings) as db:
            return (await Identity(settings.key_pepper).create_key(db, "ada", "key")).token

    assert is_made_ready(settings)
    return asyncio.run(create())


@contextlib.contextmanager
def running(environment: dict[str, str], said: bytearray | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """`said` gets what it writes to stderr."""
    process = subprocess.Popen(
        [sys.executable, "-m", "turbo_server", "serve"], env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    said = bytearray() if said is None else said
    reader = threading.Thread(target=_hear, args=(process, said))
    try:
        wait_until_listening(process, said)
        reader.start()
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        if reader.ident:
            reader.join(30)
        process.communicate(timeout=30)
        canaries.look(bytes(said), "on stderr of a server")


def _hear(process: subprocess.Popen[bytes], said: bytearray) -> None:
    """A pipe that nobody reads would stop a server that logs each request."""
    assert process.stderr is not None
    while chunk := os.read(process.stderr.fileno(), 65536):
        said += chunk


def wait_until_listening(process: subprocess.Popen[bytes], said: bytearray) -> None:
    """Returns when the port answers: the line on stderr comes before that by a hair."""
    assert process.stderr is not None
    deadline = time.monotonic() + START_LIMIT
    while not (listening := re.search(rb"listens on http://\S*:(\d+)", said)):
        ready, _, _ = select.select([process.stderr], [], [], max(0.0, deadline - time.monotonic()))
        chunk = os.read(process.stderr.fileno(), 65536) if ready else b""
        assert chunk, f"turbo-server did not start: {said.decode()}"
        said += chunk
    port = int(listening[1])
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert time.monotonic() < deadline, "turbo-server does not listen"
            assert process.poll() is None, "turbo-server stopped"
        else:
            return


def turbo_server(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    done = SERVER.run(arguments, environment)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def turbo_server_here(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same in this process, which saves half a second: for what does not depend on being one of its own."""
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        for name in os.environ.keys() - environment.keys():
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        status = run(arguments)
    return subprocess.CompletedProcess(arguments, status, out.getvalue(), err.getvalue())


def clean_environment(home: Path, **extra: str) -> dict[str, str]:
    """Nothing of the developer's own set-up: an empty HOME and no TURBO_ or XDG_ variable. Its log tells all."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "TURBO_LOG_LEVEL": "debug", **extra}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def error_of(answer: httpx.Response) -> dict[str, str]:
    error: dict[str, str] = json.loads(answer.content)["error"]
    return error
