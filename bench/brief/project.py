"""Puts the sample project into a database as its people would have: in the order of the days, each with a key."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.server.harness import Person, Turbo

SAMPLE = Path(__file__).parent / "sample"
YEAR = 2026
FIRST = datetime(YEAR, 3, 1, 8, tzinfo=UTC)
LAST = "08-26"
PLAIN = ("text", "milestone", "initiative", "parent", "due", "type", "priority", "assignee")


@dataclass
class Clock:
    """Stands at the day that is being told of, and goes on by a second with every call."""

    now: datetime = FIRST
    later: timedelta = timedelta()  # how much later than the sample tells it all is to have happened

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def move_to(self, day: str) -> None:
        month, number = map(int, day.split("-"))
        self.now = max(self.now, datetime(YEAR, month, number, 9, tzinfo=UTC) + self.later)

    def due(self, arguments: dict[str, Any]) -> dict[str, Any]:
        due = arguments.get("due")
        return arguments | ({"due": str(date.fromisoformat(due) + self.later)} if due else {})


@dataclass(frozen=True)
class Step:
    day: str
    order: int  # of the same day: what is made comes before what is said of it
    by: str
    tool: str
    arguments: dict[str, Any]
    makes: str = ""


def fill(turbo: Turbo, clock: Clock) -> None:
    """Raises AssertionError where a step made another key than the sample says."""
    people = {name: turbo.person(name) for name in _read("plan")["people"]}
    for step in sorted(_steps(), key=lambda step: (step.day, step.order)):
        clock.move_to(step.day)
        made = _done(people[step.by], step.tool, clock.due(step.arguments))
        assert not step.makes or made["key"] == step.makes, (step.makes, made)
    clock.move_to(LAST)


def questions() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _read("questions")["question"]
    return found


def keys() -> set[str]:
    return {step.makes for step in _steps() if step.makes}


def _done(person: Person, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    return person.call(tool, **{name: value for name, value in arguments.items() if value is not None})


def _steps() -> Iterator[Step]:
    plan = _read("plan")
    for each in plan["project"]:
        arguments = {"key": each["key"], "name": each["name"], "description": each["text"]}
        yield Step(each["day"], 0, "ada", "create_project", arguments)
    for kind in ("initiative", "milestone"):
        for each in plan[kind]:
            yield from _planned(kind, each)
    for each in _read("decisions")["decision"]:
        yield from _decided(each)
    for each in _read("documents")["document"]:
        arguments = {"project": each["key"].split("-")[0], "title": each["title"], "text": each["text"].lstrip()}
        yield Step(each["day"], 1, each["by"], "create_document", {**arguments, "status": "published"}, each["key"])
    for name in ("lend", "desk"):
        for each in _read(name)["issue"]:
            yield from _issue(each)


def _planned(kind: str, each: dict[str, Any]) -> Iterator[Step]:
    arguments = {"project": each["key"].split("-")[0], "title": each["title"], "description": each["text"],
                 "due": each.get("due")}  # fmt: skip
    yield Step(each["day"], 1, each["by"], f"create_{kind}", arguments, each["key"])
    if "status" in each:
        yield Step("08-25", 9, each["by"], f"update_{kind}", {"key": each["key"], "status": each["status"]})


def _decided(each: dict[str, Any]) -> Iterator[Step]:
    arguments = {name: each[name] for name in each if name not in ("key", "day", "by", "supersedes")}
    arguments["options"] = [{"title": title} for title in each.get("options", [])]
    yield Step(each["day"], 1, each["by"], "create_decision", arguments, each["key"])
    if "supersedes" in each:
        replaced = {"key": each["supersedes"], "superseded_by": each["key"]}
        yield Step(each["day"], 2, each["by"], "update_decision", replaced)


def _issue(each: dict[str, Any]) -> Iterator[Step]:
    key, by = each["key"], each["by"]
    plain = {name: each[name] for name in PLAIN if name in each and name not in ("parent", "text")}
    arguments = {"project": key.split("-")[0], "title": each["title"], "description": each.get("text"), **plain}
    yield Step(each["day"], 3, by, "create_issue", arguments, key)
    for said in each.get("comments", []):
        day, person, text = _said(said)
        yield Step(day, 5, person, "add_comment", {"key": key, "text": text})
    for said in each.get("work", []):
        day, person, text = _said(said)
        name, minutes = person.split(" ")
        yield Step(day, 6, name, "log_work", {"issue": key, "text": text, "minutes": int(minutes)})
    yield from _ends(each, key, by)


def _ends(each: dict[str, Any], key: str, by: str) -> Iterator[Step]:
    """What an issue can be told only when the others are there: made later, or decided later."""
    links: dict[str, Any] = {name: each[name] for name in ("parent", "blocked_by") if name in each}
    if links:
        yield Step("08-25", 7, by, "update_issue", links | {"key": key})
    if "implements" in each:
        link = {"from": key, "type": "implements", "to": each["implements"]}
        yield Step("08-25", 7, by, "link_items", link)
    status = "done" if "done" in each else each.get("status")
    if status:
        yield Step(each.get("done", "08-24"), 8, by, "update_issue", {"key": key, "status": status})


def _said(text: str) -> tuple[str, str, str]:
    """`04-30 mira: Eleven lapsed` and `04-30 mira 90: Eleven lapsed`: day, who, what."""
    head, _, said = text.partition(": ")
    day, _, who = head.partition(" ")
    return day, who, said


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((SAMPLE / f"{name}.toml").read_text())
