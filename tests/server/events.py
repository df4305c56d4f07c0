"""Reads the feed of events in this process, as GET /v1/events does."""

import json
from typing import Any

from tests.server.harness import Person, ToolFailed, Turbo
from turbo_server.activity.feed import ENDPOINT


async def reading(person: Person, /, **query: object) -> dict[str, Any]:
    """A query's values are texts."""
    body = json.dumps({name: str(value) for name, value in query.items()}).encode()
    answer = await person.turbo.runner.answer_endpoint(ENDPOINT.tool, body, person.token, person.caller)
    if answer.status != 200:
        raise ToolFailed(answer)
    page: dict[str, Any] = json.loads(answer.body)
    return page


def read(person: Person | Turbo, /, **query: object) -> dict[str, Any]:
    reader = person.ada if isinstance(person, Turbo) else person
    return reader.turbo.run(reading(reader, **query))


def refused(person: Person | Turbo, /, **query: object) -> ToolFailed:
    try:
        page = read(person, **query)
    except ToolFailed as failure:
        return failure
    raise AssertionError(f"read_events was not refused but answered {page}")


def everything(person: Person | Turbo) -> list[dict[str, Any]]:
    """All events there are, page by page."""
    page = read(person)
    events = page["items"]
    while page["more"]:
        page = read(person, after=page["next_cursor"])
        events += page["items"]
    return list(events)


def newest(person: Person | Turbo) -> int:
    """The id of the last event."""
    return max((event["id"] for event in everything(person)), default=0)


def since(person: Person | Turbo, event: int) -> list[dict[str, Any]]:
    """Whole events after that one, oldest first."""
    return [each for each in everything(person) if each["id"] > event]


def pairs(event: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field to (before, after)."""
    return {change["field"]: (change.get("before"), change.get("after")) for change in event.get("changes", [])}


def ids(page: dict[str, Any]) -> list[int]:
    return [event["id"] for event in page["items"]]
