"""What a conversation looks like to a caller, and what can go wrong with one."""

from typing import Literal

from turbo_server.kit.errors import Conflict, NotFound, nearest
from turbo_server.kit.schema import Moment, Result

# waiting: the brief was handed out, and record_answer is awaited; working: the server's own answer is under way.
StateName = Literal["waiting", "working", "done", "failed"]


class Turn(Result):
    """A question and its answer. `cited` are the keys that stand in the answer."""

    turn: int
    by: str
    machine: str | None = None
    session: str | None = None
    at: Moment
    state: StateName
    question: str
    answer: str | None = None
    recorded_by: str | None = None
    model: str | None = None
    answered_at: Moment | None = None
    cited: list[str] | None = None
    cost: str | None = None
    error: str | None = None


class ConversationNotFound(NotFound):
    code = "conversation_not_found"

    def __init__(self, key: str, last: int, near: list[str]) -> None:
        numbered = f"They go up to ASK-{last}." if last else "There is none yet: ask_mentor begins one."
        super().__init__(f"There is no conversation {key}.", f"{numbered} {nearest(near)}".strip())


class NothingWaits(Conflict):
    code = "nothing_waits"

    def __init__(self, key: str, turn: int | None) -> None:
        what = f"{key} has no turn {turn} that" if turn else f"No question of {key}"
        super().__init__(
            f"{what} waits for an answer.",
            f"get_item(key={key}) shows its turns; ask_mentor(conversation={key}, question=...) asks another.",
        )
