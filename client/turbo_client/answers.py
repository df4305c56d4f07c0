"""What the server's answers mean: a JSON object, or an error envelope turned into one of ours."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import Any

from turbo_client import json_text
from turbo_client.errors import KeyRefused, OutcomeUnknown, Refused, ToolUnknown

LONGEST_WAIT = 30.0
_GATEWAY = (502, 504)  # something in front of the server did not get its answer
_ENVELOPE = ("code", "message", "hint")
_WRONG_SERVER = "Is TURBO_API_URL, or the --url of `turbo-client login`, the address of a Turbo-Plan server?"


class Answer:
    """A response read to its end."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def json_object(self) -> dict[str, Any]:
        """Raises OutcomeUnknown: a success whose result cannot be read may still have been one."""
        value = _parsed(self.body)
        if not isinstance(value, dict):
            raise OutcomeUnknown("The server's answer is not a JSON object.", _WRONG_SERVER)
        return value

    @property
    def max_age(self) -> int:
        """Seconds of its Cache-Control, 0 without."""
        for directive in self.headers.get("cache-control", "").split(","):
            name, _, value = directive.strip().partition("=")
            if name.lower() == "max-age" and value.isascii() and value.isdigit():
                return min(int(value[:9]), 86_400)
        return 0


def require_success(answer: Answer) -> Answer:
    """The answer itself if it is a 200 or a 304, else raises what it means."""
    if answer.status in (200, 304):
        return answer
    if 300 <= answer.status < 400:
        raise Refused(
            "The server redirects to another address, which is not followed.",
            _WRONG_SERVER,
            status=answer.status,
            code="redirected",
        )
    error = _envelope(answer.body)
    if error is not None:
        raise _from_envelope(answer, error)
    raise _without_envelope(answer)


def _envelope(body: bytes) -> dict[str, Any] | None:
    value = _parsed(body)
    error = value.get("error") if isinstance(value, dict) else None
    return error if isinstance(error, dict) and isinstance(error.get("message"), str) else None


def _parsed(body: bytes) -> object:
    """None for what is not JSON in UTF-8: json.loads on bytes would take UTF-16, a byte order mark and NaN as well."""
    try:
        return json_text.parse(body.decode())
    except (ValueError, RecursionError):
        return None


def _from_envelope(answer: Answer, error: dict[str, Any]) -> Refused | OutcomeUnknown:
    message, hint, code = error["message"], error.get("hint"), error.get("code")
    hint = hint if isinstance(hint, str) else ""
    code = code if isinstance(code, str) else f"http_{answer.status}"
    if answer.status >= 500 and answer.status != 503:
        return OutcomeUnknown(message, hint, passing=answer.status in _GATEWAY)
    kind = KeyRefused if answer.status == 401 else ToolUnknown if code == "tool_not_found" else Refused
    asked = _wait(answer)
    is_long = asked is not None and asked > LONGEST_WAIT
    details = {name: value for name, value in error.items() if name not in _ENVELOPE}
    return kind(message, hint, status=answer.status, code=code, wait=_cut(asked), is_long=is_long, details=details)


def _without_envelope(answer: Answer) -> Refused | OutcomeUnknown:
    """Something between us and the server answered: its page is foreign text, so only the status is told."""
    status, wait = answer.status, _cut(_wait(answer))
    message = f"The answer was HTTP {status}, and not from Turbo-Plan."
    if status == 401:
        return KeyRefused(message, _WRONG_SERVER, status=status, code="http_401")
    if status in (429, 503):
        hint = f"Try again in {wait:.0f} seconds." if wait else "Try again in a minute."
        return Refused("The server is busy or starting.", hint, status=status, code=f"http_{status}", wait=wait)
    if status >= 500:
        return OutcomeUnknown(message, "Try again in a minute.", passing=status in _GATEWAY)
    return Refused(message, _WRONG_SERVER, status=status, code=f"http_{status}", wait=wait)


def _wait(answer: Answer) -> float | None:
    """Retry-After as seconds or as a date; None if it is missing or garbage."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        due = parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(due - time.time(), 0.0)


def _cut(wait: float | None) -> float | None:
    return None if wait is None else min(wait, LONGEST_WAIT)
