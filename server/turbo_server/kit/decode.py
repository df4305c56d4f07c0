"""The one place where SQLite's text becomes a day or a moment again; Postgres' values pass through."""

from datetime import date, datetime
from typing import overload


@overload
def as_day(value: date | str) -> date: ...
@overload
def as_day(value: date | str | None) -> date | None: ...
def as_day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


@overload
def as_moment(value: datetime | str) -> datetime: ...
@overload
def as_moment(value: datetime | str | None) -> datetime | None: ...
def as_moment(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def as_iso(value: object) -> object:
    """Days and moments as the ISO text that JSON carries, the same from both databases; all else as it is."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
