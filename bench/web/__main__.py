"""`python -m bench.web`: the page in Chromium, slowed four times, on ten thousand issues; 1 when a bar is missed."""

import argparse
import contextlib
import subprocess
import sys
from collections.abc import Iterator, Sequence

import pytest

from bench.figure import Bar, Figure, below
from bench.process import PROGRAMS, Command
from bench.report import add_outputs, publish
from bench.rounds import median
from bench.scale.fill import fill
from bench.scale.rows import Team
from bench.server import Running, Server, on_postgres, on_sqlite, running
from bench.web.measured import dropping, first_load, opening, pace, scrolling
from bench.web.slowed import SLOWER, Slowed, slowed
from bench.workshop import Workshop
from tests.web.chromium import chromium, need_the_page

TEAM = Team(10_000, 6)  # the largest of six projects has two thousand issues
BOARD = f"/board?project={TEAM.key_of(1)}"
ROUNDS, EACH = 7, 8
CARDS = 2_000


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    try:
        figures, notes = _measured(arguments)
    except (pytest.skip.Exception, pytest.fail.Exception) as missing:  # as the tests say what they need
        print(f"The bench cannot run here. {missing}", file=sys.stderr)
        return 2
    code = publish(figures, notes, arguments.json, arguments.markdown)
    if not arguments.control:
        return code
    held = [each.name for each in figures if each.bar and each.unit == "ms" and not each.is_over]
    print(f"The control failed: {'; '.join(held)} held." if held else "The control: every time was over its bar.")
    return 1 if held else 0


def _measured(arguments: argparse.Namespace) -> tuple[list[Figure], list[str]]:
    need_the_page()
    with (
        Workshop(quick=arguments.quick) as bench,
        _served(bench, arguments.database) as served,
        chromium() as started,
        started.at_work() as browser,
    ):
        page = slowed(browser, served, is_control=arguments.control)
        bench.note(f"Chromium {browser.version}, its processor slowed {SLOWER} times; {TEAM.issues:,} issues.")
        return list(_figures(bench, page)), bench.notes


def _figures(bench: Workshop, page: Slowed) -> Iterator[Figure]:
    rounds = 1 if page.is_control else bench.rounds(ROUNDS)
    each = 1 if page.is_control else EACH
    paces = [pace(page) for _ in range(rounds)]
    first_load(page)  # once unmeasured: the server's caches and plans
    loads = [first_load(page) for _ in range(rounds)]
    yield Figure("first load: compressed script", "KB", max(size for size, _ in loads), bar=_at_most(180))
    yield Figure("Today can be used", "ms", median(time for _, time in loads), bar=below(1500))
    opened = [time for _ in range(rounds) for time in opening(page, each)]
    yield Figure("an issue opens from the list", "ms", median(opened), bar=below(100))
    boards = [scrolling(page, BOARD) for _ in range(max(1, rounds // 3))]
    cards = min(count for count, _ in boards)
    yield Figure("the board's cards", "", cards, bar=Bar("ours", "at least", CARDS))
    yield Figure(
        f"its longest column scrolls: longest of {sum(len(tasks) for _, tasks in boards):,} tasks", "ms",
        median(max(task.took for task in tasks) for _, tasks in boards), bar=_at_most(50),
    )  # fmt: skip
    yield Figure(
        "the same, apart from the browser's collection of garbage", "ms",
        median(max(task.took - task.collected for task in tasks) for _, tasks in boards),
    )  # fmt: skip
    dropped = [time for _ in range(rounds) for time in dropping(page, BOARD, each)]
    yield Figure("a card that is dropped is in its column", "ms", median(dropped), bar=below(100))
    paces += [pace(page) for _ in range(rounds)]
    told = f"{median(paces):.0f} ms (from {min(paces):.0f} to {max(paces):.0f})"
    bench.note(f"The machine's own pace meanwhile: 400 lines of text are laid out by a bare script in {told}.")
    bench.note(f"Medians of {len(loads)} loads, {len(opened)} openings and {len(dropped)} drops.")


def _at_most(limit: float) -> Bar:
    return Bar("ours", "at most", limit)


@contextlib.contextmanager
def _served(bench: Workshop, database: str | None) -> Iterator[Running]:
    server = _server(bench, database)
    fill(server.database_url, TEAM)
    reindex: Command = [PROGRAMS / "turbo-server", "reindex"]
    subprocess.run(reindex, env=server.environment, check=True, capture_output=True)
    with running(bench, server) as process:
        yield process


def _server(bench: Workshop, database: str | None) -> Server:
    """On Postgres where there is one."""
    try:
        return on_sqlite(bench) if database == "sqlite" else on_postgres(bench)
    except (pytest.skip.Exception, pytest.fail.Exception):
        if database == "postgres":
            raise
        bench.note("On SQLite: there is no Postgres here.")
        return on_sqlite(bench)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.web", description="The page's figures in Chromium.")
    parser.add_argument("--database", choices=("postgres", "sqlite"), help="without it, Postgres where there is one")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--control", action="store_true", help="with a page that is too slow: every time must be over")
    add_outputs(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
