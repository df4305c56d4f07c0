"""The original product's SQLite file comes in with its projects, keys, dates and people, and with a full report."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from tests.server import originals
from tests.server.harness import Turbo
from tests.server.imports import counts, item
from tests.server.originals import Take
from turbo_server.transfer.sources.original import read


def test_keys_dates_and_ties_stay(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    status, printed, said = take(originals.made(tmp_path / "turbo.db", "uuids"))
    assert (status, said) == (0, "")
    assert printed.startswith(
        "turbo into INBOX, OLD, TURBO: created 3 projects (TURBO, OLD, INBOX), 2 initiatives (TURBO-I3 to TURBO-I4),"
        " 1 milestone (TURBO-M2), 1 document (TURBO-D5), 2 decisions (DEC-4 to DEC-9), 4 issues (OLD-1, TURBO-7 to"
        " TURBO-12, INBOX-1); skipped nothing.\n"
    )
    lines = item(turbo, "TURBO-12")
    assert {name: lines[name] for name in ("title", "type", "status", "priority", "assignee", "due", "labels")} == {
        "title": "Read the lines", "type": "feature", "status": "done", "priority": "urgent", "assignee": "ada",
        "due": "2026-04-01", "labels": ["later", "parser"],
    }  # fmt: skip
    assert (lines["created_at"], lines["finished_at"]) == ("2026-01-05T09:00:00Z", "2026-02-05T09:00:00Z")
    assert (lines["milestone"]["key"], lines["initiative"]["key"], lines["minutes"]) == ("TURBO-M2", "TURBO-I3", 90)
    assert lines["description"] == (
        "All of them 🚀\n\nAlso in the original:\n\n- work_rank: 3\n\n"
        "Imported from turbo TURBO-12, created 2026-01-05 by AI: claude, closed 2026-02-05."
    )
    assert [comment["text"] for comment in lines["latest_comments"]] == [
        "grace wrote on 2026-01-10 09:00 UTC:\n\nHalf of it works."
    ]
    assert [row["key"] for row in item(turbo, "INBOX-1")["blocked_by"]] == ["TURBO-7"]
    assert item(turbo, "TURBO-D5")["text"] == "# Guide\n\n  kept  \n"
    assert item(turbo, "OLD")["kind"] == "project"
    assert turbo.refused("create_issue", project="OLD", title="x").code == "item_archived"


def test_decisions_keep_what_led_to_them(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    take(originals.made(tmp_path / "turbo.db", "uuids"))
    decision = item(turbo, "DEC-4")
    assert (decision["outcome"], decision["reason"], decision["impact"]) == ("SQLite", "Simple", "- store\n- hosting")
    assert decision["options"] == [{"title": "Postgres", "pros": "- strong", "cons": "a server"}, {"title": "SQLite"}]
    assert (decision["status"], decision["superseded_by"]) == ("superseded", "DEC-9")
    assert decision["decided_at"] == "2026-01-08T10:00:00Z"
    assert "- constraints: \n  - no server\n- decision_type: technical" in decision["description"]


def test_the_next_number_is_above_all_that_were_given(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    """Also of those that were deleted there: its counter stood at 20."""
    take(originals.made(tmp_path / "turbo.db", "uuids"))
    assert turbo.call("create_issue", project="TURBO", title="Next")["key"] == "TURBO-20"
    assert turbo.call("create_milestone", project="TURBO", title="Next")["key"] == "TURBO-M3"
    assert turbo.call("create_decision", title="Next")["key"] == "DEC-10"


def test_every_row_column_and_table_without_a_place_is_told(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    _, printed, _ = take(originals.made(tmp_path / "turbo.db", "uuids"))
    for line in (
        "  issue status: closed -> done (2)",
        "  priority: critical -> urgent (1)",
        "  table: has no place here: its one row is left out (mentors)",
        "  table: has no place here: its columns are left out (favorites)",
        "  author_type: has no place here, and is 'user' in each of the 3 rows (comments)",
        f"  milestone: {originals.uuid(98)} is not in the file: left out (milestone_issues)",
        f"  comment: is on nothing that is in the file: 'Lost.' (comment {originals.uuid(62)})",
        "  issues.work_rank: has no place here: kept at the end of the text (TURBO-12)",
        f"  initiative: it has initiative {originals.uuid(11)} as well: only the first was taken (TURBO-12)",
    ):
        assert f"{line}\n" in printed, line


def test_a_second_run_changes_nothing(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    path = originals.made(tmp_path / "turbo.db", "uuids")
    take(path)
    once = counts(turbo)
    status, printed, _ = take(path)
    assert (status, counts(turbo)) == (0, once)
    assert (
        "created nothing; skipped 3 projects, 2 initiatives, 1 milestone, 1 document, 2 decisions, 4 issues" in printed
    )
    assert "has changed" not in printed


def test_whole_numbers_odd_dates_and_circles(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    turbo.person("grace")
    status, printed, said = take(originals.made(tmp_path / "turbo.db", "numbers"), "--account", "ada")
    assert (status, said) == (0, "")
    first, other = item(turbo, "WEBSITE-4"), item(turbo, "WEBSITE-8")
    assert (first["assignee"], first["labels"], first["milestone"]["key"]) == ("ada", ["later", "ui"], "WEBSITE-M1")
    assert (first["due"], first["created_at"], first["updated_at"][:10]) == (
        "2026-05-01",
        "2026-01-01T09:00:00Z",
        "2026-01-02",
    )
    assert "- estimate: 2.5\n- is_pinned: 1\n" in first["description"]
    assert (other["status"], other["finished_at"], other["assignee"]) == ("cancelled", "2026-01-05T00:00:00Z", "grace")
    assert (other["parent"]["key"], "parent" in first) == ("WEBSITE-4", False)
    assert item(turbo, "WEBSITE-5")["created_at"] == "2026-01-05T09:00:00Z"
    assert item(turbo, "WEBSITE-7")["title"] == "Without a title"
    assert item(turbo, "WEBSITE-M1")["due"] == "2026-12-31"
    assert first["latest_comments"][0]["text"] == "grace wrote on 2026-01-06 08:00 UTC:\n\nBy somebody with an id"
    for line in (
        "table: is not in the file (initiatives, decisions, documents, work_logs)",
        "issue: was deleted there: left out (issue 5)",
        "issue: 42 is not in the file: left out (issue_dependencies)",
        "milestone: 99 is not in the file: left out (issue 3)",
        "milestone: milestone 2 is of another project: left out (issue 2)",
        "parent: issue 2 is a part of it already: left out (issue 1)",
        "due: 'soon' is no date that is sure: left out (issue 2)",
        "screenshot: holds bytes and has no place here: left out (issue 2)",
        "issue status: mysterious is not known: backlog (issue 3)",
        "assignee: 9 is nobody in the file: left out (issue 3)",
        "project: 77 is not in the file: left out (issue 4)",
        "title: is empty: the first words of the text stand for it (issue 6)",
        "project key: web-site became WEBSITE; --rename 'WEB-SITE=KEY' names another (WEB-SITE)",
        "blocked_by: issue 1 waits for it already: left out (issue 3)",
    ):
        assert f"  {line}\n" in printed, line


def test_texts_as_ids_and_camel_case(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    status, printed, _ = take(originals.made(tmp_path / "turbo.db", "texts"))
    assert status == 0
    above, below = item(turbo, "APP-3"), item(turbo, "APP-1")
    assert (above["status"], above["priority"], above["minutes"]) == ("in_progress", "high", 90)
    assert above["criteria"] == ["[ ] It opens", "[ ] It closes"]
    assert (below["parent"]["key"], [row["key"] for row in below["blocked_by"]]) == ("APP-3", ["APP-3"])
    assert below["status"] == "done"
    assert below["description"] == "x\n\nImported from turbo APP-1, created 2026-01-01 by ada."
    assert item(turbo, "DEC-1")["superseded_by"] == "DEC-2"
    assert item(turbo, "DEC-2")["outcome"] == "Two"
    assert item(turbo, "DEC-2")["project"] == "APP"
    assert "work log: is of nothing in the file: 'grace: Lost' (work_log w2)" in printed


def test_a_key_that_is_taken_gets_a_new_number_and_says_so(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    turbo.call("create_project", key="APP", name="Mine")
    turbo.call("create_issue", project="APP", title="Mine")
    path = originals.made(tmp_path / "turbo.db", "texts")
    _, printed, _ = take(path)
    assert item(turbo, "APP-1")["title"] == "Mine"
    assert item(turbo, "APP-3")["title"] == "Above"
    assert item(turbo, "APP-4")["title"] == "Below"
    assert "key: is taken here by another issue: the number became 4. To keep keys, import into" in printed
    assert "APP is here already, and its items join it; --rename 'APP=OTHER' keeps them apart" in printed


def test_a_renamed_project_keeps_its_numbers(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    path = originals.made(tmp_path / "turbo.db", "texts")
    status, printed, _ = take(path, "--rename", "app=NEW")
    assert status == 0
    assert printed.startswith("turbo into NEW: created 1 project (NEW)")
    assert item(turbo, "NEW-3")["title"] == "Above"
    once = counts(turbo)
    take(path)
    assert counts(turbo) == once


def test_a_dry_run_tells_the_same_and_keeps_nothing(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    path = originals.made(tmp_path / "turbo.db", "numbers")
    before = counts(turbo)
    _, tried, _ = take(path, "--dry-run")
    assert counts(turbo) == before
    assert turbo.call("list_projects")["total"] == 0
    _, done, _ = take(path)
    assert tried == f"{done}Dry run: nothing was written.\n"


def test_a_file_in_use_is_read_with_what_is_beside_it(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    """The last writes of a running server stand in the -wal alone."""
    path = originals.made(tmp_path / "turbo.db", "pragma journal_mode = wal;", "texts")
    with contextlib.closing(sqlite3.connect(path)) as user:
        user.execute("update Issue set title = 'Changed just now' where identifier = 'APP-3'")
        user.commit()
        assert path.with_name("turbo.db-wal").stat().st_size > 0
        assert take(path)[0] == 0
    assert item(turbo, "APP-3")["title"] == "Changed just now"


def test_nothing_is_written_to_the_file_or_beside_it(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    path = originals.made(folder / "turbo.db", "pragma journal_mode = wal;", "texts")
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert take(path)[0] == 0
    assert [each.name for each in folder.iterdir()] == ["turbo.db"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


REFUSED = [
    (b"", "is empty: there is nothing to import"),
    (b"\x9a\x11" * 4096, "is no SQLite database, or an encrypted one"),
]


@pytest.mark.parametrize(("content", "said"), REFUSED)
def test_what_is_no_database_is_refused(turbo: Turbo, take: Take, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "turbo.db"
    path.write_bytes(content)
    status, printed, told = take(path, "--from", "turbo")
    assert (status, printed) == (1, "")
    assert said in told
    assert told.endswith("Nothing was imported.\n")


def test_a_damaged_or_foreign_database_is_refused(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    damaged = originals.made(tmp_path / "damaged.db", "uuids")
    content = bytearray(damaged.read_bytes())
    content[4096:12288] = b"\xa5" * 8192
    damaged.write_bytes(content)
    assert "is damaged" in take(damaged)[2]
    foreign = originals.made(tmp_path / "foreign.db", "create table songs (id integer primary key);")
    assert "it has none of the tables projects, issues" in take(foreign)[2]
    assert "but songs." in take(foreign)[2]
    empty = originals.made(tmp_path / "none.db", "create table x (y); drop table x;")
    assert "but no tables at all." in take(empty)[2]
    assert turbo.call("list_projects")["total"] == 0


def test_our_own_database_is_for_copy(turbo: Turbo, take: Take, sqlite_template: Path) -> None:
    assert "`turbo-server copy --from sqlite:///" in take(sqlite_template)[2]


def test_options_of_other_tools_are_refused(turbo: Turbo, take: Take, tmp_path: Path) -> None:
    path = originals.made(tmp_path / "turbo.db", "texts")
    assert "--rename OLD=NEW gives one another key" in take(path, "--project", "X")[2]
    assert "no project is called NOPE. Projects: APP." in take(path, "--rename", "NOPE=NEW")[2]
    assert "NO-KEY is no project key" in take(path, "--rename", "APP=no-key")[2]
    assert "--rename is written OLD=NEW" in take(path, "--rename", "APP")[2]
    assert counts(turbo)["issues"] == 0


def test_ten_thousand_rows_are_read_whole(tmp_path: Path) -> None:
    path = originals.made(
        tmp_path / "turbo.db",
        "create table projects (id integer primary key, key text, name text);"
        "insert into projects values (1, 'BIG', 'Big');"
        "create table issues (id integer primary key, project_id int, number int, title text, parent_id int);"
        "insert into issues with recursive n (i) as (select 1 union all select i + 1 from n where i < 10000)"
        " select i, 1, i, 'Issue ' || i, nullif(i - 1, 0) from n;",
    )
    reading = read(path)
    assert len(reading.drafts) == 10_000
    assert (reading.drafts[-1].parent, reading.drafts[-1].number) == ("issue 9999", 10_000)
