"""`python -m bench [NAME ...]`: takes the figures and holds them to their bars; 1 when one is missed."""

import argparse
import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bench.figure import Figure
from bench.report import add_outputs, publish
from bench.workshop import Workshop

# In the order of the table; each is a module in bench/measurements.
MEASUREMENTS = {
    "client-start": "spawn to initialize and tools/list, against a bare loop, the SDK and mcp-remote",
    "client-memory": "resident memory after a hundred calls",
    "client-calls": "a call through the proxy, against httpx alone and mcp-remote",
    "client-concurrency": "calls in flight beside a slow one",
    "client-exit": "end of stdin to exit",
    "server-start": "spawn to /health, against bare FastAPI with the same drivers",
    "server-memory": "resident memory idle and after many calls",
    "server-calls": "create_issue and list_issues, against hand-written asyncpg",
    "server-writes": "create_issue with its key and event, against the same without both",
    "server-auth": "reads with the look at their key, against the same without",
    "server-status": "get_status on many issues",
    "queue": "thirty-two agents on one queue of a thousand issues",
}


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    if not Path("/proc/self/stat").exists():
        say("The bench reads memory and CPU time from /proc: run it on Linux.")
        return 2
    try:
        figures, notes = _measured(arguments.names or list(MEASUREMENTS), is_quick=arguments.quick)
    except (pytest.skip.Exception, pytest.fail.Exception) as missing:  # as the tests' own Postgres and Node say it
        say(f"The bench cannot run here. {missing}")
        return 2
    return publish(figures, notes, arguments.json, arguments.markdown)


def _measured(names: list[str], *, is_quick: bool) -> tuple[list[Figure], list[str]]:
    figures: list[Figure] = []
    with Workshop(quick=is_quick) as bench:
        for name in (name for name in MEASUREMENTS if name in names):
            say(f"measuring {name} ...")
            module = importlib.import_module(f"bench.measurements.{name.replace('-', '_')}")
            figures += module.measure(bench)
        return figures, bench.notes


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:<20}{summary}" for name, summary in MEASUREMENTS.items())
    parser = argparse.ArgumentParser(
        "python -m bench",
        description="Measures against floors of the same machine, in interleaved rounds of one run.",
        epilog=f"names:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", type=_name, metavar="NAME", help="what to measure; without any, all")
    parser.add_argument("--quick", action="store_true", help="fewer rounds and fewer issues: for a first look")
    add_outputs(parser)
    return parser


def _name(word: str) -> str:
    if word in MEASUREMENTS:
        return word
    raise argparse.ArgumentTypeError(f"there is no measurement {word!r}; there are {', '.join(MEASUREMENTS)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
