"""Sessions as the web page sees them."""

from typing import Annotated

from pydantic import Field

from turbo_server.kit.errors import NotFound, TurboError
from turbo_server.kit.schema import Moment, Result
from turbo_server.kit.scope import Scope


class SignedIn(Result):
    """The session itself is in the cookie that comes with this."""

    id: int
    name: str
    workspace: str
    scope: Scope
    expires_at: Moment


class SessionShown(Result):
    id: int
    key_id: int
    key_name: str
    created_at: Moment
    last_used_at: Moment
    expires_at: Moment
    is_current: bool


class Sessions(Result):
    items: list[SessionShown]


class SessionsEnded(Result):
    ended: Annotated[int, Field(description="How many sessions that ended")]


class Link(Result):
    """`code` is shown once. `page` is left out where the page is the server's own."""

    code: str
    page: str | None = None
    expires_at: Moment


class SessionNotFound(NotFound):
    code = "session_not_found"

    def __init__(self, session_id: int) -> None:
        super().__init__(
            f"There is no session {session_id} that this key may see.",
            "`GET /v1/session` lists yours: those of keys that may do no more than the one which asks.",
        )


class KeyNeeded(TurboError):
    """A session makes no other: it could prolong itself for ever."""

    status = 403
    code = "key_needed"

    def __init__(self) -> None:
        super().__init__(
            "A link to sign in is made with a key, and not from a page that is signed in.",
            "Run `turbo-client web` on the machine that has the key.",
        )
