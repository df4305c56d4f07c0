"""What the readers make of files of other tools: drafts, and what did not fit."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.server.imports import SAMPLES
from turbo_server.transfer.drafts import Draft, Reading
from turbo_server.transfer.errors import TransferFailed
from turbo_server.transfer.sources import READERS
from turbo_server.transfer.sources.front_matter import split
from turbo_server.transfer.words import day_of, moment_of, priority_of, status_of


def read(source: str, place: str) -> Reading:
    return READERS[source](SAMPLES / place)


def drafts(reading: Reading) -> dict[str, Draft]:
    return {draft.origin: draft for draft in reading.drafts}


def noted(reading: Reading) -> set[tuple[str, str]]:
    return {(note.origin, note.field) for note in reading.notes}


def test_beads() -> None:
    reading = read("beads", "beads")
    found = drafts(reading)
    assert list(found) == ["hop-a1", "hop-a1.1", "hop-b2", "hop-c3"]
    bug = found["hop-a1.1"]
    assert bug.fields["description"] == (
        "One object a line.\n\n    indented\n\n## Design\n\nA generator.\n\n## Acceptance criteria\n\nNo line is lost."
        "\n\n## Notes\n\nMind the tombstones."
    )
    assert (bug.fields["type"], bug.fields["status"], bug.fields["priority"]) == ("bug", "done", "urgent")
    assert (bug.parent, bug.blocked_by, bug.relations) == ("hop-a1", (), (("relates", "hop-b2"),))
    assert bug.created == datetime(2026, 1, 2, 9, tzinfo=UTC)
    assert [remark.text for remark in bug.remarks] == ["Half of it works.", "All of it now.", "Closed: Done in 3f2c1a"]
    assert found["hop-b2"].blocked_by == ("hop-a1.1", "hop-c3", "hop-gone")
    assert found["hop-b2"].fields["due"] == "2026-02-01"
    assert found["hop-a1"].fields["labels"] == ["release", "epic"]
    assert found["hop-c3"].fields["type"] == "discovery"
    assert found["hop-c3"].relations == (("duplicates", "hop-a1"),)
    assert noted(reading) == {
        ("hop-a1", "type"), ("hop-a1.1", "estimated_minutes"), ("hop-a1.1", "dependencies"), ("hop-b2", "dependencies"),
        ("hop-c3", "status"), ("hop-c3", "type"), ("hop-d4", "issue"), ("style", "memory"),
    }  # fmt: skip


def test_backlog() -> None:
    reading = read("backlog", "backlog")
    found = drafts(reading)
    assert sorted(found) == [
        "Later on", "decision-1", "doc-1", "draft-1", "m-1", "task-0", "task-1", "task-1.1", "task-2", "task-3",
    ]  # fmt: skip
    door = found["task-1"]
    assert door.fields["description"] == (
        "A door that opens.\n\n    with indented code\n\n## Implementation Plan\n\n1. Measure.\n2. Saw."
        "\n\n## References\n\n- https://doors.example/plans"
    )
    assert door.fields["criteria"] == ["[x] It opens", "[ ] It closes 漢字"]
    assert door.fields["labels"] == ["wood", "front, back"]
    assert (door.milestone, door.blocked_by, door.author) == ("m-1", ("task-2", "task-99"), "gopher")
    assert (door.fields["assignee"], door.fields["due"], door.fields["priority"]) == ("@ada", "2026-03-31", "high")
    assert [(remark.author, remark.text) for remark in door.remarks] == [("gopher", "Measured twice.\n\nSawn once.")]
    hinges = found["task-1.1"]
    assert hinges.fields["title"] == (
        "Buy hinges that are long enough for a title of more than eighty characters to be folded"
    )
    assert (hinges.parent, hinges.fields["status"], hinges.fields["criteria"]) == ("task-1", "in_review", ["[ ] Steel"])
    assert [remark.text for remark in hinges.remarks] == ["Bought."]
    assert found["task-2"].fields["title"] == 'Find "good" wood: oak or ash'
    assert found["task-2"].fields["description"] == "Only text, and no headings."
    assert found["task-2"].milestone == "Later on"
    assert (found["task-0"].fields["status"], found["task-0"].closed) == ("done", datetime(2026, 1, 7, tzinfo=UTC))
    assert found["draft-1"].fields["labels"] == ["draft"]
    assert found["task-3"].is_archived
    assert found["decision-1"].fields["outcome"] == "Oak it is."
    assert found["decision-1"].fields["context"] == "Doors get wet.\n\n## Alternatives\n\nAsh."
    assert found["doc-1"].fields["text"] == "# How to saw\n\nSlowly.\n"
    assert found["m-1"].fields == {"title": "First door", "description": "One door that works.", "due": "2026-04-30"}
    assert noted(reading) == {("task-1", "assignee"), ("task-1", "references"), ("task-1.1", "priority")}


def test_task_master() -> None:
    reading = read("taskmaster", "taskmaster/tasks.json")
    found = drafts(reading)
    assert list(found) == ["master/1", "master/2", "master/2.1", "master/2.2", "mobile/1", "mobile/2"]
    assert found["master/1"].fields["description"] == (
        "A file that survives a crash.\n\n## Details\n\nWrite beside it, then rename.\n\n"
        "```py\npath.replace(target)\n```\n\n## Test strategy\n\nKill the process at every line."
    )
    assert found["master/1"].closed == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert found["master/2"].blocked_by == ("master/1",)
    answer = found["master/2.2"]
    assert (answer.parent, answer.blocked_by) == ("master/2", ("master/2.1", "master/2.1"))
    assert answer.fields["criteria"] == ["[ ] answers within 50 ms", "[ ] says what is wrong"]
    assert (found["mobile/1"].fields["labels"], found["mobile/1"].blocked_by) == (["mobile"], ("mobile/2.1",))
    assert noted(reading) == {("mobile/1", "status"), ("mobile/1", "priority")}


def test_task_master_without_tags(tmp_path: Path) -> None:
    (tmp_path / "tasks.json").write_text(json.dumps({"tasks": [{"id": "1", "title": "x", "dependencies": ["2"]}]}))
    (draft,) = READERS["taskmaster"](tmp_path).drafts
    assert (draft.origin, draft.blocked_by) == ("master/1", ("master/2",))


def test_github() -> None:
    reading = read("github", "github/issues.json")
    found = drafts(reading)
    crash = found["#12"]
    assert crash.fields["description"] == "It breaks.\r\n\r\n- [ ] find out why\r\n"
    assert (crash.fields["type"], crash.fields["priority"], crash.fields["assignee"]) == ("bug", "high", "octo")
    assert (crash.fields["labels"], crash.milestone, crash.author) == (["bug", "P1"], "v1.0", "reporter")
    assert [remark.author for remark in crash.remarks] == ["octo", None]
    assert [found[name].fields["status"] for name in ("#12", "#11", "#10")] == ["backlog", "cancelled", "done"]
    assert found["#11"].fields["type"] == "feature"
    assert found["v1.0"].fields == {"title": "v1.0", "description": "The first.", "due": "2026-06-30"}
    assert noted(reading) == {("#12", "assignee")}


def test_csv_with_semicolons() -> None:
    reading = read("csv", "csv/semicolon.csv")
    first, second, third = reading.drafts
    assert first.fields["title"] == "Erste Aufgabe"
    assert first.fields["description"] == "Mit Umlauten: äöü\nund einer zweiten Zeile; mit Semikolon"
    assert (first.fields["type"], first.fields["status"]) == ("feature", "in_progress")
    assert first.fields["priority"] == "urgent"
    assert (first.fields["due"], first.fields["labels"], first.author) == ("2026-12-31", ["ui", "küche"], "gopher")
    assert first.created == datetime(2026, 1, 5, tzinfo=UTC)
    assert (second.fields["title"], second.blocked_by) == ('Zweite "Aufgabe"', ("A-1", "A-9"))
    assert third.origin.startswith("row ")
    assert noted(reading) == {
        ("semicolon.csv", "story_points"), ("A-2", "due"), ("A-2", "priority"),
        (third.origin, "type"), (third.origin, "status"),
    }  # fmt: skip


def test_csv_of_an_older_spreadsheet() -> None:
    reading = read("csv", "csv/windows.csv")
    assert reading.drafts[0].fields["title"] == "Café"
    assert ("windows.csv", "file") in noted(reading)


def test_a_row_without_an_id_is_known_again_wherever_it_stands(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text("title\na\nb\n")
    two.write_text("title\nnew\nb\na\n")
    origins = [{draft.origin for draft in READERS["csv"](path).drafts} for path in (one, two)]
    assert origins[0] < origins[1]


def test_csv_in_utf_16(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes("title\tstatus\n漢字\tdone\n".encode("utf-16"))
    (draft,) = READERS["csv"](tmp_path / "x.csv").drafts
    assert (draft.fields["title"], draft.fields["status"]) == ("漢字", "done")


WRONG = [
    ("beads", "x", "{}\n", r"x, line 1: this is no issue of beads"),
    ("beads", "x", '{"id":"a","title":"b"}\n{"id":\n', r"x, line 2: this is not JSON"),
    ("beads", "x", "[1]", r"x, line 1: this is no JSON object"),
    ("beads", "x", b'{"id":"a"}\n\xff', r"x, line 2: this is not UTF-8"),
    ("beads", "x", "[" * 100_000, r"x, line 1: this is nested too deeply"),
    ("taskmaster", "x", "{}", r"x: there are no tasks in it"),
    ("taskmaster", "x", "[]", r"x: this is no JSON object"),
    ("taskmaster", "x", '{\n"tasks": [\n}', r"x, line 3: this is not JSON"),
    ("taskmaster", "x", '{"tasks": ["a"]}', r"x, tag master: this is no JSON object"),
    ("taskmaster", "x", '{"tasks": [{"title": "a"}]}', r"a task has no id: 'a'"),
    ("github", "x", '"a"', r"x: this is no list of issues"),
    ("github", "x", '[{"number": 1, "title": "a"}, {"title": "b"}]', r"x, issue 2 of the list: it has no number"),
    ("csv", "x", "", r"x, line 1: no column is called title"),
    ("csv", "x", "a,b\n1,2\n", r"x, line 1: no column is called title"),
    ("csv", "x", "title\n1,2\n", r"x, line 2: the row has 2 cells, the header 1"),
    ("csv", "x", 'title\na\n"b', r"x, line 3: this is no CSV row"),
    ("backlog", "tasks/x.md", "no front matter", r"x.md, line 1: it has no id"),
    ("backlog", "tasks/x.md", "---\nid: 1\n", r"x.md, line 1: its front matter has no end"),
    ("backlog", "tasks/x.md", "---\nid: 1\nwhat is this\n---\n", r"x.md, line 3: this is no `name: value`"),
    ("backlog", "tasks/x.md", "---\nid: 'a\nb: c\n---\n", r"x.md, line \d: a quoted text has no end"),
    ("backlog", "tasks/x.md", "---\nid: [a\n---\n", r"x.md, line \d: a list has no end"),
    ("backlog", "readme.md", "", r"is no Backlog.md folder"),
]


@pytest.mark.parametrize(("source", "name", "content", "expected"), WRONG)
def test_a_wrong_file_is_refused_with_its_place(
    tmp_path: Path, source: str, name: str, content: str | bytes, expected: str
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TransferFailed, match=expected):
        READERS[source](tmp_path if source == "backlog" else path)


@pytest.mark.parametrize("source", READERS)
def test_a_file_that_is_not_there_is_said(tmp_path: Path, source: str) -> None:
    with pytest.raises(TransferFailed, match=r"cannot be read|no Backlog"):
        READERS[source](tmp_path / "nothing")


def test_the_front_matter_reads_what_such_files_hold() -> None:
    entries, text = split(
        "---\r\n# a comment\r\nplain: some words # said aside\r\ndouble: \"a \\\"b\\\" \\n c\"\r\nsingle: 'it''s'\r\n"
        "empty:\r\nnothing: null\r\ndate: 2026-03-02\r\nnumber: 08\r\nflow: ['a, b', \"c\", d]\r\nnone: []\r\n"
        "folded: >-\r\n  one\r\n  two\r\n\r\n  three\r\nkept: |-\r\n  one\r\n    two\r\nlist:\r\n- a\r\n- 'b: c'\r\n"
        "long: begins\r\n  and goes on\r\nurl: https://x.example/a:b#c\r\n---\r\n\r\ntext\r\n---\r\nmore\r\n",
        "x.md",
    )
    assert entries == {
        "plain": "some words", "double": 'a "b" \n c', "single": "it's", "empty": "", "nothing": "",
        "date": "2026-03-02", "number": "08", "flow": ["a, b", "c", "d"], "none": [], "folded": "one two\nthree",
        "kept": "one\n  two", "list": ["a", "b: c"], "long": "begins and goes on", "url": "https://x.example/a:b#c",
    }  # fmt: skip
    assert text == "\r\ntext\r\n---\r\nmore\r\n"


def test_words_and_dates_of_other_tools() -> None:
    assert [status_of(word) for word in ("To Do", "in-progress", "IN REVIEW", "Won't Do", "Kaputt")] == [
        "backlog", "in_progress", "in_review", "cancelled", None,
    ]  # fmt: skip
    assert [priority_of(word) for word in ("P0", "priority: high", "priority/low", "Major", "7")] == [
        "urgent", "high", "low", "high", None,
    ]  # fmt: skip
    assert [day_of(word) for word in ("2026-01-02T10:00:00Z", "2.1.2026", "2026/1/2", "01/02/2026", "2026-02-30")] == [
        "2026-01-02", "2026-01-02", "2026-01-02", None, None,
    ]  # fmt: skip
    assert moment_of("0001-01-01T00:00:00Z") is None
    assert moment_of("2026-01-02 10:30") == datetime(2026, 1, 2, 10, 30, tzinfo=UTC)
    assert moment_of("2026-01-02T10:00:00.123456789+02:00") == datetime(2026, 1, 2, 8, 0, 0, 123456, tzinfo=UTC)
