"""Results that are not there yet: what to call again with, and what is going on meanwhile.

An answer's Turbo-Pending header says both: {"arguments": {...}, "message": "..."}; which tool that is, nothing here
knows.
"""

from __future__ import annotations

import time
from typing import Any

from turbo_client import json_text
from turbo_client.errors import CallCancelled, TurboClientError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from turbo_client.answers import Answer
    from turbo_client.hangup import Hangup

HEADER = "turbo-pending"
LONGEST_SECONDS = 100.0  # Claude Code puts a call of two minutes into the background
PAUSE_SECONDS = 1.0  # from one call to the next, if the server itself has not waited
_LONGEST_MESSAGE = 300


def awaited(
    answer: Answer, again: Callable[[str], Answer], tell: Callable[[str], None], hangup: Hangup | None = None
) -> Answer:
    """The answer once its result is there, or as it is when that takes too long, or the server is lost meanwhile.

    `again` calls with the JSON text of other arguments. Raises CallCancelled.
    """
    ending, said = time.monotonic() + LONGEST_SECONDS, ""
    while told := _told(answer):
        arguments, message = told
        if message != said:
            tell(message)
            said = message
        began = time.monotonic()
        if began > ending:
            break
        try:
            later = again(json_text.dump(arguments))
        except CallCancelled:
            raise
        except TurboClientError:
            break  # what is there already says how to look later
        answer = later
        _pause(began, hangup)
    return answer


def _pause(began: float, hangup: Hangup | None) -> None:
    left = began + PAUSE_SECONDS - time.monotonic()
    if left <= 0:
        return
    if hangup is None:
        time.sleep(left)
    elif hangup.wait(left):
        raise CallCancelled


def _told(answer: Answer) -> tuple[dict[str, Any], str] | None:
    """None where the result is there, and for what is no such header."""
    try:
        told = json_text.parse(answer.headers.get(HEADER, "null"))
    except (ValueError, RecursionError):
        return None
    arguments = told.get("arguments") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(arguments, dict):
        return None
    message = told.get("message")
    return arguments, message[:_LONGEST_MESSAGE] if isinstance(message, str) else ""
