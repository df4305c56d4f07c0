"""Item keys as people write them: TURBO-12 for an issue, TURBO for its project; any letter case."""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

_PROJECT = re.compile(r"[A-Z][A-Z0-9]{1,9}")
_ISSUE = re.compile(r"([A-Z][A-Z0-9]{1,9})-([1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class IssueKey:
    project: str
    number: int

    def __str__(self) -> str:
        return f"{self.project}-{self.number}"


def read_issue_key(text: str) -> IssueKey | None:
    match = _ISSUE.fullmatch(text.strip().upper())
    return IssueKey(match[1], int(match[2])) if match else None


def _project(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    key = value.strip().upper()
    if not _PROJECT.fullmatch(key):
        raise PydanticCustomError(
            "project_key", "is not a project key: 2 to 10 letters and digits, a letter first, such as TURBO"
        )
    return key


def _issue(value: Any) -> Any:
    if isinstance(value, str) and (key := read_issue_key(value)):
        return str(key)
    raise PydanticCustomError("issue_key", "is not an issue key such as TURBO-12")


def _issue_or_none(value: Any) -> Any:
    return None if isinstance(value, str) and value.strip().lower() == "none" else _issue(value)


def _item(value: Any) -> Any:
    if isinstance(value, str):
        text = value.strip().upper()
        if read_issue_key(text) or _PROJECT.fullmatch(text):
            return text
    raise PydanticCustomError("item_key", "is not a key such as TURBO-12 (an issue) or TURBO (a project)")


ProjectKey = Annotated[str, BeforeValidator(_project)]
IssueKeyText = Annotated[str, BeforeValidator(_issue)]
OptionalIssueKey = Annotated[str | None, BeforeValidator(_issue_or_none)]
ItemKeyText = Annotated[str, BeforeValidator(_item)]
