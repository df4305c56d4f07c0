"""`full-disk`: writes while the disk of the database fills up, on Postgres and on SQLite, each on a small tmpfs.

No write is acknowledged that is not there; what was acknowledged is all there afterwards; the database is whole; and
when space is freed, the same calls with the same keys are done. Needs root, for the tmpfs.
"""

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import asyncpg

from bench.faults.sending import Call, Told, creation, send
from bench.faults.verdict import Verdict, judge
from bench.faults.writers import CREATE, Write
from bench.postgres import DURABLE
from bench.process import FLOORS, Command, free_port, http_server
from bench.server import COMMAND, Server, with_key
from bench.workshop import Workshop
from tests import postgres
from tests.postgres import OwnPostgres, create_database, find_programs, own_postgres
from turbo_server.migrations.migrate import migrate

TOGETHER = 8
TEXT_BYTES = 6000
REFUSED_ENOUGH = 200  # calls that met the full disk
SECONDS = 120.0
MIB = 1024 * 1024
SMALL = {"min_wal_size": "2MB", "max_wal_size": "8MB", "shared_buffers": "8MB"}


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    if os.geteuid() != 0:
        print("This proof mounts a tmpfs: run it as root.", file=sys.stderr)
        return 2
    command: Command = (sys.executable, FLOORS / "false_success.py") if arguments.false_success else COMMAND
    kinds = (arguments.database,) if arguments.database else ("postgres", "sqlite")
    fine = []
    for kind in kinds:
        with Workshop(quick=False) as bench, DISKS[kind](bench) as disk:
            fine.append(Proof(disk, command, bench, arguments.seed).run(kind))
    if arguments.false_success:
        print("OVER: false successes were not found" if any(fine) else "ok: false successes are found")
        return 1 if any(fine) else 0
    print("ok: nothing acknowledged is missing" if all(fine) else "OVER: a full disk cost more than its calls")
    return 0 if all(fine) else 1


@dataclass
class Disk:
    """A small disk with a database on it, and ballast that leaves it little room."""

    folder: Path
    server: Server
    postgres: OwnPostgres | None = None

    @property
    def ballast(self) -> Path:
        return self.folder / "ballast"

    @property
    def free_mib(self) -> float:
        room = os.statvfs(self.folder)
        return room.f_bavail * room.f_frsize / MIB

    def fill(self, but_mib: float) -> None:
        with self.ballast.open("wb") as ballast:
            os.posix_fallocate(ballast.fileno(), 0, int((self.free_mib - but_mib) * MIB))

    def make_room(self) -> str:
        """Frees what the ballast took; a Postgres that could not go on without is started, as its keeper would."""
        self.ballast.unlink()
        if self.postgres is None or self.postgres.process.poll() is None:
            return "went on"
        self.postgres.start()
        return "had ended and was started again"

    def is_whole(self) -> bool:
        """Every page is read, and every index made anew or compared."""
        if self.postgres is None:
            with contextlib.closing(sqlite3.connect(self.server.database_url.removeprefix("sqlite:///"))) as db:
                return bool(db.execute("pragma integrity_check").fetchone()[0] == "ok")
        return asyncio.run(_reindexed(self.server.database_url))


async def _reindexed(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        name = await connection.fetchval("select current_database()")
        await connection.execute(f"reindex database {name}")
    finally:
        await connection.close()
    return True


@dataclass
class Proof:
    disk: Disk
    command: Command
    bench: Workshop
    seed: int
    told: list[Told] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(100_000)))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, kind: str) -> bool:
        port = free_port()
        server = self.disk.server
        with http_server(self.command, server.environment | {"API_PORT": str(port)}, port, self.bench.log):
            made = send(server, port, Call("create_project", {"key": "RED", "name": "Red"}, "red"))
            assert made.status == 200, made
            self.disk.fill(but_mib=4)
            self._write(port)
            left = self.disk.free_mib
            postgres = self.disk.make_room()
            again, took = self._settle(port)
        saved = [*self.told, *again]
        verdict = judge(server.database_url, _acknowledged(saved))
        print(_report(kind, self.seed, self.told, left))
        print(f"space freed: the database {postgres}; {len(again)} refused calls were done {took:.1f} s later")
        return self._judged(verdict, again)

    def _write(self, port: int) -> None:
        deadline = time.monotonic() + SECONDS
        threads = [threading.Thread(target=self._writer, args=(port, deadline, each)) for each in range(TOGETHER)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _writer(self, port: int, deadline: float, which: int) -> None:
        draw = random.Random(self.seed * 100 + which)
        while time.monotonic() < deadline and len(_refused(self.told)) < REFUSED_ENOUGH:
            with self._lock:
                number = next(self._numbers)
            told = send(self.disk.server, port, creation(number, description=draw.randbytes(TEXT_BYTES // 2).hex()))
            with self._lock:
                self.told.append(told)

    def _settle(self, port: int) -> tuple[list[Told], float]:
        """What was refused, sent again with its own key until it is done."""
        began = time.monotonic()
        again = []
        for refused in _refused(self.told):
            told = send(self.disk.server, port, refused.call)
            while told.status != 200 and time.monotonic() < began + 60:
                time.sleep(0.2)
                told = send(self.disk.server, port, refused.call)
            again.append(told)
        return again, time.monotonic() - began

    def _judged(self, verdict: Verdict, again: list[Told]) -> bool:
        refused = _refused(self.told)
        whole = self.disk.is_whole()
        print(
            f"lost {verdict.lost}, doubled {verdict.doubled}, gaps in the numbers {verdict.gaps}, events off"
            f" {verdict.events_off}; the database is {'whole' if whole else 'DAMAGED'}"
        )
        told_so = any(each.code == "database_full" for each in refused)
        honest = all(each.status == 503 for each in refused)
        return (
            whole and verdict.is_clean and honest and told_so and len(refused) >= REFUSED_ENOUGH
            and all(each.status == 200 for each in again)
        )  # fmt: skip


def _refused(told: list[Told]) -> list[Told]:
    return [each for each in told if each.status != 200]


def _acknowledged(told: list[Told]) -> list[Write]:
    return [
        Write(int(each.call.arguments["title"].split()[1]), CREATE, "RED", each.result["key"])
        for each in told
        if each.status == 200
    ]


def _report(kind: str, seed: int, told: list[Told], left: float) -> str:
    codes = Counter(f"{each.status} {each.code}" for each in _refused(told))
    refusals = ", ".join(f"{times} times {code}" for code, times in codes.most_common())
    good = len(told) - codes.total()
    return f"{kind}, seed {seed}: {good} writes saved until {left:.1f} MiB were free; then {refusals or 'nothing'}"


@contextlib.contextmanager
def _tmpfs(folder: Path, size_mib: int) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mib}m", "turbo-bench", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextlib.contextmanager
def _postgres_disk(bench: Workshop) -> Iterator[Disk]:
    programs = find_programs()
    if programs is None:
        raise SystemExit("No Postgres programs are found on this machine: `.ci/setup --tests` provides them.")
    with contextlib.ExitStack() as stack:
        places: list[Path] = []

        def mount(folder: Path) -> None:
            stack.callback(shutil.rmtree, folder.parent, ignore_errors=True)  # what a mounted folder kept from going
            places.append(stack.enter_context(_tmpfs(folder, 160)))

        with patch.dict(postgres.SETTINGS, DURABLE | SMALL), own_postgres(programs, mount, "--wal-segsize=1") as own:
            url = create_database(own.url, "turbo_disk")
            migrate(url)
            yield Disk(places[0], with_key(url, bench.fresh_folder("home")), own)


@contextlib.contextmanager
def _sqlite_disk(bench: Workshop) -> Iterator[Disk]:
    with _tmpfs(bench.fresh_folder("disk"), 16) as folder:
        yield Disk(folder, with_key(f"sqlite:///{folder / 'turbo.db'}", bench.fresh_folder("home")))


DISKS = {"postgres": _postgres_disk, "sqlite": _sqlite_disk}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.faults full-disk", description=__doc__)
    parser.add_argument("--database", choices=tuple(DISKS), help="only that one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--false-success", action="store_true", help="the control: a server that acknowledges unsaved")
    return parser
