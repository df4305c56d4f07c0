"""What a tool call knows besides its arguments: who calls, over which connection, and what time it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .database import Connection
from .kind import Found, Kind, Pager
from .limits import Creations
from .role import Role
from .scope import Scope
from .sight import EVERYTHING, Sight

if TYPE_CHECKING:
    from .answer import Then
    from .schema import Result
    from .tool import Tool

NEAR = timedelta(days=14)
RENEWAL_SHARE = 3  # of its time is left when a key is renewed: a month of 90 days
HashKey = Callable[[Connection, str], Awaitable[str]]
# Another verb, as the caller and in his transaction: its name and arguments. Raises what calling it would.
Perform = Callable[[str, dict[str, Any]], Awaitable["Result"]]
SEEN = "turbo.seen"  # where a request's scope holds its Seen


@dataclass(slots=True)
class Seen:
    """What a request turns out to be, for the log and the metrics: numbers and names of ours, never a caller's text."""

    request_id: str = ""
    tool: str | None = None
    key_id: int | None = None
    code: str | None = None  # of the error that it was answered with


@dataclass(frozen=True, slots=True)
class Caller:
    """What is known of a request beside the key: tells an author's machines apart, never grants access."""

    machine: str | None = None
    session: str | None = None
    utc_offset: timedelta = timedelta()
    idempotency_key: str | None = None  # as it came: only a call that writes looks at it
    address: str | None = None  # from the connection or from the proxy we stand behind: no caller can choose it
    client_version: str | None = None  # of turbo-client, by its own word
    seen: Seen = field(default_factory=Seen, compare=False)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind the key, and the machine and agent session the call came through."""

    account_id: int
    name: str
    workspace_id: int
    workspace: str
    key_id: int
    key_name: str
    key_last4: str
    machine: str | None
    session: str | None
    address: str | None = None
    scope: Scope = Scope.READ
    only_projects: frozenset[int] | None = None  # None: the key is limited to none
    key_machine: str | None = None
    key_expires_at: datetime | None = None
    key_renewal_days: int | None = None
    key_is_replaced: bool = False  # this secret of it: a newer one is in use
    role: Role = Role.VIEWER
    sight: Sight = EVERYTHING
    web_session_id: int | None = None  # where the call came with a session's cookie

    @property
    def author(self) -> dict[str, object]:
        """The columns that say who wrote a row."""
        return {"created_by": self.account_id, "machine": self.machine, "session": self.session}

    def near_end(self, now: datetime) -> date | None:
        """The day on which the key ends, where that is soon. A machine's key was renewed long before."""
        is_near = self.key_expires_at is not None and self.key_expires_at - now < NEAR
        return self.key_expires_at.date() if self.key_expires_at is not None and is_near else None

    def is_renewal_due(self, now: datetime) -> bool:
        """Whether the key ends soon, and whoever has it may renew it."""
        if self.key_expires_at is None or self.key_renewal_days is None or self.key_is_replaced:
            return False
        return self.key_expires_at - now < timedelta(days=self.key_renewal_days) / RENEWAL_SHARE


@dataclass(frozen=True, slots=True)
class Traits:
    """What of the server's settings changes what a verb answers. `wait` are the seconds for which a call waits for what
    is done beside it, looking again after `look_again`."""

    is_hosted: bool = False
    mentors_answer: bool = False  # by themselves: there is a key for it
    mentor_model: str = ""  # of those that have none of their own
    person_budget: int = 0  # of a day's answers, in millionths of a dollar
    workspace_budget: int = 0
    wait: float = 0.0
    look_again: float = 1.0


@dataclass(frozen=True, slots=True)
class Context:
    db: Connection
    actor: Actor
    now: datetime
    today: date
    utc_offset: timedelta
    web_url: str | None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    listings: Mapping[str, Pager] = field(default_factory=dict)  # of what has no keys
    # What a verb has to tell the program that passes its answer on, and not the model that reads it.
    answer_headers: dict[str, str] = field(default_factory=dict)
    creations: Creations = field(default_factory=Creations)
    hash_key: HashKey | None = None  # the form in which a key is stored
    perform: Perform | None = None
    afterwards: list[Then] = field(default_factory=list)  # the last of them is done: see answer.py
    traits: Traits = field(default_factory=Traits)
    tools: Mapping[str, Tool] = field(default_factory=dict)  # for a verb that does what others do, many times over

    def page_of(self, key: str) -> str | None:
        """The web address of an item, where a web page is configured."""
        return f"{self.web_url}/{key}" if self.web_url else None

    def kind_of(self, key: str) -> Kind:
        """Of a key that the argument's type has checked."""
        return next(kind for kind in self.kinds.values() if kind.is_key(key))

    async def find(self, key: str) -> Found:
        """The item of any key. Raises NotFound with the nearest keys."""
        return await self.kind_of(key).find(self, key)


def today_of(caller: Caller, now: datetime) -> date:
    """The caller's calendar day: `tomorrow` is theirs, not the server's."""
    return (now + caller.utc_offset).date()
