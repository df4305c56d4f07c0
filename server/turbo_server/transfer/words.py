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
    """Of an ISO text with or without a time; a time without a zone is taken for UTC. None when it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return None
    if found.year < 1970:  # Go writes its zero time as year 1
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def day_of(value: object) -> str | None:
    """An ISO day. A day written otherwise is read only where it can mean one thing: 31.12.2026, 2026/12/31."""
    if not isinstance(value, str):
        return None
    text = value.strip()
    if dotted := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        text = f"{dotted[3]}-{int(dotted[2]):02}-{int(dotted[1]):02}"
    elif slashed := re.fullmatch(r"(\d{4})/(\d{1,2})/(\d{1,2})", text):
        text = f"{slashed[1]}-{int(slashed[2]):02}-{int(slashed[3]):02}"
    match = DAY.match(text)
    try:
        return date.fromisoformat(match[0]).isoformat() if match else None
    except ValueError:
        return None
