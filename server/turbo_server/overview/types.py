"""The one screen that get_status answers."""

from datetime import date

from turbo_server.kit.schema import Moment, Result


class Line(Result):
    """`why` says in words what puts the issue where it stands."""

    key: str
    title: str
    status: str
    priority: str
    due: date | None = None
    assignee: str | None = None
    why: str | None = None


class Section(Result):
    total: int
    items: list[Line]


class Logged(Result):
    at: Moment
    by: str
    issue: str | None = None
    minutes: int | None = None
    text: str


class Status(Result):
    """`in_progress` is the caller's; due and queue are the caller's and nobody's."""

    me: str
    today: date
    scope: str
    open: int
    blocked: int
    in_progress: Section
    overdue: Section
    due_in_7_days: Section
    queue: Section
    recent_work: list[Logged]
    next: str | None = None
