"""The one screen that get_status answers."""

from datetime import date

from turbo_server.kit.schema import Moment, Result


class Line(Result):
    """`why` says in words what puts the issue where it stands; `state` and `next_step` are of its handoff."""

    key: str
    title: str
    status: str
    priority: str
    due: date | None = None
    assignee: str | None = None
    claimed_by: str | None = None
    state: str | None = None
    next_step: str | None = None
    question: str | None = None
    why: str | None = None


class Section(Result):
    """`total` counts to a hundred."""

    total: int
    more: bool | None = None
    items: list[Line]


class Logged(Result):
    at: Moment
    by: str
    issue: str | None = None
    minutes: int | None = None
    text: str


class Status(Result):
    """`in_progress` is the caller's; due and queue are the caller's and nobody's; questions wait for any person.

    With `more_open`, there are more than `open` says; with `more_blocked`, `blocked` is of the 1,000 most important.
    """

    me: str
    today: date
    scope: str
    open: int
    more_open: bool | None = None
    blocked: int
    more_blocked: bool | None = None
    questions: Section | None = None
    in_progress: Section
    overdue: Section
    due_in_7_days: Section
    queue: Section
    recent_work: list[Logged]
    next: str | None = None
