"""Agents on a queue: sessions of one person, a clock to turn, and what they are given."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.server.harness import Person, Turbo
from turbo_server.kit.context import Caller
from turbo_server.kit.sql import sql

START = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


def three_issues(turbo: Turbo) -> Turbo:
    turbo.call("create_project", key="TURBO", name="Turbo")
    for title in ("one", "two", "three"):
        turbo.call("create_issue", project="TURBO", title=title)
    return turbo


def agent(turbo: Turbo, session: str | None, machine: str = "laptop") -> Person:
    return replace(turbo.ada, caller=Caller(machine=machine, session=session))


def take(person: Person, **arguments: object) -> str | None:
    """The key of the issue that was claimed."""
    answer = person.call("next_issue", claim=True, **arguments)
    return answer["issue"]["key"] if "issue" in answer else None


def history(turbo: Turbo, key: str) -> list[str]:
    rows = turbo.run(turbo.with_database(lambda db: db.fetch(sql("select action, key from events order by id"))))
    return [row["action"] for row in rows if row["key"] == key]
