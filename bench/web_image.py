"""`python -m bench.web_image`: what the image of turbo-web costs. How soon it answers a page, and what it holds idle.

The image is built as its test builds it, and its own command runs in its own files, as its own user, by chroot: what a
tool for containers needs for a start is not counted. It needs root and buildah: without them it ends with 2.
"""

import argparse
import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bench.cgroup import CpuGroup, NoCgroup
from bench.figure import Figure, below
from bench.process import Command, free_port, resident_mib, spawn, stop, wait_for
from bench.report import add_outputs, publish
from bench.rounds import interleaved, median, paired_ratio
from bench.workshop import Workshop
from tests.hosting import web_image
from tests.hosting.image_process import Container, of_image

ROUNDS, SLOW_ROUNDS = 12, 3
START_MS, IDLE_MIB = 1000, 30
SHARE = 0.0625  # of a processor: Fly's shared one, its burst used up
REQUESTS, QUICK_REQUESTS = 10_000, 1_000
CONNECTIONS = 16
BARE = "bare nginx"
PROGRAMS = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
BARE_CONFIG = (
    "daemon off; worker_processes 1; pid /tmp/bare.pid; events {} http { access_log off; client_body_temp_path /tmp/b;"
    " proxy_temp_path /tmp/p; fastcgi_temp_path /tmp/f; scgi_temp_path /tmp/s; uwsgi_temp_path /tmp/u;"
    " server { listen 127.0.0.1:PORT; return 200; } }"
)
Prepare = Callable[[Command], Command]


def measure(bench: Workshop) -> list[Figure]:
    with web_image.image() as built, of_image(web_image.IMAGES, built) as box:
        bench.note(
            "turbo-web: the image's command, files and user, by chroot; PSS: each shared page counted by its share"
        )
        return [*_starts(bench, box), *_slow_starts(bench, box), *_memory(bench, box)]


def _starts(bench: Workshop, box: Container) -> list[Figure]:
    commands: dict[str, Callable[[int], Command]] = {
        "ours": lambda _port: _inside(box, *box.config["Cmd"]),
        BARE: partial(_bare, box),
    }
    starts: dict[str, Callable[[], float]] = {
        name: partial(_start_ms, bench, command) for name, command in commands.items()
    }
    for start in starts.values():
        start()
    times = interleaved(bench.rounds(ROUNDS), starts)
    name = "turbo-web: spawn to its first page"
    ratio = paired_ratio(times["ours"], times[BARE])
    figure = Figure(name, "ms", median(times["ours"]), median(times[BARE]), BARE, ratio, below(START_MS))
    return [figure, Figure("turbo-web: the slowest of those", "ms", max(times["ours"]), bar=below(START_MS))]


def _slow_starts(bench: Workshop, box: Container) -> list[Figure]:
    try:
        with CpuGroup(SHARE) as group:
            command = group.command(_inside(box, *box.config["Cmd"]))
            times = [_start_ms(bench, lambda _port: command) for _ in range(bench.rounds(SLOW_ROUNDS))]
    except NoCgroup as missing:
        bench.note(str(missing))
        return []
    name = f"turbo-web: spawn to its first page, {SHARE:.2%} of a processor"
    return [Figure(name, "ms", median(times), bar=below(START_MS))]


def _memory(bench: Workshop, box: Container) -> list[Figure]:
    asked = QUICK_REQUESTS if bench.quick else REQUESTS
    port = free_port()
    with _running(bench, _inside(box, *box.config["Cmd"]), port) as child:
        idle, resident = _pss_mib(child.pid), sum(map(resident_mib, _processes(child.pid)))
        _ask(port, asked)
        worked = _pss_mib(child.pid)
    return [
        Figure("turbo-web: PSS idle, all its processes", "MiB", idle, bar=below(IDLE_MIB)),
        Figure("turbo-web: RSS idle, all its processes", "MiB", resident, bar=below(IDLE_MIB)),
        Figure(f"turbo-web: PSS after {asked:,} pages", "MiB", worked, bar=below(IDLE_MIB)),
    ]


def _ask(port: int, times: int) -> None:
    """Pages, and one that is not there."""
    paths = ("/", "/board", "/WEB-12", "/nowhere")
    connections = [HTTPConnection("127.0.0.1", port, timeout=5) for _ in range(CONNECTIONS)]
    for number in range(times):
        connection = connections[number % CONNECTIONS]
        connection.request("GET", paths[number % len(paths)], headers={"Accept": "text/html", "Accept-Encoding": "br"})
        connection.getresponse().read()
    for connection in connections:
        connection.close()


def _inside(box: Container, *words: str) -> Command:
    user, group = box.user
    return ["chroot", f"--userspec={user}:{group}", box.root, *words]


def _bare(box: Container, port: int) -> Command:
    config = box.root / "tmp" / "bare.conf"
    config.write_text(BARE_CONFIG.replace("PORT", str(port)))
    return _inside(box, "nginx", "-e", "stderr", "-c", "/tmp/bare.conf")  # noqa: S108 - the container's own


def _start_ms(bench: Workshop, command: Callable[[int], Command]) -> float:
    port = free_port()
    words = command(port)
    began = time.perf_counter()
    with _running(bench, words, port):
        return (time.perf_counter() - began) * 1000


@contextlib.contextmanager
def _running(bench: Workshop, command: Command, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """One that has answered a page by the time it is yielded."""
    child = spawn(command, _environment(port), bench.log)
    try:
        wait_for(child, bench.log, lambda: _answers(port))
        yield child
    finally:
        stop(child)


def _environment(port: int) -> Mapping[str, str]:
    settings = {"TURBO_API_URL": "http://127.0.0.1:9", "WEB_HOST": "127.0.0.1", "WEB_PORT": str(port)}
    return {**PROGRAMS, **settings}


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
        return connection.recv(4096).startswith(b"HTTP/1.1 200")
    return False


def _processes(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _processes(int(child)))]


def _pss_mib(pid: int) -> float:
    told = [Path(f"/proc/{each}/smaps_rollup").read_text() for each in _processes(pid)]
    return sum(int(line.split()[1]) for text in told for line in text.splitlines() if line.startswith("Pss:")) / 1024


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser("python -m bench.web_image", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a quarter of the rounds: for a first look")
    add_outputs(parser)
    arguments = parser.parse_args(words)
    try:
        with Workshop(quick=arguments.quick) as bench:
            return publish(measure(bench), bench.notes, arguments.json, arguments.markdown)
    except pytest.skip.Exception as missing:
        print(missing, file=sys.stderr)
        return 2


if __name__ == "__main__":
    os.environ.pop("CI", None)  # what is missing is told, and is no failure of a test
    sys.exit(main(sys.argv[1:]))
