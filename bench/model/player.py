"""Plays each step on the server and on the model, and compares what both answer, show and write down."""

import copy
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.server.harness import Person, ToolFailed, Turbo
from turbo_server.catalogue import ENDPOINTS
from turbo_server.kit.context import Caller

from .claiming import end_claims, renew
from .world import Event, Refused, World, Writer, in_order

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
SHOWN = ("title", "status", "priority", "assignee", "due", "question")
SHOWN_COMMENTS = 10
FROM_THE_OTHER_END = {"duplicates": "duplicated_by", "implements": "implemented_by"}
UNKNOWN_TO_THE_MODEL = ("type",)
Change = Callable[[World], Any]


class Clock:
    """The server's and the model's."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


class Difference(AssertionError):
    """The server and the model do not agree."""


class Player:
    """One project and its sessions; other players' projects in the same database do not meet it."""

    def __init__(self, turbo: Turbo, clock: Clock, people: dict[str, Person], project: str,
                 refused: Counter[str]) -> None:  # fmt: skip
        self.turbo, self.clock, self.people = turbo, clock, people
        self.writers = [Writer("ada", f"{project}-a1"), Writer("ada", f"{project}-a2"), Writer("ben", f"{project}-b1")]
        self.refused = refused
        self.differs = False
        self._maker = Writer("ada", f"{project}-0")
        self.world = World(project, clock.now)
        self._person(self._maker).call("create_project", key=project, name=project)
        self._cursor = self._feed("latest")["next_cursor"]

    def play(self, by: Writer, tool: str, arguments: dict[str, Any], change: Change) -> dict[str, Any]:
        """The server's answer; empty when both refuse."""
        self.wait(timedelta(seconds=1))
        said = f"{by.session} {tool} {arguments}"
        self.differs = True  # until all of it is compared
        wanted, refused = self._expected(change)
        answer, code = self._answered(by, tool, arguments)
        _same(f"{said}: refused with", code, refused)
        self.world = wanted
        self.refused.update([code] if code else [])
        self._compare_events(said)
        self._compare_list(said)
        for key in {str(value) for value in arguments.values() if value in self.world.issues}:
            self.compare_item(key)
        self.differs = False
        return answer

    def renew(self, by: Writer) -> None:
        _same(f"{by.session} renews", self._lease(by, "POST"), renew(self.world, by))

    def end_claims(self, by: Writer) -> None:
        end_claims(self.world, by)
        _same(f"{by.session} ends its claims", self._lease(by, "DELETE"), 0)

    def wait(self, time: timedelta) -> None:
        self.clock.now += time
        self.world.now = self.clock.now

    def compare_all(self) -> None:
        for key in self.world.issues:
            self.compare_item(key)

    def _expected(self, change: Change) -> tuple[World, str | None]:
        world = copy.deepcopy(self.world)
        try:
            change(world)
        except Refused as error:
            return self.world, error.code
        return world, None

    def _answered(self, by: Writer, tool: str, arguments: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        try:
            return self._person(by).call(tool, **arguments), None
        except ToolFailed as failure:
            return {}, failure.code

    def _person(self, by: Writer) -> Person:
        return replace(self.people[by.person], caller=Caller(machine="desk", session=by.session))

    def _lease(self, by: Writer, method: str) -> int:
        return int(self._endpoint("/v1/leases", method, self._person(by), {})["leases"])

    def _endpoint(self, path: str, method: str, person: Person, arguments: dict[str, Any]) -> dict[str, Any]:
        (tool,) = [each.tool for each in ENDPOINTS if (each.path, each.method) == (path, method)]
        body = json.dumps(arguments).encode()
        answer = self.turbo.run(self.turbo.runner.answer_endpoint(tool, body, person.token, person.caller))
        result: dict[str, Any] = json.loads(answer.body)
        return result

    def _feed(self, after: str) -> dict[str, Any]:
        return self._endpoint("/v1/events", "GET", self._person(self._maker), {"after": after})

    def _compare_events(self, said: str) -> None:
        """What the model says must have been written down; it learns the numbers that the server gave."""
        page = self._feed(self._cursor)
        self._cursor = page["next_cursor"]
        wanted = [event for event in self.world.events if event.id is None]
        _same(f"{said}: events", [_written(each) for each in page["items"]], [_foreseen(each) for each in wanted])
        for event, written in zip(wanted, page["items"], strict=True):
            event.id = written["id"]
            if event.action == "commented":
                comment = next(each["after"] for each in written["changes"] if each["field"] == "comment")
                event.changes["comment"] = (None, comment)
                self.world.comments.setdefault(event.key, set()).add(comment)

    def _compare_list(self, said: str) -> None:
        person = self._person(self._maker)
        common = {"project": self.world.project, "limit": 100, "sort": "key"}
        there = person.call("list_issues", **common)["items"]
        away = person.call("list_issues", **common, status=["archived"])["items"]
        items, gone = self.world.items, self.world.items[self.world.project]["archived_at"]
        hidden = [key for key in self.world.issues if gone or items[key]["archived_at"]]
        _same(f"{said}: list", there, [self._row(key) for key in self.world.issues if key not in hidden], _brief)
        _same(f"{said}: archived", away, [self._row(key) for key in hidden], _brief)

    def _row(self, key: str) -> dict[str, Any]:
        item = self.world.items[key]
        blocked = self.world.waits(key) or item["status"] == "blocked"
        return {"key": key, **{name: item[name] for name in SHOWN[:-1]}, "blocked": blocked or None}

    def compare_item(self, key: str) -> None:
        world, item = self.world, self.world.items[key]
        shown = self._person(self._maker).call("get_item", key=key, include=["links", "comments"])
        there = [each for each in world.issues if not world.items[each]["archived_at"]]
        wanted = {
            **{name: item[name] for name in SHOWN},
            "parent": item["parent"],
            "blocked_by": item["blocked_by"],
            "blocks": [each for each in world.waiting_for(key) if each in there],
            "sub_issues": [each for each in there if world.items[each]["parent"] == key],
            "blocked": world.waits(key) or item["status"] == "blocked" or None,
            **{name: item[name] for name in ("archived_at", "started_at", "finished_at")},
            "links": sorted(_links(world, key)),
            "comments": sorted(world.comments.get(key, ()))[-SHOWN_COMMENTS:],
        }
        _same(f"get_item {key}", _of_item(shown), wanted)


def _same(said: str, got: Any, wanted: Any, shape: Callable[[Any], Any] = lambda value: value) -> None:
    got = [shape(each) for each in got] if isinstance(got, list) else shape(got)
    if got != wanted:
        raise Difference(f"{said}\n  server {got}\n  model  {wanted}")


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ("key", *SHOWN[:-1], "blocked")}


def _of_item(shown: dict[str, Any]) -> dict[str, Any]:
    keys = {name: [each["key"] for each in shown.get(name, [])] for name in ("blocked_by", "blocks", "sub_issues")}
    return {
        **{name: shown.get(name) for name in SHOWN},
        "parent": shown.get("parent", {}).get("key"),
        "blocked_by": in_order(keys["blocked_by"]),
        "blocks": in_order(keys["blocks"]),
        "sub_issues": in_order(keys["sub_issues"]),
        "blocked": shown.get("blocked"),
        **{name: _moment(shown.get(name)) for name in ("archived_at", "started_at", "finished_at")},
        "links": sorted((each["type"], each["key"]) for each in shown.get("links", [])),
        "comments": sorted(each["id"] for each in shown.get("latest_comments", [])),
    }


def _links(world: World, key: str) -> list[tuple[str, str]]:
    return [
        (kind, end) if start == key else (FROM_THE_OTHER_END.get(kind, kind), start)
        for kind, start, end in world.links
        if key in (start, end)
    ]


def _written(event: dict[str, Any]) -> tuple[Any, ...]:
    changes = {
        each["field"]: (_value(each["field"], each.get("before")), _value(each["field"], each.get("after")))
        for each in event.get("changes", ())
        if each["field"] not in UNKNOWN_TO_THE_MODEL
    }
    if event["action"] == "commented":
        changes["comment"] = (None, None)  # its number is the server's to give
    return event["key"], event["action"], event["person"], event["session"], changes, event.get("undoes")


def _foreseen(event: Event) -> tuple[Any, ...]:
    return event.key, event.action, event.by.person, event.by.session, event.changes, event.undoes


def _value(name: str, value: Any) -> Any:
    return _moment(value) if name.endswith("_at") else value


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
