"""What a proposal looks like to a caller, and what can go wrong with deciding on one."""

from collections.abc import Sequence
from typing import Any

from turbo_server.kit.database import Row
from turbo_server.kit.errors import Conflict, NotFound
from turbo_server.kit.schema import Moment, Result


class Proposal(Result):
    """`risk` is the server's judgement. `arguments` are shown in short where they are long, and done in full."""

    number: int
    tool: str
    arguments: dict[str, Any]
    reason: str
    risk: str
    state: str
    decided_by: str | None = None
    decided_at: Moment | None = None
    done: dict[str, Any] | None = None


class ProposalNotFound(NotFound):
    code = "proposal_not_found"

    def __init__(self, key: str, number: int, known: Sequence[int]) -> None:
        numbers = f"Its proposals: {', '.join(map(str, known))}." if known else "Nothing was proposed in it."
        super().__init__(f"{key} has no proposal {number}.", f"{numbers} get_item(key={key}) shows it.")


class ProposalDecided(Conflict):
    code = "proposal_decided"

    def __init__(self, key: str, row: Row, state: str) -> None:
        by = f" by {row['decided_by']}" if row["decided_by"] else ""
        super().__init__(
            f"Proposal {row['number']} of {key} is {state}{by}; nothing was done now.",
            f"get_item(key={key}) shows what became of it. What you still want done, do with {row['tool']} itself.",
        )
