"""Shows figures: a table for people, JSON for machines, and the table of the documentation."""

import argparse
import json
import os
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure

COLUMNS = ("figure", "ours", "reference", "ratio", "bar", "verdict")
BEGIN, END = "<!-- figures: written by `python -m bench --markdown FILE` -->", "<!-- end of figures -->"


def add_outputs(parser: argparse.ArgumentParser) -> None:
    """The options whose files publish() writes."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as JSON too")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="replace the table in that document")


def publish(figures: list[Figure], notes: list[str], json_file: Path | None, markdown_file: Path | None) -> int:
    """Prints the table, writes it where it is wanted, and returns the exit code: 1 when a bar is missed."""
    print(as_text(figures, notes))
    if json_file:
        json_file.write_text(as_json(figures, notes) + "\n", encoding="utf-8")
    if markdown_file:
        write_markdown(markdown_file, figures, notes)
    return 1 if any(figure.is_over for figure in figures) else 0


def as_text(figures: list[Figure], notes: list[str]) -> str:
    rows = [COLUMNS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join([*lines, "", *(f"* {note}" for note in notes), _summary(figures)])


def as_json(figures: list[Figure], notes: list[str]) -> str:
    measured = [asdict(figure) | {"over": figure.is_over} for figure in figures]
    return json.dumps({"machine": machine(), "taken": _today(), "figures": measured, "notes": notes}, indent=2)


def write_markdown(path: Path, figures: list[Figure], notes: list[str]) -> None:
    """Replaces what stands between the two marks in the file. Raises ValueError where they are missing."""
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{path} has no place for the figures; it needs the lines {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n{_markdown(figures, notes)}\n{END}{after}", encoding="utf-8")


def machine() -> str:
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} shared cores, {system}, Python {platform.python_version()}"


def _markdown(figures: list[Figure], notes: list[str]) -> str:
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(_cells(figure) for figure in figures)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    lines = "\n".join(f"- {note}" for note in notes)
    return f"\nTaken on {_today()}: {machine()}.\n\n{table}\n\n{lines}\n\n{_summary(figures)}\n"


def _summary(figures: list[Figure]) -> str:
    over = [figure.name for figure in figures if figure.is_over]
    judged = sum(figure.bar is not None for figure in figures)
    return f"Over the bar: {'; '.join(over)}." if over else f"All {judged} bars hold."


def _cells(figure: Figure) -> tuple[str, ...]:
    reference = "" if figure.reference is None else f"{_number(figure.reference)} {figure.against}".strip()
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    verdict = "" if figure.bar is None else "OVER" if figure.is_over else "ok"
    return figure.name, f"{_number(figure.ours)} {figure.unit}".strip(), reference, ratio, _bar(figure), verdict


def _bar(figure: Figure) -> str:
    if figure.bar is None:
        return ""
    what = "ratio " if figure.bar.subject == "ratio" else ""
    unit = f" {figure.unit}" if figure.bar.subject == "ours" and figure.unit else ""
    return f"{what}{figure.bar.sense} {figure.bar.limit:g}{unit}"


def _number(value: float) -> str:
    if abs(value) >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _today() -> str:
    return datetime.now(UTC).date().isoformat()
