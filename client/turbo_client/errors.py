"""Everything that can go wrong in an expected way, each with a sentence that says what to do next.

TurboClientError
    BadConfiguration        the server's address or a file of ours cannot be used
    NotLoggedIn             there is no API key
        MalformedKey        there is one, but its checksum says that it was mistyped
        KeyStoreFailed      the keyring or the key file would not give or take it
    ServerTooOld            the server cannot do it yet
    UsageError              the command line asks for something that cannot be
    FileRefused             an argument names a file that is not read: outside of the project folder, a secret, no text
    CallFailed              a request to the server did not bring a result
        NotReached          surely not sent
        OutcomeUnknown      sent, and no answer that tells what became of it
        Refused             the server answered with an error
            KeyRefused      ... because it does not accept the key
            ToolUnknown     ... because it has no such tool
        CallCancelled       given up by the one who asked; nothing is to be answered
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# Errors are named for what went wrong, not for being errors.


class TurboClientError(Exception):
    """`message` says what is the case, `hint` what to do next. Neither ever holds a key or foreign exception text."""

    code = "client_error"

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def text(self) -> str:
        return f"{self.message} {self.hint}".strip()

    @property
    def details(self) -> Mapping[str, object]:
        """What else the server says of it, for whoever can use that: such as the present state of what was changed."""
        return {}

    @property
    def fields(self) -> dict[str, object]:
        """As JSON says it."""
        return {"code": self.code, "message": self.message, "hint": self.hint, **self.details}


class BadConfiguration(TurboClientError):
    code = "bad_configuration"


class NotLoggedIn(TurboClientError):
    code = "not_logged_in"


class MalformedKey(NotLoggedIn):
    code = "malformed_key"


class KeyStoreFailed(NotLoggedIn):
    code = "key_store_failed"


class ServerTooOld(TurboClientError):
    code = "server_too_old"


class UsageError(TurboClientError):
    code = "usage"


class FileRefused(TurboClientError):
    code = "file_refused"


class CallFailed(TurboClientError):
    """`certain` tells whether the server surely did nothing of what was asked."""

    code = "call_failed"
    certain = True


class NotReached(CallFailed):
    """`passing` says that the same request may well succeed a moment later."""

    code = "not_reached"

    def __init__(self, message: str, hint: str, *, passing: bool = True) -> None:
        super().__init__(message, hint)
        self.passing = passing


class OutcomeUnknown(CallFailed):
    """`passing` says that the same request may well be answered a moment later."""

    code = "outcome_unknown"
    certain = False

    def __init__(self, message: str, hint: str, *, passing: bool = False) -> None:
        super().__init__(message, hint)
        self.passing = passing


class Refused(CallFailed):
    """An error of the server's own. `wait` is its Retry-After in seconds, when it gave one: cut to what a call may last
    where it is longer, and then `is_long`."""

    def __init__(
        self,
        message: str,
        hint: str,
        *,
        status: int,
        code: str,
        wait: float | None = None,
        is_long: bool = False,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message, hint)
        self._details = details or {}
        self.status = status
        self.code = code
        self.wait = wait
        self.is_long = is_long
        self.certain = (status < 500 and not self.is_in_progress) or self.nothing_was_saved

    @property
    def nothing_was_saved(self) -> bool:
        """The server itself says why it could not. Of a database that went away during the commit it says another."""
        return self.status == 503 and not self.code.startswith("http_") and self.code != OutcomeUnknown.code

    @property
    def details(self) -> Mapping[str, object]:
        return self._details

    @property
    def is_in_progress(self) -> bool:
        """An earlier sending of this very call is still being worked on."""
        return self.code == "idempotency_key_in_use"


class KeyRefused(Refused):
    pass


class ToolUnknown(Refused):
    pass


class CallCancelled(CallFailed):
    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("The call was cancelled.", "")
