"""What taking back looks like to a caller, and what forbids it."""

from collections.abc import Sequence

from turbo_server.kit.errors import Conflict, NotFound
from turbo_server.kit.schema import Moment, Result
from turbo_server.kit.text import clip


class UndoStep(Result):
    """`what` is what taking it back does."""

    event: int
    key: str | None = None
    by: str
    at: Moment
    action: str
    what: str


class UndoReport(Result):
    """`undone` or `would_undo` counts; `steps` shows the first of them, newest change first."""

    undone: int | None = None
    would_undo: int | None = None
    steps: list[UndoStep]
    in_the_way: list[str] | None = None
    left_as_it_is: list[str] | None = None
    next: str | None = None


class CannotUndo(Conflict):
    code = "cannot_undo"

    def __init__(self, obstacles: Sequence[str], hint: str) -> None:
        shown = " ".join(clip(each, 300) for each in obstacles[:3])
        more = f" And {len(obstacles) - 3} more." if len(obstacles) > 3 else ""
        super().__init__(f"Nothing was undone. {shown}{more}", hint)


class EventNotFound(NotFound):
    code = "event_not_found"

    def __init__(self, event: int) -> None:
        super().__init__(f"There is no event {event}.", "get_item(key=..., include=history) shows an item's events.")


class SessionNotFound(NotFound):
    code = "session_not_found"

    def __init__(self, session: str) -> None:
        super().__init__(
            f"No change was made in a session {clip(session, 60)!r}.",
            "get_item(key=..., include=history) shows the sessions of an item's changes; mine is this one.",
        )
