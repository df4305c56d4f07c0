"""Item keys as people write them: TURBO-12 an issue, TURBO-I2 an initiative, TURBO its project, @architect a mentor.

In any letter case.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from .key_form import HANDLE, NUMBERED

DECISION_PREFIX = "DEC"
CONVERSATION_PREFIX = "ASK"
# Prefixes of what is numbered in the workspace and not in a project.
_PREFIXES = {DECISION_PREFIX: "decision", CONVERSATION_PREFIX: "conversation"}
_PROJECT = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_HANDLE = re.compile(HANDLE)
_NUMBERED = re.compile(NUMBERED)
EXAMPLES = {
    "issue": "TURBO-12",
    "initiative": "TURBO-I2",
    "milestone": "TURBO-M3",
    "document": "TURBO-D7",
    "decision": "DEC-4",
    "project": "TURBO",
    "conversation": "ASK-3",
    "mentor": "@architect",
}
_LETTERS = {"I": "initiative", "M": "milestone", "D": "document"}


@dataclass(frozen=True, slots=True)
class ItemKey:
    """`project` is the prefix: DEC of a decision, ASK of a conversation, all of a mentor's key. `number` is None for
    a mentor, and for a project itself."""

    kind: str
    project: str
    number: int | None


def read_key(text: str) -> ItemKey | None:
    word = text.strip().upper()
    if match := _NUMBERED.fullmatch(word):
        kind = _LETTERS[match[2]] if match[2] else _PREFIXES.get(match[1], "issue")
        return ItemKey(kind, match[1], int(match[3]))
    if _HANDLE.fullmatch(word):
        return ItemKey("mentor", word, None)
    return ItemKey("project", word, None) if _PROJECT.fullmatch(word) else None


def require_key(text: str) -> ItemKey:
    """Of a key that the argument's type has checked."""
    key = read_key(text)
    assert key is not None  # noqa: S101 - checked before
    return key


def is_key_of(kind: str) -> Callable[[str], bool]:
    def judged(key: str) -> bool:
        found = read_key(key)
        return found is not None and found.kind == kind

    return judged


def _of(kind: str) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        if isinstance(value, str) and (found := read_key(value)) and found.kind == kind:
            return value.strip().upper()
        article = "an" if kind[0] in "aeiou" else "a"
        raise PydanticCustomError("item_key", f"is not {article} {kind} key such as {EXAMPLES[kind]}")

    return checked


def _plan(value: Any) -> Any:
    if isinstance(value, str) and (found := read_key(value)) and found.kind in ("initiative", "milestone"):
        return value.strip().upper()
    shown = f"{EXAMPLES['initiative']} or {EXAMPLES['milestone']}"
    raise PydanticCustomError("item_key", f"is not the key of an initiative or a milestone such as {shown}")


def _project(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    key = value.strip().upper()
    if not _PROJECT.fullmatch(key):
        raise PydanticCustomError(
            "project_key", "is not a project key: 2 to 10 letters and digits, a letter first, such as TURBO"
        )
    return key


def _or_none(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if isinstance(value, str) and value.strip().lower() == "none" else check(value)


def _item(value: Any) -> Any:
    if isinstance(value, str) and read_key(value):
        return value.strip().upper()
    shown = ", ".join(f"{key} ({kind})" for kind, key in EXAMPLES.items())
    raise PydanticCustomError("item_key", f"is not a key such as {shown}")


ProjectKey = Annotated[str, BeforeValidator(_project)]
IssueKeyText = Annotated[str, BeforeValidator(_of("issue"))]
InitiativeKey = Annotated[str, BeforeValidator(_of("initiative"))]
MilestoneKey = Annotated[str, BeforeValidator(_of("milestone"))]
PlanKey = Annotated[str, BeforeValidator(_plan)]
DecisionKey = Annotated[str, BeforeValidator(_of("decision"))]
ConversationKey = Annotated[str, BeforeValidator(_of("conversation"))]
DocumentKey = Annotated[str, BeforeValidator(_of("document"))]
OptionalIssueKey = Annotated[str | None, BeforeValidator(_or_none(_of("issue")))]
OptionalInitiativeKey = Annotated[str | None, BeforeValidator(_or_none(_of("initiative")))]
OptionalMilestoneKey = Annotated[str | None, BeforeValidator(_or_none(_of("milestone")))]
OptionalProjectKey = Annotated[str | None, BeforeValidator(_or_none(_project))]
ItemKeyText = Annotated[str, BeforeValidator(_item)]
