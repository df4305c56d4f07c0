"""Child processes: started with an environment of their own, measured through /proc, ended by us alone."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

PROGRAMS = Path(sys.executable).parent  # where both packages' commands are installed
FLOORS = Path(__file__).parent / "floors"
START_LIMIT_SECONDS = 60.0
STOP_LIMIT_SECONDS = 30.0
_SCHEDULED = 2  # in the clock id of another process: what clock_getcpuclockid(3) gives, which Python does not offer
_POLL_SECONDS = 0.001
_HEALTH = b"GET /health HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"

Command = Sequence[str | Path]


class DidNotStart(Exception):
    """A child that should be measured does not answer: the text tells what it said on stderr."""


def spawn(command: Command, environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as errors:
        return subprocess.Popen(
            [str(word) for word in command],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
        )


def stop(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()
    child.terminate()
    try:
        child.wait(STOP_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def clean_environment(home: Path) -> dict[str, str]:
    """This one without anything that configures what is measured, and with a home of its own."""
    foreign = ("TURBO_", "XDG_", "PYTHON", "CLAUDE", "PG", "DATABASE_URL", "API_", "HTTP_PROXY", "HTTPS_PROXY")
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(foreign)}
    return kept | {"HOME": str(home)}


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextlib.contextmanager
def http_server(
    command: Command, environment: Mapping[str, str], port: int, log: Path, *, is_secure: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers /health by the time it is yielded; one that speaks TLS accepts connections by then."""
    child = spawn(command, environment, log)
    try:
        wait_for(child, log, lambda: _accepts(port) if is_secure else is_healthy(port))
        yield child
    finally:
        stop(child)


def wait_for(child: subprocess.Popen[bytes], log: Path, condition: Callable[[], bool]) -> None:
    """Returns as soon as it holds. Raises DidNotStart."""
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        if condition():
            return
        time.sleep(_POLL_SECONDS)
    raise DidNotStart(f"{child.args!r} does not answer:\n{log.read_text(errors='replace')}")


def is_healthy(port: int) -> bool:
    """Whether /health answers 200."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(_HEALTH)
        return connection.recv(4096).startswith(b"HTTP/1.1 200")
    return False


def _accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def resident_mib(pid: int) -> float:
    return _memory(pid, "VmRSS")


def peak_mib(pid: int) -> float:
    """The most it has had so far; 0 for one that has just ended. Unlike what wait4 tells, without its parent's part."""
    return _memory(pid, "VmHWM")


def _memory(pid: int, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(f"{name}:")), 0.0)


def cpu_seconds(pid: int) -> float:
    """User and system time so far of all its threads, in nanoseconds where /proc only knows ticks of 10 ms."""
    return time.clock_gettime(~pid << 3 | _SCHEDULED)
