"""What a door sends: the result of a call or its failure, as the bytes that go out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic_core import to_json

from .errors import TurboError
from .visible import visible


@dataclass(frozen=True, slots=True)
class Answer:
    """A door's raw material: a JSON body and its HTTP status."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def render(error: TurboError) -> Answer:
    """The error envelope of every door."""
    return Answer(error.status, shown(to_json(error.as_envelope())), error.headers)


def shown(body: bytes) -> bytes:
    """Without characters that only hide text from a reader."""
    return body if body.isascii() else visible(body.decode()).encode()
