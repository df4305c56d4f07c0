"""`python -m bench.copy`: a million issues with all that is theirs from SQLite to Postgres; 1 when a bar is missed."""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Bar, Figure, below
from bench.process import PROGRAMS, Command, peak_mib
from bench.report import add_outputs, publish
from bench.scale.fill import fill
from bench.scale.rows import Team
from bench.server import Server, on_sqlite
from bench.workshop import Workshop

ISSUES, QUICK, PROJECTS = 1_000_000, 50_000, 200
ROWS_A_SECOND, MEMORY_MIB = 30_000.0, 100.0
_LOOK_SECONDS = 0.02  # at what the kernel remembers: only what grows within the last one is missed
_MOVED = re.compile(r"([\d,]+) rows in ([\d,.]+) s")


@dataclass(frozen=True)
class Run:
    """One command: the rows it moved, its own seconds for that, and the most memory it ever had."""

    rows: int
    seconds: float
    peak_mib: float

    @property
    def pace(self) -> float:
        return self.rows / self.seconds


def main(words: Sequence[str]) -> int:
    arguments = _parser().parse_args(words)
    issues = QUICK if arguments.quick else arguments.issues
    with Workshop(quick=arguments.quick) as bench:
        server = on_sqlite(bench)
        fill(server.database_url, Team(issues, PROJECTS))
        print(f"filled {issues:,} issues", file=sys.stderr, flush=True)
        bench.note(bench.postgres.settings())
        figures = _figures(bench, server, issues)
        notes = bench.notes
    return publish(figures, notes, arguments.json, arguments.markdown)


def _figures(bench: Workshop, server: Server, issues: int) -> list[Figure]:
    forth = _run(server, bench.postgres.database(), "copy", "--to", "env:TARGET", "--reindex-later")
    bench.note(f"{issues:,} issues are {forth.rows:,} rows; {forth.seconds:.0f} s with indexes, keys and proof.")
    what = f"{issues:,} issues, SQLite to Postgres"
    figures = [
        Figure(f"{what}: copied and proven", "rows/s", forth.pace, bar=Bar("ours", "at least", ROWS_A_SECOND)),
        Figure(f"{what}: most memory", "MiB", forth.peak_mib, bar=below(MEMORY_MIB)),
    ]
    backup = server.database_url.removeprefix("sqlite:///") + ".backup"
    kept = _run(server, "", "backup", backup)
    bench.note(f"Its backup is {Path(backup).stat().st_size / 1024**2:,.0f} MiB.")
    figures += [
        Figure(f"{issues:,} issues on SQLite: backup", "rows/s", kept.pace),
        Figure(f"{issues:,} issues on SQLite: backup, most memory", "MiB", kept.peak_mib, bar=below(MEMORY_MIB)),
    ]
    drilled = _run(server, bench.postgres.database(), "restore", "--drill", backup, "--to", "env:TARGET")
    return [
        *figures,
        Figure(f"{issues:,} issues: restore on Postgres, as a drill", "rows/s", drilled.pace),
        Figure(f"{issues:,} issues: restore, most memory", "MiB", drilled.peak_mib, bar=below(MEMORY_MIB)),
    ]


def _run(server: Server, target: str, *words: str) -> Run:
    command: Command = [PROGRAMS / "turbo-server", *words]
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(command, env=server.environment | {"TARGET": target}, stdout=said, stderr=said)
        peak = 0.0
        while child.poll() is None:
            peak = max(peak, peak_mib(child.pid))
            time.sleep(_LOOK_SECONDS)
        said.seek(0)
        text = said.read()
    print(text, file=sys.stderr, flush=True)
    found = _MOVED.search(text)
    if child.returncode or found is None:
        raise SystemExit(f"turbo-server {words[0]} failed with {child.returncode}")
    return Run(int(found[1].replace(",", "")), float(found[2].replace(",", "")), peak)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m bench.copy", description="Carries a filled database to Postgres.")
    parser.add_argument("--issues", type=int, default=ISSUES, help="how many it holds")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} issues")
    add_outputs(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
