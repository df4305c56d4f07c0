"""`python -m bench.faults`: thousands of writes while the network breaks and everything is killed.

1 when one is lost or there twice, or when the control run without keys finds nothing doubled; 2 when it cannot end.
"""

import argparse
import contextlib
import importlib
import random
import sys
import time
from collections.abc import Iterator, Sequence

import httpx

from bench.faults.play import POSTGRES, SERVER, Kill, Play, planned
from bench.faults.processes import Servers, killable_postgres
from bench.faults.proxy import FaultProxy, running
from bench.faults.verdict import Verdict, judge
from bench.faults.writers import CREATE, LOG, Ledger, Write, Writers
from bench.process import clean_environment
from bench.server import Server, on_sqlite, with_key
from bench.workshop import Workshop
from tests.postgres import OwnPostgres, create_database
from turbo_server.migrations.migrate import migrate

PROJECTS = ("RED", "BLUE", "GREEN")
LOG_EVERY = 5  # of the writes, one is logged work and the others are issues


OTHERS = ("silence", "full_disk", "stop", "slow_senders", "memory", "mentions")  # each a module, with a main of its own


def main(words: Sequence[str]) -> int:
    name = words[0].replace("-", "_") if words else ""
    if name in OTHERS:
        done: int = importlib.import_module(f"bench.faults.{name}").main(words[1:])
        return done
    arguments = _parser().parse_args(words)
    say(f"seed {arguments.seed}, {arguments.writes:,} writes ...")
    with Workshop(quick=False) as bench, _database(bench, arguments.database) as (server, postgres):
        return _run(arguments, bench, server, postgres)


def _run(arguments: argparse.Namespace, bench: Workshop, server: Server, postgres: OwnPostgres | None) -> int:
    draw = random.Random(arguments.seed)
    ledger = Ledger([_write(number) for number in reversed(range(arguments.writes))])
    kills = planned(draw, SERVER, arguments.kills, arguments.writes)
    if postgres is not None:
        kills += planned(draw, POSTGRES, arguments.kills, arguments.writes)
    started = time.monotonic()
    with Servers(server, arguments.servers, bench.log) as servers:
        _make_projects(servers.ports[0], server)
        proxy = FaultProxy(servers.ports, arguments.seed, arguments.faults, strips_keys=arguments.without_keys)
        with running(proxy):
            size = (arguments.clients, arguments.together)
            writers = Writers(ledger, _client(bench, server, proxy), size, bench.log)
            done = Play(servers, postgres, ledger, writers, draw).run(kills, arguments.minutes * 60)
    took = time.monotonic() - started
    verdict = judge(server.database_url, ledger.saved)
    print(_told(arguments, proxy, ledger, verdict, done, took))
    for said, times in ledger.said.most_common(5):
        print(f"{times} times: {said}")
    if ledger.settled < arguments.writes or len(done) < len(kills):
        say("\n".join(["The run did not come to its end.", *writers.failures]))
        return 2
    return _judged(verdict, ledger, without_keys=arguments.without_keys)


@contextlib.contextmanager
def _database(bench: Workshop, kind: str) -> Iterator[tuple[Server, OwnPostgres | None]]:
    if kind == "sqlite":
        yield on_sqlite(bench), None
        return
    with killable_postgres() as postgres:
        url = create_database(postgres.url, "turbo_faults")
        migrate(url)
        yield with_key(url, bench.fresh_folder("home")), postgres


def _write(number: int) -> Write:
    return Write(number, LOG if number % LOG_EVERY == 0 else CREATE, PROJECTS[number % len(PROJECTS)])


def _make_projects(port: int, server: Server) -> None:
    for project in PROJECTS:
        url = f"http://127.0.0.1:{port}/v1/tools/create_project"
        headers = {"Authorization": f"Bearer {server.token}"}
        httpx.post(url, json={"key": project, "name": project}, headers=headers, timeout=30).raise_for_status()


def _client(bench: Workshop, server: Server, proxy: FaultProxy) -> dict[str, str]:
    ours = {"TURBO_API_URL": f"http://127.0.0.1:{proxy.port}", "TURBO_API_KEY": server.token}
    return clean_environment(bench.fresh_folder("client")) | ours


def _told(
    arguments: argparse.Namespace,
    proxy: FaultProxy,
    ledger: Ledger,
    verdict: Verdict,
    kills: list[Kill],
    took: float,
) -> str:
    killed = ", ".join(f"{whom} {sum(kill.whom == whom for kill in kills)} times" for whom in (SERVER, POSTGRES))
    faults = ", ".join(f"{fault} {times}" for fault, times in sorted(proxy.given.items()))
    keys = "without keys (the control)" if arguments.without_keys else "with keys"
    return f"""\
{arguments.writes:,} writes {keys}, {arguments.database}, {arguments.clients} turbo-clients with {arguments.together} \
calls each, {arguments.servers} turbo-server, seed {arguments.seed}, {took:.0f} s
killed with -9: {killed}
faults on {sum(proxy.given.values()):,} of {proxy.requests:,} requests: {faults}
answers: {len(ledger.saved):,} saved, {len(ledger.unknown)} unknown, {ledger.called_again} surely not saved and \
called again; {proxy.replayed:,} were replays
lost {verdict.lost}, under another's number {verdict.elsewhere}, doubled {verdict.doubled}, gaps in the numbers \
{verdict.gaps}, events off {verdict.events_off}, keys without answer {verdict.claims_left}"""


def _judged(verdict: Verdict, ledger: Ledger, *, without_keys: bool) -> int:
    if without_keys:
        print("ok: without keys there are duplicates" if verdict.doubled else "OVER: the faults doubled nothing")
        return 0 if verdict.doubled else 1
    fine = verdict.is_clean and not ledger.unknown
    print("ok: every write is there once" if fine else "OVER: not every write is there once and acknowledged")
    return 0 if fine else 1


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m bench.faults",
        description="Writes through a proxy that breaks requests, while servers and database are killed with -9.",
    )
    parser.add_argument("--writes", type=int, default=10_000)
    parser.add_argument("--servers", type=int, default=1, help="turbo-server processes on the one database")
    parser.add_argument("--clients", type=int, default=4, help="turbo-client processes")
    parser.add_argument("--together", type=int, default=12, help="calls in flight in each client")
    parser.add_argument("--kills", type=int, default=6, help="of the server, and as many of Postgres")
    parser.add_argument("--faults", type=float, default=0.1, metavar="SHARE", help="of the requests that meet one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=20, help="after which the run is ended, and has failed")
    parser.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--without-keys", action="store_true", help="the control: the servers see no Idempotency-Key")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
