"""Every failure a caller may expect, and the one way it is rendered for all doors.

TurboError
├── InvalidArguments     422  the arguments object does not fit the tool
│   └── SecretInText          an API key in what is to be stored
├── InvalidCursor        422  a cursor that is damaged or belongs to another list
├── Unauthenticated      401  no key, or one that is wrong, revoked or malformed: always the same words
│   └── KeyExpired
├── ScopeMissing         403  the key may not do this
├── RoleMissing          403  the person may not do this, with any key
├── NotFound             404  base of the entities' own not-found errors
│   └── ToolNotFound
├── Conflict             409  base of what the present state forbids
├── (VersionConflict)    412  activity's own: the item was changed since the caller read it
├── TooLarge             413  a request body over the limit
├── TooSlow              408  a request body that does not come to its end
├── DatabaseProblem      503  base of what goes wrong with the database: database_errors.py
└── InternalError        500  a defect of ours; the details stay in the log
"""

from collections.abc import Iterable
from datetime import date
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from .text import clip

BODY_LIMIT = 1024 * 1024  # of a request, at every door


class TurboError(Exception):
    """An expected failure: `message` says what is wrong, `hint` what to do next."""

    status = 400
    code = "error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def as_envelope(self) -> dict[str, dict[str, Any]]:
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint}}

    @property
    def headers(self) -> dict[str, str]:
        return {}


class InvalidArguments(TurboError):
    status = 422
    code = "invalid_arguments"


class SecretInText(InvalidArguments):
    """Says nothing of the text: what is refused because it is secret must not come back in an answer or a log."""

    code = "secret_in_text"

    def __init__(self, tool: str) -> None:
        super().__init__(
            f"{tool}: the text holds a Turbo API key, and keys are not stored in texts; nothing was saved.",
            "Leave the key out and send the rest. Tell the person you work for that the key has been seen: "
            "`turbo-server keys revoke` ends it, if it is in use.",
        )


class InvalidCursor(TurboError):
    status = 422
    code = "invalid_cursor"

    def __init__(self) -> None:
        super().__init__(
            "This cursor does not belong to this list.",
            "Repeat the call without cursor, and pass next_cursor unchanged with the same filters and sort.",
        )


class Unauthenticated(TurboError):
    status = 401
    code = "unauthenticated"

    def __init__(self) -> None:
        super().__init__(
            "This API key is missing or not valid.",
            "Run `turbo-client login` with a key from `turbo-server keys create --name NAME`.",
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": "Bearer"}


class KeyExpired(Unauthenticated):
    """Said only to whoever holds the key itself."""

    code = "key_expired"

    def __init__(self, day: date) -> None:
        TurboError.__init__(
            self,
            f"This API key expired on {day.isoformat()}.",
            "Have a new one made with `turbo-server keys create --name NAME`, and run `turbo-client login` with it.",
        )


class ScopeMissing(TurboError):
    status = 403
    code = "scope_missing"

    def __init__(self, verb: str, needed: str, scope: str) -> None:
        super().__init__(
            f"This API key has the scope {scope}, and {verb} needs {needed}.",
            f"Ask the user for a key that may: `turbo-server keys create --name NAME --scope {needed}`, then"
            " `turbo-client login`.",
        )


class RoleMissing(TurboError):
    status = 403
    code = "role_missing"

    def __init__(self, verb: str, name: str, role: str, needed: str) -> None:
        wanted = "an owner" if needed == "admin" else "a member or an owner"
        super().__init__(
            f"{name} is a {role} of this workspace, and {verb} is for {wanted}.",
            "An owner can change that: `turbo-client people role NAME ROLE`. `turbo-client people` shows who is one.",
        )


class NotFound(TurboError):
    status = 404
    code = "not_found"


class ToolNotFound(NotFound):
    code = "tool_not_found"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        names = list(known)
        super().__init__(f"There is no tool {clip(name, 60)!r}.", closest(name, names) or f"Tools: {', '.join(names)}.")


class Conflict(TurboError):
    status = 409
    code = "conflict"


class TooLarge(TurboError):
    status = 413
    code = "too_large"

    def __init__(
        self, limit: int = BODY_LIMIT, hint: str = "Send less text: a single field holds at most 256 KiB."
    ) -> None:
        super().__init__(f"The request body is over {limit // 1024} KiB.", hint)


class TooSlow(TurboError):
    status = 408
    code = "too_slow"

    def __init__(self) -> None:
        super().__init__("The request's body did not arrive in time; nothing was saved.", "Send it again.")

    @property
    def headers(self) -> dict[str, str]:
        return {"Connection": "close"}


class InternalError(TurboError):
    status = 500
    code = "internal_error"

    def __init__(self, request_id: str = "") -> None:
        where = f" under request {request_id}" if request_id else ""
        super().__init__(
            "Something went wrong inside turbo-server; nothing was saved.",
            f"The server's log has the details{where}. Try again, and report it if it stays.",
        )


def nearest(keys: Iterable[str]) -> str:
    """`Nearest: ...` for keys that are there, or an empty string."""
    shown = ", ".join(keys)
    return f"Nearest: {shown}." if shown else ""


def closest(word: str, known: Iterable[str]) -> str:
    """`Did you mean ...?` for the nearest of the known words, or an empty string."""
    spelled = {candidate.lower(): candidate for candidate in known}
    near = get_close_matches(word.lower(), spelled, n=3, cutoff=0.55)
    near = [match for match in near if _is_slip(word.lower(), match)]
    likeness = [SequenceMatcher(None, match, word.lower()).ratio() for match in near]
    good = [spelled[match] for match, ratio in zip(near, likeness, strict=True) if ratio > likeness[0] - 0.1]
    return f"Did you mean {' or '.join(good)}?" if good else ""


def _is_slip(word: str, known: str) -> bool:
    """Whether one may well have been written for the other: a part of it, or a few letters away."""
    return (min(len(word), len(known)) >= 3 and (word in known or known in word)) or (
        slips_between(word, known) <= max(1, max(len(word), len(known)) // 3)
    )


def slips_between(one: str, other: str) -> int:
    """How many letters have to be put in, taken out, replaced, or swapped with their neighbour."""
    above: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, above, row = above, row, [number]
        for place, wanted in enumerate(other, 1):
            steps = [above[place] + 1, row[-1] + 1, above[place - 1] + (letter != wanted)]
            if before and place > 1 and letter == other[place - 2] and one[number - 2] == wanted:
                steps.append(before[place - 2] + 1)
            row.append(min(steps))
    return row[-1]
