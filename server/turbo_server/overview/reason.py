"""Why an issue stands where it stands in the queue, in words; the order itself is store.queue's."""

from datetime import date, datetime

from turbo_server.issue.types import PRIORITIES
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_day, as_moment


def queue_reason(row: Row, today: date, now: datetime) -> str:
    reasons = []
    if row["due"]:
        reasons.append(due_words(as_day(row["due"]), today))
    if PRIORITIES[row["priority"]] != "none":
        reasons.append(f"{PRIORITIES[row['priority']]} priority")
    if row["unblocks"]:
        reasons.append(f"unblocks {row['unblocks']}")
    if row["status"] == "ready":
        reasons.append("ready")
    age = (now - as_moment(row["created_at"])).days
    if age or not reasons:
        reasons.append(f"{age} days old" if age != 1 else "1 day old")
    return ", ".join(reasons)


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
