"""CSV with a header row: columns by name, delimiter and encoding found out."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from turbo_server.transfer.drafts import Draft, Reading, Remark
from turbo_server.transfer.errors import BadFile
from turbo_server.transfer.words import day_of, folded, moment_of, priority_of, status_of, type_of

from .columns import Row, comments_of, places_of, row_of
from .files import read_bytes

MOST_COLUMNS = 2_000
MOST_IN_A_ROW = 100_000  # delimiters, those in texts too
DELIMITERS = ",;\t|"
SEPARATORS = re.compile(r"[,;|\n]")


def read(path: Path, most: int | None = None) -> Reading:
    reading = Reading("csv", most=most)
    text = _decoded(reading, read_bytes(path), path.name)
    rows = _rows(text, path.name)
    _, head = next(rows, (1, []))
    header = [folded(cell) for cell in head]
    places = places_of(reading, header, path.name)
    milestones: dict[str, Draft] = {}
    aliases: dict[str, str] = {}
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise BadFile(f"{path.name}, line {line}", f"the row has {len(cells)} cells, the header {len(header)}")
        row = row_of(cells, places)
        draft = _draft(reading, row, tuple(_remark(text) for text in comments_of(cells, places)))
        if row.get("alias"):
            aliases[row["alias"]] = draft.origin
        if draft.milestone:
            milestones.setdefault(draft.milestone, Draft("milestone", draft.milestone, {"title": draft.milestone}))
        reading.add(draft)
    reading.drafts = [_known_by(draft, aliases) for draft in reading.drafts]
    reading.drafts += milestones.values()
    return reading


def _known_by(draft: Draft, aliases: Mapping[str, str]) -> Draft:
    """Its parent by the name that the items go by here."""
    parent = aliases.get(draft.parent) if draft.parent else None
    return replace(draft, parent=parent) if parent else draft


def _decoded(reading: Reading, content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reading.note(name, "file", "is not UTF-8: read as Windows-1252, as older spreadsheets write")
        return content.decode("cp1252", "replace")


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each with the line it begins on. The delimiter is the one that the header has most of."""
    head = re.sub(r'"[^"]*"', "", text.lstrip("\r\n").split("\n", 1)[0])
    delimiter = max(DELIMITERS, key=head.count)
    if head.count(delimiter) >= MOST_COLUMNS:
        raise BadFile(f"{name}, line 1", f"the header has more than {MOST_COLUMNS} columns", "Is it the right file?")
    lines = _Lines(text, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            lines.of_a_row = 0
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(f"{name}, line {line}", f"this is no CSV row ({error})") from error


class _Lines:
    """Of a text, to its CSV reader: which would take a row of any number of cells into memory before it gave it out."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self._delimiter = delimiter
        self.of_a_row = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.of_a_row += line.count(self._delimiter)
            if self.of_a_row > MOST_IN_A_ROW:
                raise csv.Error(f"it has more than {MOST_IN_A_ROW} delimiters")
            yield line


def _draft(reading: Reading, row: Row, remarks: tuple[Remark, ...]) -> Draft:
    origin = row.get("origin") or f"row {_hash(row)}"
    dates = {
        name: moment_of(row.get(name)) or moment_of(day_of(row.get(name)))
        for name in ("created", "updated", "started", "closed", "archived")
    }
    for name in ("due", *dates):
        if row.get(name) and name != "archived" and not (day_of(row[name]) if name == "due" else dates[name]):
            reading.note(origin, name, f"{row[name]} is no date that is sure: write it as 2026-12-31")
    status = _word(reading, origin, "status", row, status_of(row.get("status", "")), "backlog")
    return Draft(
        kind="issue",
        origin=origin,
        fields={
            "title": row.get("title", ""),
            "description": row.get("description", ""),
            "type": _word(reading, origin, "type", row, type_of(row.get("type", "")), "task"),
            "status": status,
            "priority": _word(reading, origin, "priority", row, priority_of(row.get("priority", "")), "none"),
            "assignee": row.get("assignee"),
            "due": day_of(row.get("due")),
            "labels": _list(row.get("labels", "")),
            "criteria": [part for part in row.get("criteria", "").splitlines() if part.strip()],
        },
        author=row.get("author") or None,
        created=dates["created"],
        started=dates["started"] if status in ("in_progress", "in_review", "done", "cancelled") else None,
        updated=dates["updated"],
        closed=dates["closed"] if status in ("done", "cancelled") else None,
        address=row.get("address") or None,
        parent=row.get("parent") or None,
        milestone=row.get("milestone") or None,
        blocked_by=tuple(_list(row.get("blocked_by", ""))),
        is_archived=dates["archived"] is not None,
        remarks=remarks,
    )


def _remark(text: str) -> Remark:
    """Jira writes `when;who;what`, and others what was said alone."""
    when, _, rest = text.partition(";")
    who, _, said = rest.partition(";")
    at = moment_of(when)
    return Remark(said.strip(), who.strip() or None, at) if at and said.strip() else Remark(text)


def _hash(row: Row) -> str:
    """Names a row without an id by its words, so that it is known again when rows have moved."""
    words = f"{row.get('title', '')}\n{row.get('description', '')}"
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:8]


def _word(reading: Reading, origin: str, name: str, row: Row, found: str | None, other: str) -> str:
    if row.get(name) and found is None:
        reading.note(origin, name, f"{row[name]} is not known: {other}")
    return found or other


def _list(text: str) -> list[str]:
    return [part.strip() for part in SEPARATORS.split(text) if part.strip()]
