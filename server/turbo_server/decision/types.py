"""What a decision looks like to a caller, the names of its states, and what can go wrong with one."""

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from turbo_server.activity.types import Change
from turbo_server.kit.errors import Conflict, InvalidArguments, NotFound, nearest
from turbo_server.kit.fields import Line, Object, SomeText, Text, Word
from turbo_server.kit.json_text import read_json
from turbo_server.kit.keys import OptionalProjectKey
from turbo_server.kit.kind import State
from turbo_server.kit.schema import Arguments, Result

from .paths import NoSuchPath, checked_glob

StatusName = Literal["proposed", "accepted", "rejected", "superseded"]
# From a status to those that may follow it; a decision that was made is reopened, with a note, before it is made anew.
MOVES: dict[str, tuple[str, ...]] = {
    "proposed": ("accepted", "rejected", "superseded"),
    "accepted": ("proposed", "rejected", "superseded"),
    "rejected": ("proposed",),
    "superseded": ("proposed",),
}
_BULLET = re.compile(r"\s*[-*]\s+")


def _as_points(value: Any) -> Any:
    """A list of arguments becomes a markdown list."""
    if isinstance(value, list) and all(isinstance(point, str) for point in value):
        return "\n".join(f"- {point}" for point in value)
    return value


def _as_options(value: Any) -> Any:
    """JSON text is read; of any other text each line is an option."""
    if isinstance(value, str):
        if value.strip().startswith(("[", "{")):
            try:
                value = read_json(value)
            except ValueError as error:
                raise PydanticCustomError("list_type", "must be a list of options") from error
        else:
            value = [_BULLET.sub("", line, count=1).strip() for line in value.splitlines() if line.strip()]
    return [value] if isinstance(value, dict) else value


def _as_globs(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return _whole(value)
    if not isinstance(value, str):
        return value
    if value.strip().startswith("["):
        try:
            return read_json(value)
        except ValueError as error:
            raise PydanticCustomError("list_type", "must be a list of globs") from error
    return _whole([part.strip() for part in value.split(",") if part.strip()])


def _whole(parts: list[str]) -> list[str]:
    """A comma between the braces of {a,b} separates no globs, but those who split texts do not know."""
    globs: list[str] = []
    for part in parts:
        if globs and globs[-1].count("{") > globs[-1].count("}"):
            globs[-1] += f",{part}"
        else:
            globs.append(part)
    return globs


def _as_glob(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return checked_glob(value)
    except NoSuchPath as error:
        raise PydanticCustomError("glob", "{why}", {"why": str(error)}) from error


class Option(Arguments):
    title: Line
    pros: Annotated[Text | None, BeforeValidator(_as_points)] = None
    cons: Annotated[Text | None, BeforeValidator(_as_points)] = None

    def as_state(self) -> State:
        return {name: text for name, text in self if text}


Title = Line
Project = Annotated[OptionalProjectKey, Field(description="Its key; none: the whole workspace")]
Situation = Annotated[Text, Field(description="What asks for it; markdown")]
Options = Annotated[list[Annotated[Option, Object("title")]], BeforeValidator(_as_options), Field(max_length=20)]
Reason = Annotated[Text, Field(description="Why")]
Glob = Annotated[Line, Field(max_length=200), BeforeValidator(_as_glob)]
Paths = Annotated[
    list[Glob],
    BeforeValidator(_as_globs),
    Field(max_length=20, description="Globs of the files it governs, such as server/**/store.py"),
]
Status = Annotated[StatusName, Word]
FirstStatus = Annotated[Literal["proposed", "accepted", "rejected"], Word]
Note = Annotated[SomeText, Field(description="Kept as a comment")]


class DecisionReceipt(Result):
    """What a write answers: the key, and what it did."""

    key: str
    title: str
    status: str
    version: int
    created: bool | None = None
    changed: list[Change] | None = None
    note: str | None = None
    no_longer_superseded: list[str] | None = None
    next: str | None = None
    url: str | None = None


class DecisionNotFound(NotFound):
    code = "decision_not_found"

    def __init__(self, key: str, last: int, near: list[str]) -> None:
        numbered = f"They go up to DEC-{last}." if last else "There is none yet: create_decision makes one."
        super().__init__(f"There is no decision {key}.", f"{numbered} {nearest(near)}".strip())


class OutcomeMissing(InvalidArguments):
    code = "outcome_missing"

    def __init__(self) -> None:
        super().__init__(
            "An accepted decision says what was decided.", "Give outcome, or leave the decision at proposed."
        )


class MoveRefused(Conflict):
    code = "move_refused"

    def __init__(self, key: str, before: str, after: str) -> None:
        allowed = ", ".join(MOVES[before])
        hint = f"It may become: {allowed}."
        if before in ("rejected", "superseded"):
            hint = f"Reopen it first: update_decision(key={key}, status=proposed, note=why)."
        super().__init__(f"{key} is {before} and cannot become {after}.", hint)


class ReopeningUnexplained(Conflict):
    code = "note_missing"

    def __init__(self, key: str, before: str) -> None:
        super().__init__(
            f"{key} is {before}: it is reopened only with a note that says why.",
            f"update_decision(key={key}, status=proposed, note=why).",
        )


class DecisionCycle(Conflict):
    code = "decision_cycle"

    def __init__(self, path: list[str]) -> None:
        super().__init__(
            f"That would close a circle: {' is superseded by '.join(path)}.", "Name a decision that is newer."
        )
