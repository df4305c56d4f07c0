"""Whether a request that failed is sent again, after how long, and what is known of it in the end.

Sent again: what surely was not sent, and a read without an answer, a little; what the server is too busy for and says
when to come back; a write that its database was away for; and one of unknown outcome, with the same Idempotency-Key,
where the server promises that it does it once.
"""

from __future__ import annotations

import secrets

from turbo_client.errors import CallCancelled, CallFailed, NotReached, OutcomeUnknown, Refused

TYPE_CHECKING = False
if TYPE_CHECKING:
    from turbo_client.backend import Request

KEY_HEADER = "Idempotency-Key"
_QUICK = (0.25, 0.75)  # of a server that is not reached: whoever asks shall learn soon that it is not there
_BUSY_TRIES = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0
# Answered before the server looks at the key: these say nothing about what an earlier attempt has done.
_BEFORE_THE_KEY = frozenset({401, 403, 407, 408, 429, 503})


def pause(attempt: int) -> float:
    """Twice as long each time, and never for two clients alike."""
    longest: float = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(attempt, 10))
    return longest * (0.5 + secrets.randbelow(500) / 1000)


class Attempts:
    """Those made so far at one request."""

    def __init__(self, request: Request) -> None:
        self._reads = request.reads
        self._has_key = KEY_HEADER in request.headers
        self._count = 0
        self._unsettled: CallFailed | None = None

    @property
    def needs_promise(self) -> bool:
        """Whether sending it again could do it twice, on a server that does not look at the key."""
        return self._unsettled is not None

    def pause_after(self, failure: CallFailed) -> float | None:
        """How long to wait before it is sent again; None if it must not be."""
        attempt, self._count = self._count, self._count + 1
        if isinstance(failure, CallCancelled):
            return None
        if not failure.certain and not self._reads:
            self._unsettled = failure
        if self._unsettled is not None:
            return max(pause(attempt), _wait(failure) or 0.0) if self._has_key and _may_pass(failure) else None
        if isinstance(failure, NotReached | OutcomeUnknown):
            can_wait = failure.passing and attempt < len(_QUICK)
            return _QUICK[attempt] * secrets.randbelow(1000) / 1000 if can_wait else None
        wait = _wait(failure)
        if wait is None or not (self._reads or self._has_key):
            return None
        waits_on = isinstance(failure, Refused) and failure.nothing_was_saved and not self._reads
        if attempt >= _BUSY_TRIES - 1 and not waits_on:
            return None
        return max(wait, pause(attempt)) if waits_on else wait + secrets.randbelow(250) / 1000

    def outcome(self, last: CallFailed) -> CallFailed:
        """What to tell, once it is not sent again: a refusal of the last attempt may leave an earlier one open."""
        unsettled = self._unsettled
        if unsettled is None or isinstance(last, CallCancelled) or _settles(last):
            return last
        unknown = unsettled if last.certain else last
        if self._count == 1:
            return unknown
        return OutcomeUnknown(unknown.message, f"It was sent {self._count} times, as one and the same call.")


def _may_pass(failure: CallFailed) -> bool:
    """Whether the same request may well be answered a moment later."""
    if isinstance(failure, NotReached | OutcomeUnknown):
        return failure.passing
    return isinstance(failure, Refused) and (failure.status == 503 or _wait(failure) is not None)


def _wait(failure: CallFailed) -> float | None:
    """What the server asks for: because it is busy, or still at work on this very call."""
    if not isinstance(failure, Refused) or (failure.status == 429 and failure.is_long):
        return None  # a limit that lasts for minutes: whoever asks shall learn it now
    return failure.wait if failure.status in (429, 503) or failure.is_in_progress else None


def _settles(failure: CallFailed) -> bool:
    """Whether an answer like this one cannot be given to a call that was done before under its key."""
    return isinstance(failure, Refused) and failure.certain and failure.status not in _BEFORE_THE_KEY
