"""`python -m bench.model`: random steps of issues, links, claims and undo, on the server and on a model of it.

1 when they differ; with --control 1 when a planted fault is not found.
"""

import argparse
import contextlib
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence

from bench.model.faults import FAULTS, broken
from bench.model.run import Outcome, play
from tests.postgres import create_database, postgres_server
from turbo_server.migrations.migrate import migrate


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    databases = ("sqlite", "postgres") if arguments.database == "both" else (arguments.database,)
    play_on = _control if arguments.control else _compare
    status = 0
    for kind in databases:
        with _database(kind) as url:
            status = max(status, play_on(arguments, url, kind))
    return status


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="turbo-model-") as folder, contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/turbo.db"
        if kind == "postgres":
            url = create_database(stack.enter_context(postgres_server()), "turbo_model")
        migrate(url)
        yield url


def _compare(arguments: argparse.Namespace, url: str, kind: str) -> int:
    started = time.monotonic()
    outcome = play(url, arguments.steps, arguments.seed)
    print(_told(outcome, kind, arguments.seed, time.monotonic() - started))
    print(outcome.difference or "ok: no difference")
    return 1 if outcome.difference else 0


def _control(arguments: argparse.Namespace, url: str, kind: str) -> int:
    overlooked = 0
    for name in FAULTS:
        with broken(name):
            outcome = play(url, arguments.steps, arguments.seed, shrinks=False)
        found = f"found after {outcome.steps:,} steps" if outcome.difference else "NOT FOUND"
        print(f"{kind}: {name}: {found}", flush=True)
        overlooked += outcome.difference is None
    print(f"OVER: {overlooked} not found" if overlooked else f"ok: all {len(FAULTS)} planted faults found")
    return 1 if overlooked else 0


def _told(outcome: Outcome, kind: str, seed: int, took: float) -> str:
    counts = [", ".join(f"{name} {count:,}" for name, count in sorted(each.items()))
              for each in (outcome.done, outcome.refused)]  # fmt: skip
    return (
        f"{kind}, seed {seed}: {outcome.steps:,} steps in {outcome.runs} runs, {took:.0f} s\n"
        f"steps: {counts[0]}\nrefused by both: {counts[1]}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.model", description="Plays random steps against a plain model.")
    parser.add_argument("--steps", type=int, default=10_000, help="on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--control", action="store_true", help="break the server in one place after another")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
