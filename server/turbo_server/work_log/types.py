"""What a logged piece of work looks like to a caller."""

from turbo_server.kit.errors import Conflict
from turbo_server.kit.schema import Moment, Result


class WorkLog(Result):
    author: str
    machine: str | None = None
    session: str | None = None
    at: Moment
    issue: str | None = None
    text: str
    minutes: int | None = None
    commit: str | None = None
    branch: str | None = None


class WorkReceipt(Result):
    """`minutes_today` is the caller's day over everything; `minutes_total` is the issue's, by everybody."""

    logged: str
    issue: str | None = None
    project: str | None = None
    status: str | None = None
    status_before: str | None = None
    minutes: int | None = None
    minutes_today: int
    minutes_total: int | None = None
    entries: int | None = None
    url: str | None = None


class WrongProject(Conflict):
    code = "wrong_project"

    def __init__(self, issue: str, project: str) -> None:
        super().__init__(f"{issue} is not an issue of {project}.", "Leave project out: the issue's key names it.")
