"""`stop`: SIGTERM and SIGINT while twenty calls are being worked on: twenty answers, all saved, and a clean exit."""

import argparse
import asyncio
import contextlib
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

from bench.faults.sending import Call, Told, creation, send
from bench.faults.verdict import judge
from bench.faults.writers import CREATE, Write
from bench.process import free_port, http_server
from bench.server import COMMAND, Server, on_postgres, on_sqlite
from bench.workshop import Workshop

CALLS = 20
LIMIT_SECONDS = 20.0
STOPS = (signal.SIGTERM, signal.SIGINT)


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    stops = (signal.SIGKILL,) if arguments.kill else STOPS
    with Workshop(quick=False) as bench:
        fine = [
            _act(bench, kind, make(bench), each)
            for kind, make in (("postgres", on_postgres), ("sqlite", on_sqlite))
            for each in stops
        ]
    if arguments.kill:
        print("OVER: kill -9 cost no answer" if any(fine) else "ok: with kill -9 answers are lost")
        return 1 if any(fine) else 0
    print("ok: every call in flight was answered" if all(fine) else "OVER: not every call in flight was answered")
    return 0 if all(fine) else 1


def _act(bench: Workshop, kind: str, server: Server, stop: signal.Signals) -> bool:
    port = free_port()
    with http_server(COMMAND, server.environment | {"API_PORT": str(port)}, port, bench.log) as child:
        assert send(server, port, Call("create_project", {"key": "RED", "name": "Red"}, "red")).status == 200
        with ThreadPoolExecutor(CALLS) as threads:
            with _everything_waits(server):
                calls = [threads.submit(send, server, port, creation(number)) for number in range(CALLS)]
                _wait_until_arrived(port)
                assert not any(call.done() for call in calls)
                began = time.monotonic()
                child.send_signal(stop)
                time.sleep(0.3)
            told = [call.result() for call in calls]
        child.wait(60)
        took = time.monotonic() - began
    return _judged(server, f"{kind}, {stop.name}", told, (child.returncode, took))


def _wait_until_arrived(port: int) -> None:
    """Until the server has accepted all connections and read all that was sent; none of the calls can end meanwhile."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        ours = [each for each in lines if each[1].endswith(f":{port:04X}") and each[3] == "01"]
        if len(ours) >= CALLS and all(each[4].endswith(":00000000") for each in ours):
            time.sleep(0.2)
            return
        time.sleep(0.01)
    raise TimeoutError("not all calls have arrived")


def _judged(server: Server, what: str, told: list[Told], end: tuple[int, float]) -> bool:
    status, took = end
    answered = [each for each in told if each.status == 200]
    saved = [Write(int(each.result["title"].split()[1]), CREATE, "RED", each.result["key"]) for each in answered]
    verdict = judge(server.database_url, saved)
    print(
        f"{what}: {len(answered)} of {len(told)} answers, exit {status} after {took:.1f} s;"
        f" lost {verdict.lost}, doubled {verdict.doubled}, gaps {verdict.gaps}"
    )
    return len(answered) == CALLS and status == 0 and took < LIMIT_SECONDS and verdict.is_clean


def _everything_waits(server: Server) -> contextlib.AbstractContextManager[None]:
    """No call can end meanwhile: its project's row, or all of the file, is another program's."""
    lock: Callable[[str], contextlib.AbstractContextManager[None]] = (
        _locked_file if server.database_url.startswith("sqlite") else _locked_row
    )
    return lock(server.database_url)


@contextlib.contextmanager
def _locked_file(url: str) -> Iterator[None]:
    with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("begin immediate")
        yield
        other.execute("rollback")


@contextlib.contextmanager
def _locked_row(url: str) -> Iterator[None]:
    with asyncio.Runner() as loop:
        other = loop.run(asyncpg.connect(url))
        loop.run(other.execute("begin; select 1 from projects for update"))
        yield
        loop.run(other.execute("rollback"))
        loop.run(other.close())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.faults stop", description=__doc__)
    parser.add_argument("--kill", action="store_true", help="the control: SIGKILL, which must cost answers")
    return parser
