"""Runs our programs as processes of their own, without the half second that Python takes to import each of them.

A process that has imported what a program needs, and has done nothing else, forks for each run. Whatever depends on how
a program begins, or on what Python itself is told, starts it the long way.
"""

import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests import canaries

_MOST = 200_000  # bytes of one request
# Forks twice for each request: one runs the program to Python's own end, the other waits and tells how it ended.
_PARENT = f"""
import contextlib, gc, importlib, json, os, signal, socket, sys
module, imports, control = sys.argv[1], sys.argv[2].split(), socket.socket(fileno=int(sys.argv[3]))
for each in imports:
    with contextlib.suppress(ImportError):  # on other systems other keyrings
        importlib.import_module(each)
gc.collect()
gc.freeze()

def asked():
    while True:
        said, handles, _, _ = socket.recv_fds(control, {_MOST}, 4)
        if not said:
            os._exit(0)
        if not os.fork():
            break
        for each in handles:
            os.close(each)
    control.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    program = os.fork()
    if program:
        answer = socket.socket(fileno=handles.pop())
        for each in (*handles, 0, 1, 2):
            os.close(each)
        answer.send(b"%d " % program)
        _, status = os.waitpid(program, 0)
        answer.send(b"%d" % os.waitstatus_to_exitcode(status))
        os._exit(0)
    os.close(handles.pop())
    for number, each in enumerate(handles):
        os.dup2(each, number)
        os.close(each)
    return json.loads(said)

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
request = asked()
os.chdir(request["folder"])
os.environ.clear()
os.environ.update(request["environment"])
sys.argv = request["words"]
sys.exit(importlib.import_module(module).main())
"""


@dataclass
class Program:
    """`module` has a main(). `told`: what Python itself is told by its environment, and every run with it."""

    command: tuple[str, ...]
    module: str
    imports: tuple[str, ...]
    told: dict[str, str]

    def __post_init__(self) -> None:
        self._control: socket.socket | None = None
        self._starting = threading.Lock()

    def run(
        self, words: Sequence[str], environment: dict[str, str], *, folder: Path | None = None, said: bytes = b"",
        seconds: float = 60,
    ) -> subprocess.CompletedProcess[bytes]:  # fmt: skip
        """`said`: on its stdin."""
        if {name: value for name, value in environment.items() if name.startswith("PYTHON")} != self.told:
            return subprocess.run(
                [*self.command, *words], env=environment, cwd=folder, input=said, capture_output=True, timeout=seconds,
                check=False,
            )  # fmt: skip
        with contextlib.ExitStack() as opened:
            files = [opened.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            files[0].write(said)
            request = {
                "words": [*self.command[-1:], *words],
                "environment": environment,
                "folder": str(folder or Path()),
            }
            for each in files:
                each.seek(0)
            status = self._ended(json.dumps(request).encode(), files, seconds)
            for each in files:
                each.seek(0)
            done = subprocess.CompletedProcess([*self.command, *words], status, files[1].read(), files[2].read())
        canaries.look(" ".join(words), "in the arguments of a program")
        canaries.look(done.stderr, f"on stderr of {' '.join(words)[:80]}")
        if self is CLIENT:  # the server shows new keys on stdout
            canaries.look(done.stdout, f"on stdout of {' '.join(words)[:80]}")
        return done

    def _ended(self, request: bytes, files: Sequence[IO[bytes]], seconds: float) -> int:
        """The exit code."""
        ours, its = socket.socketpair()
        with ours:
            ours.settimeout(seconds)
            with its:
                socket.send_fds(self._parent(), [request], [*(each.fileno() for each in files), its.fileno()])
            answer = b""
            try:
                while more := ours.recv(100):
                    answer += more
            except TimeoutError:
                if answer:
                    os.kill(int(answer.split()[0]), signal.SIGKILL)
                raise subprocess.TimeoutExpired(self.command, seconds) from None
        return int(answer.split()[1])

    def _parent(self) -> socket.socket:
        with self._starting:
            if self._control is None:
                self._control, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                handle = its.fileno()
                words = [sys.executable, "-c", _PARENT, self.module, " ".join(self.imports), str(handle)]
                kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
                process = subprocess.Popen(words, env=kept | self.told, pass_fds=[handle])
                its.close()
                atexit.register(process.wait)
                atexit.register(self._control.close)
            return self._control


CLIENT = Program(
    (str(Path(sys.executable).with_name("turbo-client")),),
    "turbo_client.__main__",
    ("httpx", "argparse", "turbo_client.cli", "turbo_client.account", "keyring", "keyring.backends.SecretService"),
    {"PYTHONUTF8": "1"},
)
SERVER = Program(
    (sys.executable, "-m", "turbo_server"),
    "turbo_server.__main__",
    ("turbo_server.catalogue", "turbo_server.cli", "turbo_server.migrations.migrate", "alembic.command"),
    {},
)
