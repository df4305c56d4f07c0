"""The CSV files that Linear and Jira write: their columns, dates, and what they repeat."""

from datetime import UTC, datetime

import pytest

from tests.server.test_readers import drafts, noted, read
from turbo_server.transfer.drafts import Remark
from turbo_server.transfer.words import day_of, moment_of


def test_csv_of_linear() -> None:
    reading = read("csv", "csv/linear.csv")
    found = drafts(reading)
    invoice, checkout, idea = found["ENG-12"], found["ENG-11"], found["ENG-13"]
    assert (invoice.fields["status"], invoice.fields["labels"]) == ("in_progress", ["billing", "web"])
    assert (invoice.parent, invoice.blocked_by, invoice.milestone) == ("ENG-11", ("ENG-13",), "Opening")
    assert invoice.started == datetime(2026, 1, 20, 9, tzinfo=UTC)
    assert (checkout.created, checkout.fields["priority"]) == (datetime(2026, 1, 5, 8, tzinfo=UTC), "urgent")
    assert (idea.fields["status"], idea.fields["priority"], idea.is_archived) == ("cancelled", "none", True)
    assert idea.closed == datetime(2026, 1, 9, 8, tzinfo=UTC)
    assert {name for _, name in noted(reading)} == {
        "team", "estimate", "project", "cycle_name", "related_to", "duplicate_of",
    }  # fmt: skip


def test_csv_of_jira() -> None:
    reading = read("csv", "csv/jira.csv")
    found = drafts(reading)
    epic, story = found["SHOP-1"], found["SHOP-2"]
    assert (epic.fields["labels"], epic.milestone) == (["big", "launch", "web"], "1.0")
    assert (epic.fields["priority"], epic.fields["due"]) == ("urgent", "2026-12-31")
    assert (epic.created, epic.updated) == (
        datetime(2026, 1, 5, 10, 20, tzinfo=UTC), datetime(2026, 1, 6, 13, 5, tzinfo=UTC),
    )  # fmt: skip
    assert epic.remarks == (
        Remark("Go on; do.", "grace", datetime(2026, 1, 5, 11, tzinfo=UTC)), Remark("A note"),
    )  # fmt: skip
    assert (story.parent, story.blocked_by, story.fields["type"]) == ("SHOP-1", ("SHOP-1",), "feature")
    assert story.closed == datetime(2026, 1, 7, 0, 30, tzinfo=UTC)
    assert noted(reading) == {("SHOP-1", "type")}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("05/Jan/26 12:00 AM", datetime(2026, 1, 5, tzinfo=UTC)),
        ("05/Jan/2026 12:30 PM", datetime(2026, 1, 5, 12, 30, tzinfo=UTC)),
        ("5 Jan 2026", datetime(2026, 1, 5, tzinfo=UTC)), ("05-Jan-26 23:10", datetime(2026, 1, 5, 23, 10, tzinfo=UTC)),
        ("Thu Jan 01 2026 00:30:00 GMT+0100 (CET)", datetime(2025, 12, 31, 23, 30, tzinfo=UTC)),
        ("31/Feb/26 10:00 AM", None), ("05/Jam/26", None), ("05/01/26", None), ("05/Jan/26 27:00", None),
    ],
)  # fmt: skip
def test_a_month_in_letters_makes_a_date_sure(text: str, moment: datetime | None) -> None:
    assert moment_of(text) == moment
    if moment is None:
        assert day_of(text) is None
