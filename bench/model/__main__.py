"""`python -m bench.model`: random steps of issues, links, claims and undo, on the server and on a model of it.

1 when they differ; with --control 1 when a planted fault is not found.
"""

import argparse
import sys
import time
from collections.abc import Sequence

from bench.model.faults import FAULTS, broken
from bench.model.run import Outcome, play
from bench.workshop import Workshop
from turbo_server.migrations.migrate import migrate


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    databases = ("sqlite", "postgres") if arguments.database == "both" else (arguments.database,)
    with Workshop(quick=False) as bench:
        if arguments.control:
            return max(_control(arguments, _url(bench, kind), kind) for kind in databases)
        return max(_compare(arguments, _url(bench, kind), kind) for kind in databases)


def _url(bench: Workshop, kind: str) -> str:
    if kind == "postgres":
        return bench.postgres.database()
    url = f"sqlite:///{bench.fresh_folder('sqlite') / 'turbo.db'}"
    migrate(url)
    return url


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
