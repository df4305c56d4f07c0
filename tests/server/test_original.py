"""The original product's SQLite file comes in with its projects, keys, dates and people, and with a full report."""

from pathlib import Path

from tests.server import originals
from tests.server.harness import Turbo
from tests.server.imports import counts, item
from tests.server.originals import Take


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
