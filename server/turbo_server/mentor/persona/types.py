"""What a mentor looks like to a caller, and what can go wrong with one."""

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from turbo_server.activity.types import Change
from turbo_server.kit.errors import NotFound, closest
from turbo_server.kit.fields import Text
from turbo_server.kit.schema import Result

LARGEST_BUDGET = 10_000  # dollars a day
_HANDLE = re.compile(r"[a-z][a-z0-9-]{1,30}")


def _handle(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    name = value.strip().lower().removeprefix("@")
    if not _HANDLE.fullmatch(name):
        raise PydanticCustomError(
            "handle", "is not a mentor's name: 2 to 31 letters, digits and hyphens, a letter first, such as architect"
        )
    return name


def _at_most(limit: int) -> Callable[[str], str]:
    def checked(text: str) -> str:
        """Not in the schema: few are long."""
        if len(text) > limit:
            raise PydanticCustomError("long", "is over {limit} characters: shorten it", {"limit": limit})
        return text

    return checked


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "must be a number")
    return value


def _budget(dollars: float) -> float:
    """Not in the schema: whoever gives one knows it."""
    if not 0 <= dollars <= LARGEST_BUDGET:
        raise PydanticCustomError("budget", "must be 0 to 10000 dollars a day")
    if round(dollars, 2) != dollars:
        raise PydanticCustomError("budget", "must be dollars in whole cents, such as 0.5; 0 means no answers")
    return dollars


# They stand in every brief, beside what it is made of.
Instructions = Annotated[Text, AfterValidator(_at_most(4_000))]
Watches = Annotated[Text, AfterValidator(_at_most(1_000))]
Handle = Annotated[str, BeforeValidator(_handle)]
Budget = Annotated[float, BeforeValidator(_no_truth), AfterValidator(_budget)]  # dollars a day


class MentorReceipt(Result):
    """What create_mentor answers: `created`, or what it changed of the one that was there."""

    key: str
    role: str
    version: int
    created: bool | None = None
    changed: list[Change] | None = None
    next: str | None = None
    url: str | None = None


class MentorNotFound(NotFound):
    code = "mentor_not_found"

    def __init__(self, handle: str, known: list[str]) -> None:
        super().__init__(
            f"There is no mentor {handle}.",
            f"{closest(handle, known)} Mentors: {', '.join(known)}; create_mentor makes another.".strip(),
        )
