"""The words of other tools for the states of an issue, and how they write dates."""

import re
from datetime import UTC, date, datetime

_WORDS = {
    "backlog": "backlog to_do todo open new pending later icebox deferred draft triage reopened unstarted not_started",
    "ready": "ready next selected selected_for_development up_next",
    "in_progress": "in_progress doing wip started active hooked ongoing working",
    "blocked": "blocked on_hold waiting stuck",
    "in_review": "in_review review testing qa in_qa verify",
    "done": "done closed complete completed resolved finished merged fixed shipped",
    "cancelled": "cancelled canceled wontfix wont_fix won't_fix won't_do dropped abandoned rejected duplicate "
    "not_planned",
}
_PRIORITIES = {
    "urgent": "urgent critical blocker highest p0 immediate",
    "high": "high major p1",
    "medium": "medium normal moderate p2",
    "low": "low minor lowest p3",
    "none": "none trivial p4 no_priority",
}
_TYPES = {
    "task": "task chore standard todo",
    "bug": "bug defect incident",
    "feature": "feature enhancement story user_story feat improvement new_feature",
    "discovery": "discovery spike research investigation question",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})[ /-](?P<month>[A-Za-z]{3})[ /-](?P<year>\d{4}|\d{2})"
    r"(?: (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})? ?(?P<half>[AaPp][Mm])?)?"
)
_JAVASCRIPT = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<year>\d{4}) "
    r"(?P<hour>\d{2}):(?P<minute>\d{2}):\d{2} GMT(?P<zone>[+-]\d{4})(?: \(.*\))?"
)
DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def _turned(words: dict[str, str]) -> dict[str, str]:
    return {word: ours for ours, theirs in words.items() for word in theirs.split()}


STATUSES, PRIORITIES, TYPES = _turned(_WORDS), _turned(_PRIORITIES), _turned(_TYPES)


def folded(word: str) -> str:
    return re.sub(r"[\s_-]+", "_", word.strip().lower())


def status_of(word: str) -> str | None:
    """None for a word that is nobody's."""
    return STATUSES.get(folded(word))


def priority_of(word: str) -> str | None:
    return PRIORITIES.get(folded(word).removeprefix("priority:").removeprefix("priority/").strip("_"))


def type_of(word: str) -> str | None:
    return TYPES.get(folded(word))


def moment_of(value: object) -> datetime | None:
    """Of an ISO text with or without a time, or as Jira and JavaScript write one; a time without a zone is taken for
    UTC. None when it is none."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        written = _written_out(text)
        if written is None:
            return None
        found = written
    if found.year < 1970:  # Go writes its zero time as year 1
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _written_out(text: str) -> datetime | None:
    """05/Jan/26 10:20 AM, 5 Jan 2026, Thu Jan 05 2026 10:20:30 GMT+0000 (UTC): the month stands there in letters."""
    spelled = _DAY_FIRST.fullmatch(text) or _JAVASCRIPT.fullmatch(text)
    if spelled is None or spelled["month"].lower() not in _MONTHS:
        return None
    part = spelled.groupdict(default="0")
    month, year, hour = _MONTHS.index(part["month"].lower()) + 1, int(part["year"]), int(part["hour"])
    if part.get("half", "0") != "0":
        hour = hour % 12 + (12 if part["half"].upper() == "PM" else 0)
    zone = part.get("zone", "+0000")
    year += 2000 if len(part["year"]) == 2 else 0
    day, minute = int(part["day"]), int(part["minute"])
    try:
        return datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00{zone}")
    except ValueError:
        return None


def day_of(value: object) -> str | None:
    """An ISO day. A day written otherwise is read only where it can mean one thing: 31.12.2026, 2026/12/31."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if dotted := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        text = f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}"
    elif slashed := re.fullmatch(r"(\d{4})/(\d{1,2})/(\d{1,2})", text):
        text = f"{slashed[1]}-{int(slashed[2]):02}-{int(slashed[3]):02}"
    elif written := _written_out(text):
        return written.date().isoformat()
    match = DAY.match(text)
    try:
        return date.fromisoformat(match[0]).isoformat() if match else None
    except ValueError:
        return None
