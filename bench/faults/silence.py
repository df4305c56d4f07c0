"""`silence`: the line to Postgres goes silent, Postgres is stopped for a minute, the server is stopped and resumed.

Each time the next call has to succeed within 12 seconds, and in the end no connection and no call is left.
"""

import argparse
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from bench.faults.processes import family_of, killable_postgres
from bench.faults.sending import Call, Told, creation, send, send_together, slowest
from bench.process import FLOORS, Command, free_port, http_server, stop
from bench.server import COMMAND, Server, with_key
from bench.workshop import Workshop
from tests.postgres import OwnPostgres, create_database
from tests.relay import Relay, relayed
from turbo_server.kit.patience import OF_CALLS
from turbo_server.migrations.migrate import migrate

LIMIT_SECONDS = 12.0
TOGETHER = 20


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    command: Command = (sys.executable, FLOORS / "without_patience.py") if arguments.without_patience else COMMAND
    with Workshop(quick=False) as bench, killable_postgres() as postgres:
        url = create_database(postgres.url, "turbo_silence")
        migrate(url)
        with relayed(url) as (relay, through):
            server = with_key(through, bench.fresh_folder("home"))
            port = free_port()
            environment = server.environment | {"API_PORT": str(port)}
            with http_server(command, environment, port, bench.log) as child:
                scene = Scene(server, port, relay, postgres, child.pid)
                fine = [each() for each in scene.acts(arguments.seconds)]
                if not arguments.without_patience:
                    fine.append(scene.drains())
                began = time.monotonic()
                stop(child)
                print(
                    f"the server ended {time.monotonic() - began:.1f} s after SIGTERM, with status {child.returncode}"
                )
                fine.append(child.returncode == 0 or arguments.without_patience)
    return _judged(fine, is_control=arguments.without_patience)


def _judged(fine: list[bool], *, is_control: bool) -> int:
    if is_control:
        print("OVER: without patience all went well" if all(fine) else "ok: without patience the next call fails")
        return 1 if all(fine) else 0
    print("ok: each next call succeeded in time" if all(fine) else "OVER: not each next call succeeded in time")
    return 0 if all(fine) else 1


class Scene:
    def __init__(self, server: Server, port: int, relay: Relay, postgres: OwnPostgres, server_pid: int) -> None:
        self._server, self._port, self._relay = server, port, relay
        self._postgres, self._server_pid = postgres, server_pid
        self._number = 0
        made = send(server, port, Call("create_project", {"key": "RED", "name": "Red"}, "red"))
        assert made.status == 200, made

    def acts(self, seconds: float) -> list[Callable[[], bool]]:
        return [
            lambda: self._act("the line went silent", self._silent_line),
            lambda: self._act(f"Postgres was stopped for {seconds:g} s", lambda: self._stopped_postgres(seconds)),
            lambda: self._act(f"the server was stopped for {seconds:g} s", lambda: self._resumed_server(seconds)),
        ]

    def drains(self) -> bool:
        """The pool lets go of what nobody uses."""
        deadline = time.monotonic() + OF_CALLS.idle + 5
        while self._relay.lines and time.monotonic() < deadline:
            time.sleep(0.1)
        print(f"connections left after {OF_CALLS.idle:g} idle seconds: {self._relay.lines}")
        return self._relay.lines == 0

    def _act(self, what: str, happen: Callable[[], None]) -> bool:
        self._all()  # so that the pool is full of connections
        there = self._relay.lines
        happen()
        told = send(self._server, self._port, self._next())
        others = self._all()
        good = sum(each.status == 200 for each in others)
        print(
            f"{what}, {there} connections in the pool: the next call {told.status} {told.code} in {told.seconds:.2f} s;"
            f" then {good} of {TOGETHER} at once, the slowest in {slowest(others):.2f} s"
        )
        return told.status == 200 and told.seconds < LIMIT_SECONDS and good == TOGETHER

    def _all(self) -> list[Told]:
        return send_together(self._server, self._port, [self._next() for _ in range(TOGETHER)])

    def _next(self) -> Call:
        self._number += 1
        return creation(self._number)

    def _silent_line(self) -> None:
        self._relay.silence()

    def _stopped_postgres(self, seconds: float) -> None:
        with _stopped(family_of(self._postgres.process.pid)):
            meanwhile = send(self._server, self._port, self._next())
            time.sleep(max(0.0, seconds - meanwhile.seconds))
        print(f"while it was stopped: {meanwhile.status} {meanwhile.code} after {meanwhile.seconds:.2f} s")

    def _resumed_server(self, seconds: float) -> None:
        """As a machine that sleeps: when it wakes, its connections lead nowhere."""
        with _stopped([self._server_pid]):
            time.sleep(seconds)
            self._relay.silence()


@contextlib.contextmanager
def _stopped(pids: list[int]) -> Iterator[None]:
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(pids):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.faults silence", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for which Postgres, and then the server, is stopped")
    parser.add_argument("--without-patience", action="store_true", help="the control: a server that waits for ever")
    return parser
