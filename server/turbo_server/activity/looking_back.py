"""GET /v1/activity: what happened, newest first, for people who look back. Programs follow the feed instead."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.dates import read_date
from turbo_server.kit.decode import as_iso
from turbo_server.kit.fields import Cursor, Limit
from turbo_server.kit.paging import Position, fingerprint, read_cursor, read_moment, write_cursor
from turbo_server.kit.schema import Moment, Result
from turbo_server.kit.sql import Conditions
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import read_store
from .feed import EventFilters, EventShown, as_shown, wanted
from .past import told

_AGO = re.compile(r"-(\d{1,4})d")
YEARS = range(1970, 9000)  # a day and an offset beyond it still have a date


def _past_day(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    word, today = value.strip().lower(), (info.context or {})["today"]
    ago = _AGO.fullmatch(word)
    found = today - timedelta(days=int(ago[1])) if ago else read_date(word, today)
    if found is None or found.year not in YEARS:
        raise PydanticCustomError("day", "is not a day: write it as 2026-12-31, today, yesterday, or -7d")
    return found


PastDay = Annotated[date, BeforeValidator(_past_day), WithJsonSchema({"type": "string"})]


class LookBack(EventFilters):
    since: Annotated[PastDay | None, Field(description="From this day on: 2026-12-31, yesterday, or -7d")] = None
    until: Annotated[PastDay | None, Field(description="To the end of this day")] = None
    limit: Limit = 50
    cursor: Cursor | None = None


class EventOfPast(EventShown):
    """`undone_by` is the event that took it back."""

    undone_by: int | None = None


class Activity(Result):
    """`looked_back_to` is there where no more was looked for than a page costs: `next_cursor` goes on from it."""

    items: list[EventOfPast]
    next_cursor: str | None = None
    looked_back_to: Moment | None = None


@tool("Look back", Effect.READ)
async def look_back(context: Context, arguments: LookBack) -> Activity:
    """What people and agents did, newest first. All filters combine; days are the caller's."""
    columns = await wanted(context, arguments)
    of = fingerprint("activity", context.actor.workspace_id, *columns.items(), arguments.since, arguments.until)
    walked = _walked(context, arguments, of)
    for name in _indexed(columns):
        walked.add(f"e.{name} = $?", columns.pop(name))
    rows, end = await read_store.look_back(context.db, walked, columns, arguments.limit + 1)
    shown = rows[: arguments.limit]
    changes = await told(context, shown)
    items = [_shown(row, as_shown(row, changes[row["id"]])) for row in shown if row["id"] in changes]
    if len(rows) > len(shown):
        return Activity(items=items, next_cursor=_cursor(shown[-1], of))
    if end is None:
        return Activity(items=items)
    return Activity(items=items, next_cursor=_cursor(end, of), looked_back_to=end["created_at"])


ENDPOINT = Endpoint("GET", "/v1/activity", look_back)


def _walked(context: Context, arguments: LookBack, of: str) -> Conditions:
    walked = Conditions(context.actor.workspace_id)
    walked.add("e.workspace_id = $1")
    if arguments.since:
        walked.add("e.created_at >= $?", _begin_of(arguments.since, context))
    if arguments.until:
        walked.add("e.created_at < $?", _begin_of(arguments.until + timedelta(days=1), context))
    if arguments.cursor:
        moment, event = read_cursor(arguments.cursor, of, (str, int)).values
        walked.add("(e.created_at, e.id) < ($?, $?)", read_moment(str(moment)), int(event))
    return walked


def _indexed(columns: dict[str, object]) -> list[str]:
    """What has an index of its own, where its events are few; the others are looked for along the days."""
    session = ["session"] if "session" in columns else []
    return [*session, "subject_kind", "subject_id"] if "subject_id" in columns else session


def _begin_of(day: date, context: Context) -> datetime:
    return datetime.combine(day, time(), UTC) - context.utc_offset


def _cursor(row: Row, of: str) -> str:
    return write_cursor(Position(0, (str(as_iso(row["created_at"])), row["id"])), of)


def _shown(row: Row, event: EventShown) -> EventOfPast:
    return EventOfPast(**event.model_dump(exclude={"changes"}), changes=event.changes, undone_by=row["undone_by"])
