"""`python -m bench.rollout`: a deployment under load: the next release's migration, two machines replaced one after the
other, and one taken back to the release before.

1 when any attempt was answered with 5xx or a write is lost or doubled; 2 when the migration did not go through.
"""

import argparse
import asyncio
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from bench.faults.processes import killable_postgres
from bench.faults.verdict import Verdict, judge
from bench.postgres import analyze
from bench.rollout.load import PROJECTS, Ledger, Session
from bench.rollout.servers import Machines
from bench.server import Server, with_key
from bench.workshop import Workshop
from tests.postgres import create_database
from tests.releases import CONTRACTS, EXPANDS, next_release, previous_release
from turbo_server.migrations.migrate import migrate

SECONDS, QUICK_SECONDS = 120.0, 20.0
STEPS = 6
SEEDED = 500  # issues in each project


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    seconds = QUICK_SECONDS if arguments.quick else SECONDS
    with Workshop(quick=arguments.quick) as bench, killable_postgres() as postgres:
        before = previous_release(bench.fresh_folder("before"))
        steps = CONTRACTS if arguments.contract else EXPANDS
        coming = next_release(bench.fresh_folder("coming"), steps, change="expand")
        url = create_database(postgres.url, "turbo_rollout")
        migrate(url)
        server = with_key(url, bench.fresh_folder("home"))
        machines = Machines(server, 2, bench.log)
        try:
            machines.start(before)
            ledger, problem = _play(machines, server, (before, coming), arguments.sessions, seconds)
        finally:
            machines.stop()
        verdict = judge(url, ledger.saved)
    return _told(ledger, verdict, problem, seconds, is_control=arguments.contract)


def _play(
    machines: Machines, server: Server, releases: tuple[Path, Path], sessions: int, seconds: float
) -> tuple[Ledger, str]:
    """The load goes on over all steps. Returns what it saw, and why the migration failed."""
    before, coming = releases
    _seed(machines.rotation.ports[0], server)
    ledger, over = Ledger(), threading.Event()
    threads = [Session(each, server.token, machines.rotation, ledger, over) for each in range(1, sessions + 1)]
    for thread in threads:
        thread.start()
    pace = Pace(seconds / STEPS)
    try:
        pace.say(ledger, "two servers of the release before, on its schema")
        took, problem = machines.migrate(coming)
        pace.say(ledger, f"the same on the next release's schema, migrated in {took:.1f} s {problem.strip()}")
        for which in range(2):
            drained = machines.replace(which, coming)
            pace.say(ledger, f"machine {which + 1} replaced, drained in {drained:.1f} s")
        drained = machines.replace(0, before)
        pace.say(ledger, f"machine 1 taken back to the release before, drained in {drained:.1f} s")
        pace.say(ledger, "old and new side by side")
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return ledger, problem


class Pace:
    """Each step has its share of the time, and says what came of it."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._ends = time.monotonic()
        self._seen = 0

    def say(self, ledger: Ledger, what: str) -> None:
        self._ends += self._share
        time.sleep(max(0.0, self._ends - time.monotonic()))
        total = ledger.statuses.total()
        print(
            f"{what}: {total - self._seen:,} requests, 5xx so far {ledger.server_errors}", file=sys.stderr, flush=True
        )
        self._seen = total


def _seed(port: int, server: Server) -> None:
    """Some work to read. Analysed, as a database is that was in use for a minute."""
    headers = {"Authorization": f"Bearer {server.token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/v1/tools/", headers=headers, timeout=30) as http:
        for project in PROJECTS:
            http.post("create_project", json={"key": project, "name": project}).raise_for_status()
            for begin in range(0, SEEDED, 50):
                issues = [
                    {"project": project, "title": f"seed {project} {number}"} for number in range(begin, begin + 50)
                ]
                http.post("create_issues", json={"issues": issues}).raise_for_status()
    asyncio.run(analyze(server.database_url))


def _told(ledger: Ledger, verdict: Verdict, problem: str, seconds: float, *, is_control: bool) -> int:
    print(
        f"{seconds:.0f} s, {ledger.statuses.total():,} requests: {ledger.server_errors} x 5xx,"
        f" {ledger.statuses[0]} connection errors, {ledger.refused} refused, {ledger.gave_up} calls given up;"
        f" p95 {ledger.p95_ms:.0f} ms, longest {max(ledger.seconds) * 1000:.0f} ms"
    )
    print(
        f"{len(ledger.saved):,} issues acknowledged: lost {verdict.lost}, doubled {verdict.doubled},"
        f" gaps {verdict.gaps}, events off {verdict.events_off}, keys without answer {verdict.claims_left}"
    )
    for what, times in ledger.failures.most_common(8):
        print(f"{times} times {what}")
    if problem:
        print("OVER: the migration did not go through")
        return 2
    if is_control:
        print("ok: what takes away breaks the release before" if ledger.server_errors else "OVER: nothing broke")
        return 0 if ledger.server_errors else 1
    fine = not ledger.server_errors and not ledger.refused and not ledger.gave_up and verdict.is_clean
    print("ok: no 5xx, and every write is there once" if fine else "OVER: the deployment was noticed")
    return 0 if fine else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.rollout", description="A rolling deployment under load.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_SECONDS:.0f} seconds in place of {SECONDS:.0f}")
    parser.add_argument("--sessions", type=int, default=8, help="that work meanwhile")
    parser.add_argument("--contract", action="store_true", help="the control: a migration that takes a column away")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
