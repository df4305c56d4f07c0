"""Due dates as people say them: 2026-12-01, today, tomorrow, +3d, +2w, friday, none."""

import re
from datetime import date, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STEP = re.compile(r"\+(\d{1,4})([dw])")


def read_date(text: str, today: date) -> date | None:
    """The day meant, from the caller's today; a weekday is the next one, never today. None when not understood."""
    word = text.strip().lower()
    if word in ("today", "tomorrow", "yesterday"):
        return today + timedelta(days=("yesterday", "today", "tomorrow").index(word) - 1)
    if step := STEP.fullmatch(word):
        return today + timedelta(days=int(step[1]) * (7 if step[2] == "w" else 1))
    matching = [number for number, name in enumerate(WEEKDAYS) if len(word) >= 3 and name.startswith(word)]
    if len(matching) == 1:
        return today + timedelta(days=(matching[0] - today.weekday() - 1) % 7 + 1)
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
