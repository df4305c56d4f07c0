"""Cursors: opaque, bound to one list and its filters, cheap at any depth (keyset, never OFFSET)."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import InvalidCursor
from .fields import LARGEST_ID

TOTAL_CAP = 10_000  # a total counts to here: counting a million rows costs more than the page


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ended: the last row's sort values, and the total that the first page counted."""

    total: int
    values: tuple[str | int, ...]


def fingerprint(*filters: object) -> str:
    """Names a list by its filters, so that a cursor of another list is refused instead of skipping rows."""
    return hashlib.sha256(repr(filters).encode()).hexdigest()[:12]


def write_cursor(position: Position, of: str) -> str:
    payload = json.dumps([of, position.total, *position.values], separators=(",", ":"))
    return base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")


def read_cursor(cursor: str, of: str, kinds: tuple[type, ...]) -> Position:
    """`kinds` are the Python types of the sort values. Raises InvalidCursor on anything that we did not write."""
    try:
        owner, total, *values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise InvalidCursor from error
    fits = len(values) == len(kinds) and all(type(value) is kind for value, kind in zip(values, kinds, strict=True))
    if owner != of or type(total) is not int or not fits or not all(map(_is_storable, (total, *values))):
        raise InvalidCursor
    return Position(total, tuple(values))


def _is_storable(value: str | int) -> bool:
    """Whether a database takes it as a parameter: a cursor comes from outside."""
    if isinstance(value, int):
        return 0 <= value <= LARGEST_ID
    return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def read_moment(text: str) -> datetime:
    """A sort value that is a moment in UTC. Raises InvalidCursor."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidCursor from error
    if moment.utcoffset() != timedelta():
        raise InvalidCursor
    return moment
