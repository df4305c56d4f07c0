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
