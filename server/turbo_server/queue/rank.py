"""The order of the work queue, and the words in which each place in it explains itself.

docs/concepts/queue.md tells the order; a change here is one there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from turbo_server.issue.types import PRIORITIES, key_of
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_day, as_moment

NEVER = 10**6  # days


@dataclass(frozen=True, slots=True)
class Ranked:
    """An issue in its place, with the reasons for it."""

    row: Row
    why: str

    @property
    def key(self) -> str:
        return key_of(self.row)

    @property
    def is_started(self) -> bool:
        return bool(self.row["status"] == "in_progress")


def ranked(rows: Iterable[Row], today: date, now: datetime) -> list[Ranked]:
    """Best first. Every two issues differ in the order: its last word is their id."""
    rows = list(rows)
    by_hand = sorted((row for row in rows if row["rank"]), key=lambda row: (row["rank"].encode(), row["id"]))
    places = {row["id"]: place for place, row in enumerate(by_hand, 1)}
    ordered = sorted(rows, key=lambda row: order(row, places.get(row["id"], 0), today))
    return [Ranked(row, reasons(row, places.get(row["id"], 0), today, now)) for row in ordered]


def order(row: Row, place: int, today: date) -> tuple[int, ...]:
    """What comes first has the smaller numbers. `place` counts from 1 among those placed by hand; 0 is automatic."""
    due = _days_until(row["due"], today)
    return (
        0 if place else 1,
        place,
        0 if row["status"] == "in_progress" else 1,
        0 if due <= 0 else 1,
        _pull(row),
        -row["unblocks"],
        due,
        _days_until(row["milestone_due"], today),
        0 if row["status"] == "ready" else 1,
        row["id"],
    )


def _pull(row: Row) -> int:
    """Its own priority, or that of the most important issue that waits for it."""
    own: int = row["priority"]
    return own if row["best_priority"] is None else min(own, row["best_priority"])


def _days_until(due: date | str | None, today: date) -> int:
    return NEVER if due is None else (as_day(due) - today).days


def reasons(row: Row, place: int, today: date, now: datetime) -> str:
    words = []
    if place:
        words.append(f"placed by hand as number {place}")
    if row["status"] == "in_progress":
        words.append("already started")
    if row["due"]:
        words.append(due_words(row["due"], today))
    if PRIORITIES[row["priority"]] != "none":
        words.append(f"{PRIORITIES[row['priority']]} priority")
    if row["unblocks"]:
        words.append(_unblocks(row))
    if row["milestone_due"]:
        words.append(f"{row['milestone']} {due_words(row['milestone_due'], today)}")
    if row["status"] == "ready":
        words.append("ready")
    age = (now - as_moment(row["created_at"])).days
    if age > 0 or not words:
        words.append(f"{age} days old" if age != 1 else "1 day old")
    return ", ".join(words)


def _unblocks(row: Row) -> str:
    best = PRIORITIES[row["best_priority"]]
    shown = row["best_key"] if best == "none" else f"{row['best_key']}, {best}"
    return f"unblocks {row['unblocks']} ({shown})"


def due_words(due: date | str, today: date) -> str:
    days = (as_day(due) - today).days
    match days:
        case 0:
            return "due today"
        case 1:
            return "due tomorrow"
        case -1:
            return "1 day overdue"
        case _:
            return f"due in {days} days" if days > 0 else f"{-days} days overdue"
