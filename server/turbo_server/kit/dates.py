"""Due dates as people say them: 2026-12-01, 31.12.2026, today, tomorrow, +3d, +2w, +1m, friday, none."""

import re
from calendar import month_name, monthrange
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STEP = re.compile(r"\+(\d{1,4}) ?(d|w|m|days?|weeks?|months?)")
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
DAY_FIRST = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})")  # with full stops, no country means the month first
EITHER_WAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4}|\d{2})")


def read_date(text: str, today: date) -> date | None:
    """The day meant, from the caller's today; a weekday is the next one, never today. None when not understood."""
    word = text.strip().lower()
    if word in ("today", "tomorrow", "yesterday"):
        return today + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1)
    if step := STEP.fullmatch(word):
        return _later(today, int(step[1]), step[2][0])
    matching = [number for number, name in enumerate(WEEKDAYS) if len(word) >= 3 and name.startswith(word)]
    if len(matching) == 1:
        return today + timedelta(days=(matching[0] - today.weekday() - 1) % 7 + 1)
    try:
        found = _numbers(word)
        return date(*found) if found else date.fromisoformat(word)
    except ValueError:
        return None


def why_no_date(text: str) -> str:
    """What is wrong with a text that was not understood as a day."""
    word = text.strip().lower()
    if EITHER_WAY.fullmatch(word):
        return "does not say whether the month or the day comes first: write it as 2026-12-31"
    if word.startswith("next "):
        return "does not say which day: write monday, friday, +1w or 2026-12-31"
    if found := _numbers(word):
        year, month, day = found
        if not 1 <= month <= 12:
            return f"names the month {month}, and there are twelve: write it as 2026-12-31"
        if year >= 1:
            return f"does not exist: {month_name[month]} {year:04} has {monthrange(year, month)[1]} days, not {day}"
    return "is not a date: write it as 2026-12-31, or today, tomorrow, friday, +3d, +2w, +1m; none clears it"


def _numbers(word: str) -> tuple[int, int, int] | None:
    """(year, month, day), whether there is such a day or not."""
    if match := YEAR_FIRST.fullmatch(word):
        return int(match[1]), int(match[2]), int(match[3])
    if match := DAY_FIRST.fullmatch(word):
        return int(match[3]), int(match[2]), int(match[1])
    return None


def _later(today: date, count: int, unit: str) -> date | None:
    """The last day of a month that is shorter, rather than one of the next."""
    if unit != "m":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    year, month = divmod(today.year * 12 + today.month - 1 + count, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
