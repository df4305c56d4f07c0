"""What the queue's verbs answer, and what can go wrong with a claim."""

from datetime import date
from typing import Annotated, Literal

from turbo_server.activity.types import Change
from turbo_server.item.types import Item
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import Conflict
from turbo_server.kit.fields import Word
from turbo_server.kit.schema import Moment, Result, to_seconds

LEASE_SECONDS = 900
LEASE_HEADER = "Turbo-Lease"

Outcome = Annotated[Literal["done", "handed_back", "needs_human"], Word]


class Upcoming(Result):
    key: str
    title: str
    why: str
    due: date | None = None


class NextIssue(Result):
    """`claimed_until` moves on by itself while the proxy of the session runs."""

    why: str | None = None
    claimed_until: Moment | None = None
    issue: Item | None = None
    then: list[Upcoming]
    nothing: str | None = None


class Released(Result):
    key: str
    title: str
    status: str
    version: int
    outcome: str
    changed: list[Change]
    next: str
    url: str | None = None


class Leases(Result):
    """How many claims the session holds, and for how long from now."""

    leases: int
    seconds: int


def holder_words(row: Row) -> str:
    """`ada on laptop, session 7f3a`."""
    machine = f" on {row['machine']}" if row["machine"] else ""
    session = f", session {row['session'][:40]}" if row["session"] else ""
    return f"{row['person']}{machine}{session}"


class IssueClaimed(Conflict):
    code = "issue_claimed"

    def __init__(self, key: str, holder: Row) -> None:
        until = to_seconds(as_moment(holder["expires_at"]))
        super().__init__(
            f"{key} is claimed by {holder_words(holder)} until {until}.",
            "next_issue(claim=true) gives another; the claim ends when its holder releases it, or stops for long.",
        )


class NotTakeable(Conflict):
    code = "not_takeable"

    def __init__(self, key: str, why: str, hint: str) -> None:
        super().__init__(f"{key} {why}.", hint)
