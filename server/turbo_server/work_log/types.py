"""What a logged piece of work looks like to a caller."""

import re
from typing import Any

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from turbo_server.kit.errors import Conflict
from turbo_server.kit.schema import Moment, Result

_DURATION = re.compile(
    r"(?:(?P<hours>\d{1,3}(?:\.\d{1,2})?) ?h(?:ours?|rs?)?)? ?(?:(?P<minutes>\d{1,5}) ?m(?:in(?:ute)?s?)?)?"
)


class WorkLog(Result):
    author: str
    machine: str | None = None
    session: str | None = None
    at: Moment
    issue: str | None = None
    text: str
    minutes: int | None = None
    commit: str | None = None
    branch: str | None = None


def _minutes(value: Any) -> Any:
    """`2h`, `1h30m`, `90m` and `1.5h` are read as minutes; a plain number is minutes already."""
    match = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if not isinstance(value, str) or value.strip().lstrip("-").isdecimal():
        return value
    if match is None or not (match["hours"] or match["minutes"]):
        raise PydanticCustomError("minutes", "must be whole minutes, such as 120, or a time such as 2h, 1h30m or 90m")
    return round(float(match["hours"] or 0) * 60) + int(match["minutes"] or 0)


Minutes = BeforeValidator(_minutes)


class WorkReceipt(Result):
    """`minutes_today` is the caller's day over everything; `minutes_total` is the issue's, by everybody."""

    logged: str
    issue: str | None = None
    project: str | None = None
    status: str | None = None
    status_before: str | None = None
    minutes: int | None = None
    minutes_today: int
    minutes_total: int | None = None
    entries: int | None = None
    next: str | None = None
    url: str | None = None


class WrongProject(Conflict):
    code = "wrong_project"

    def __init__(self, issue: str, project: str) -> None:
        super().__init__(f"{issue} is not an issue of {project}.", "Leave project out: the issue's key names it.")
