"""What the server holds for this session as long as it lives: a sign of life in time, and a word at the end.

An answer's Turbo-Lease header says for how many seconds something is held; what that is, nothing here knows.
"""

from __future__ import annotations

import threading

from turbo_client.alarms import Alarm
from turbo_client.backend import Request
from turbo_client.caller import caller_headers
from turbo_client.errors import TurboClientError
from turbo_client.hangup import TIMED_OUT, Hangup

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from turbo_client.link import Link

HEADER = "turbo-lease"
_PATH = "/v1/leases"
_LONGEST = 86_400


class Leases:
    """One session's. Signs of life are given in threads of their own: alarms must be short."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._lock = threading.Lock()
        self._alarm: Alarm | None = None
        self._seconds = 0

    @property
    def held(self) -> bool:
        return self._seconds > 0

    def notice(self, headers: Mapping[str, str]) -> None:
        """An answer's headers: from now on something is held for so long, or nothing any more."""
        value = headers.get(HEADER, "")
        if value.isascii() and value.isdigit():
            self._hold(min(int(value[:9]), _LONGEST))

    def close(self, seconds: float) -> None:
        """Let go of everything within that time; what cannot be told lapses by itself."""
        if not self.held:
            return
        self._hold(0)
        hangup = Hangup()
        self._link.alarms.after(seconds, lambda: hangup.cut(TIMED_OUT))
        self._tell("DELETE", hangup)

    def _hold(self, seconds: int) -> None:
        with self._lock:
            self._seconds = seconds
            if self._alarm is not None:
                self._alarm.cancel()
            self._alarm = self._link.alarms.after(seconds / 3, self._renew_behind) if seconds else None

    def _renew_behind(self) -> None:
        threading.Thread(target=self._renew, name="lease", daemon=True).start()

    def _renew(self) -> None:
        held = self._seconds
        if not held or self._tell("POST", None):
            return
        with self._lock:
            is_latest = self._seconds == held
        if is_latest:
            self._hold(held)  # not reached: again after the next third

    def _tell(self, method: str, hangup: Hangup | None) -> bool:
        """Whether the server has heard it."""
        try:
            answer = self._link.ask(Request(method, _PATH, headers=caller_headers(), body=b"{}"), hangup)
        except TurboClientError:
            return False
        if method == "POST":
            self.notice(answer.headers)
        return True
