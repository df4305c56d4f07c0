"""What a door sends: the result of a call or its failure, as the bytes that go out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic_core import to_json

from .errors import TurboError
from .visible import visible

if TYPE_CHECKING:
    from .runner import Runner
    from .schema import Result


@dataclass(frozen=True, slots=True)
class Answer:
    """A door's raw material: a JSON body and its HTTP status.

    `then` is done once the call's transaction is over and its connection free; it gives the answer to send instead.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    then: Then | None = field(default=None, compare=False, repr=False)


class Rehearsed(Exception):
    """Raised by a verb that was only to say what it would do: its transaction is undone, and `result` answered."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


# What a call has still to do where nobody needs a connection for it: such as waiting.
Then = Callable[["Runner", Answer], Awaitable[Answer]]


def render(error: TurboError) -> Answer:
    """The error envelope of every door."""
    return Answer(error.status, shown(to_json(error.as_envelope())), error.headers)


def shown(body: bytes) -> bytes:
    """Without characters that only hide text from a reader."""
    return body if body.isascii() else visible(body.decode()).encode()
