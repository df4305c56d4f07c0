"""The original's words for states and priorities, kind by kind, and ours for them."""

from turbo_server.transfer.drafts import Reading
from turbo_server.transfer.words import folded, priority_of, status_of, type_of

_STATES = {
    "initiative": {
        "planned": "proposed planning planned draft backlog open new todo not_started",
        "active": "active in_progress started ongoing",
        "paused": "on_hold paused blocked",
        "completed": "completed complete done closed achieved",
        "cancelled": "cancelled canceled rejected dropped abandoned",
    },
    "milestone": {
        "open": "planned active open in_progress planning new upcoming",
        "closed": "completed complete done closed released cancelled canceled missed archived",
    },
    "decision": {
        "proposed": "proposed draft open pending in_review under_review",
        "accepted": "approved accepted implemented decided adopted superseded deprecated",
        "rejected": "rejected declined denied",
    },
    "document": {
        "draft": "draft in_review review wip",
        "published": "published approved final active archived",
    },
}
_DEFAULTS = {"issue": "backlog", "initiative": "planned", "milestone": "open", "decision": "proposed",
             "document": "draft"}  # fmt: skip
_OURS = {
    kind: {word: ours for ours, words in states.items() for word in words.split()} for kind, states in _STATES.items()
}
ARCHIVED = "archived"


def state(reading: Reading, kind: str, origin: str, given: str) -> str:
    found = status_of(given) if kind == "issue" else _OURS[kind].get(folded(given))
    return _told(reading, f"{kind} status", origin, given, found, _DEFAULTS[kind])


def priority(reading: Reading, origin: str, given: str) -> str:
    return _told(reading, "priority", origin, given, priority_of(given), "none")


def issue_type(reading: Reading, origin: str, given: str) -> str:
    return _told(reading, "issue type", origin, given, type_of(given), "task")


def _told(reading: Reading, name: str, origin: str, given: str, found: str | None, other: str) -> str:
    """What is not known is a note besides."""
    if not given.strip():
        return other
    if found is None:
        reading.note(origin, name, f"{given} is not known: {other}")
    reading.words[name, folded(given), found or other] += 1
    return found or other
