"""A file that is not as it was exported is refused with its line, and nothing of it is imported."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.server.filled import fill
from tests.server.harness import Turbo
from tests.server.test_export import exported, restored, rows_of
from turbo_server.migrations.version import head
from turbo_server.transfer.errors import TransferFailed
from turbo_server.transfer.lines import LONGEST_LINE, next_line

Lines = list[bytes]
Change = Callable[[Lines], Lines]


@pytest.fixture(scope="module")
def lines(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Lines:
    path = tmp_path_factory.mktemp("refusals") / "turbo.db"
    path.write_bytes(sqlite_template.read_bytes())
    with Turbo(f"sqlite:///{path}") as turbo:
        fill(turbo)
        return exported(turbo).removesuffix(b"\n").split(b"\n")


@pytest.fixture
def new(new_database: Callable[[], str]) -> Iterator[Turbo]:
    with Turbo(new_database()) as turbo:
        yield turbo


def resealed(lines: Lines) -> Lines:
    """With counts and hashes that fit what the lines now say: a file that somebody has edited with care."""
    header = json.loads(lines[0])
    sums: dict[str, Any] = {name: [0, hashlib.sha256()] for name in header["tables"]}
    for line in lines[1:-1]:
        name = json.loads(line)["table"]
        sums[name][0] += 1
        sums[name][1].update(line + b"\n")
    for name, (rows, _) in sums.items():
        header["tables"][name]["rows"] = rows
    first = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    tables = {name: {"rows": rows, "sha256": digest.hexdigest()} for name, (rows, digest) in sums.items()}
    last = {"turbo_export_end": 1, "header_sha256": hashlib.sha256(first + b"\n").hexdigest(), "tables": tables}
    return [first, *lines[1:-1], json.dumps(last, separators=(",", ":")).encode()]


def edited(table: str, change: Callable[[dict[str, Any]], object]) -> Change:
    """Changes the first row of a table, and seals the file anew."""

    def edit(lines: Lines) -> Lines:
        place = next(number for number, line in enumerate(lines) if line.startswith(f'{{"table":"{table}"'.encode()))
        value = json.loads(lines[place])
        change(value["row"])
        lines[place] = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return resealed(lines)

    return edit


def header(change: Callable[[dict[str, Any]], object]) -> Change:
    def edit(lines: Lines) -> Lines:
        value = json.loads(lines[0])
        change(value)
        return [json.dumps(value).encode(), *lines[1:]]

    return edit


def put(place: int, line: bytes) -> Change:
    return lambda lines: [*lines[:place], line, *lines[place:]]


WRONG: dict[str, tuple[Change, str]] = {
    "empty": (lambda _: [], "Line 1: the file ends here"),
    "no export": (lambda _: [b'{"id":"bd-1"}'], "Line 1: this is no export.*--from"),
    "a list": (lambda _: [b"[]"], "Line 1: this is no JSON object"),
    "no JSON": (lambda _: [b"%PDF-1.4"], "Line 1: this is not JSON"),
    "deep JSON": (put(1, b"[" * 100_000), "Line 2: this is not JSON"),
    "cut between lines": (lambda lines: lines[:-4], "before its last line"),
    "cut in a line": (lambda lines: [*lines[:5], lines[5][:40]], "Line 6: this is not JSON"),
    "a letter changed": (lambda lines: [line.replace(b"Third", b"Thord") for line in lines], "counts and hashes"),
    "a row twice": (lambda lines: [*lines[:4], lines[3], *lines[4:]], r"Line 5: accounts \(2,\) stands twice"),
    "a row less": (lambda lines: [*lines[:3], *lines[4:]], "more or fewer rows"),
    "two rows changed places": (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "Line 4: accounts"),
    "tables changed places": (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "Line 3: .*not in its place"),
    "an unknown table": (put(1, b'{"table":"instance","row":{}}'), "Line 2"),
    "a row of nothing": (put(1, b'{"table":7,"row":{}}'), "Line 2"),
    "more after the end": (lambda lines: [*lines, b"{}"], "goes on after its last line"),
    "not UTF-8": (put(1, b'{"table":"\xff"}'), "Line 2: this is not JSON in UTF-8"),
    "another header": (header(lambda value: value.update(server="9")), "counts and hashes"),
    "a table less": (header(lambda value: value["tables"].pop("events")), "Line 1: the header lacks events"),
    "a table more": (header(lambda value: value["tables"].update(api_keys={})), "Line 1: .*api_keys"),
    "a column less": (header(lambda value: value["tables"]["labels"]["columns"].pop()), "lacks labels.folded"),
    "no columns": (header(lambda value: value["tables"].update(labels={"rows": 1})), "Line 1"),
    "tables of no sort": (header(lambda value: value.update(tables=[])), "Line 1"),
    "rows of no sort": (header(lambda value: value["tables"]["labels"].update(rows="2")), "Line 1"),
    "a newer format": (header(lambda value: value.update(turbo_export=2)), "format 2.*Install"),
    "a newer schema": (header(lambda value: value.update(schema="9999")), "schema 9999.*Install"),
    "a schema of no sort": (header(lambda value: value.update(schema=None)), "Install"),
    "a column of a row less": (edited("labels", lambda row: row.pop("name")), "labels does not have the columns"),
    "a number too large": (edited("issues", lambda row: row.update(number=2**31)), "number must be a whole number"),
    "a number that is true": (edited("issues", lambda row: row.update(number=True)), "issues.number must be"),
    "text that is a number": (edited("labels", lambda row: row.update(name=1)), "labels.name must be text"),
    "text with NUL": (edited("labels", lambda row: row.update(name="a\x00")), "labels.name must be text without NUL"),
    "nothing in a must": (edited("labels", lambda row: row.update(name=None)), "labels.name must be text"),
    "no moment": (edited("labels", lambda row: row.update(id="1")), "labels.id must be a whole number"),
    "a moment without zone": (edited("accounts", lambda row: row.update(created_at="2026-01-01T00:00:00")), "in UTC"),
    "no moment at all": (edited("accounts", lambda row: row.update(created_at="soon")), "must be a moment such as"),
    "no day": (edited("initiatives", lambda row: row.update(due="31.12.2026")), "must be a day such as"),
    "a stranger": (edited("issues", lambda row: row.update(created_by=99)), "Lines .* these rows of issues"),
    "a name twice": (edited("accounts", lambda row: row.update(name="jonas")), "Lines .* these rows of accounts"),
    "a parent that is not there": (edited("issues", lambda row: row.update(parent_id=99)), "issues 1: .*parent_id 99"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_at_its_line(new: Turbo, lines: Lines, name: str) -> None:
    change, expected = WRONG[name]
    before = exported(new)
    with pytest.raises(TransferFailed, match=expected) as failure:
        restored(new, b"".join(line + b"\n" for line in change(list(lines))))
    assert "\n" not in str(failure.value)
    assert rows_of(exported(new)) == rows_of(before)
    assert new.call("list_projects")["total"] == 0


def test_half_of_a_character_pair_is_no_text(new: Turbo, lines: Lines) -> None:
    changed = [line.replace(b'"name":"ui"', b'"name":"\\ud800"') for line in lines]
    with pytest.raises(TransferFailed, match=r"labels\.name holds half of a character pair"):
        restored(new, b"\n".join(changed) + b"\n")


def test_a_file_without_its_last_line_break_is_cut_off(new: Turbo, lines: Lines) -> None:
    with pytest.raises(TransferFailed, match=f"Line {len(lines)}: the line is cut off"):
        restored(new, b"\n".join(lines))


def test_a_line_without_end_is_not_read_into_memory() -> None:
    class Endless(io.RawIOBase):
        def readline(self, size: int | None = -1, /) -> bytes:
            assert size == LONGEST_LINE
            return b"x" * 10

    with pytest.raises(TransferFailed, match="cut off"):
        next_line(Endless(), 1)  # type: ignore[arg-type]


def test_an_older_file_takes_the_defaults_of_what_it_lacks(new: Turbo, lines: Lines) -> None:
    assert head() > "0001"
    old = [json.loads(line) for line in lines]
    old[0]["schema"] = "0001"
    lacking = {"issues": ["title_key", "rank", "question"], "projects": ["next_document"], "comments": ["archived_at"]}
    for table, names in lacking.items():
        columns = old[0]["tables"][table]["columns"]
        old[0]["tables"][table]["columns"] = [name for name in columns if name not in names]
    del old[0]["tables"]["origins"]
    for value in old[1:-1]:
        for name in lacking.get(value["table"], ()):
            del value["row"][name]
    kept = [value for value in old if value.get("table") != "origins"]
    encoded = [json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() for value in kept]
    restored(new, b"\n".join(resealed(encoded)) + b"\n")
    assert new.call("get_item", key="TURBO-2")["title"] == "Second"
    rows = [json.loads(line) for line in rows_of(exported(new))]
    assert {value["row"]["next_document"] for value in rows if value["table"] == "projects"} == {1}


def test_an_older_file_must_have_what_has_no_default(new: Turbo, lines: Lines) -> None:
    old = header(lambda value: (value.update(schema="0001"), value["tables"]["labels"]["columns"].remove("name")))
    with pytest.raises(TransferFailed, match=r"the header lacks labels\.name"):
        restored(new, b"\n".join(old(list(lines))) + b"\n")
