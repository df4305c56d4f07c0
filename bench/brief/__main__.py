"""`python -m bench.brief`: what is in a brief, and how long one takes; 1 when a bar is missed.

Quality: 30 questions over the sample project, with the keys that a person would want. Speed: over ten thousand issues
on Postgres, and the statements that a brief takes there and over a hundred.
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Iterator, Sequence

from bench.brief import project, quality, speed
from bench.brief.quality import FIRST, Judged
from bench.figure import Bar, Figure, below
from bench.report import add_outputs, publish
from bench.workshop import Workshop
from tests.postgres import create_database, postgres_server
from tests.server.harness import Turbo
from turbo_server.migrations.migrate import migrate

ENOUGH = 27
MOST_MS = 100.0


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    figures: list[Figure] = []
    notes: list[str] = []
    if arguments.part in ("quality", "both"):
        for kind in ("sqlite", "postgres"):
            figures += _quality(kind)
    if arguments.part in ("speed", "both"):
        with Workshop(quick=arguments.quick) as bench:
            figures += _speed(bench)
            notes += bench.notes
    return publish(figures, notes, arguments.json, arguments.markdown)


def _quality(kind: str) -> list[Figure]:
    with _filled(kind) as turbo:
        asked = project.questions()
        judged = quality.judge(turbo, asked)
        with quality.newest_instead():
            control = quality.judge(turbo, asked)
    _print(kind, judged, control)
    complete, weak = _complete(judged), _complete(control)
    at_hand = sum(each.is_at_hand for each in judged)
    shown = sum(len(each.shown) for each in judged) / len(judged)
    return [
        Figure(f"{kind}: all wanted keys in the brief, of {len(judged)} questions", "questions", complete, weak,
               "newest items instead", None, Bar("ours", "at least", ENOUGH)),
        Figure(f"{kind}: all wanted keys among its first {FIRST}", "questions", at_hand),
        Figure(f"{kind}: items in a brief, of {len(project.keys())}", "items", shown),
    ]  # fmt: skip


def _complete(judged: Sequence[Judged]) -> int:
    return sum(not each.missing for each in judged)


def _print(kind: str, judged: Sequence[Judged], control: Sequence[Judged]) -> None:
    for name, each in (("by relevance", judged), ("control, newest instead", control)):
        print(f"{kind}, {name}: {_complete(each)} of {len(each)}")
        for miss in (one for one in each if one.missing):
            print(f"  MISS {', '.join(miss.missing)}: {miss.ask}")


@contextlib.contextmanager
def _filled(kind: str) -> Iterator[Turbo]:
    """The sample project in a database of its own."""
    with tempfile.TemporaryDirectory(prefix="turbo-brief-") as folder, contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder}/turbo.db"
        if kind == "postgres":
            url = create_database(stack.enter_context(postgres_server()), "turbo_brief")
        migrate(url)
        clock = project.Clock()
        turbo = stack.enter_context(Turbo(url, clock))
        project.fill(turbo, clock)
        yield turbo


def _speed(bench: Workshop) -> list[Figure]:
    few, many = speed.measure(bench, 100), speed.measure(bench, 10_000)
    return [
        Figure("Postgres, 10,000 issues: a brief, p50", "ms", many.p50_ms, few.p50_ms, "on 100", None, below(MOST_MS)),
        Figure("Postgres, 10,000 issues: a brief, p95", "ms", many.p95_ms, few.p95_ms, "on 100"),
        Figure("Postgres, 10,000 issues: its statements, most of any question", "statements", many.statements,
               few.statements, "on 100", many.statements / few.statements, Bar("ratio", "at most", 1.0)),
    ]  # fmt: skip


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.brief", description="Judges what is in a brief, and times it.")
    parser.add_argument("--part", choices=("quality", "speed", "both"), default="both")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    add_outputs(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
