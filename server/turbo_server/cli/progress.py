"""How far something has come, on stderr: a line every few seconds, and none for what is done at once."""

import sys
import time

from turbo_server.cli import say

_EVERY_SECONDS = 3.0


class Progress:
    """Called with what is done, with which table, and how many rows more."""

    def __init__(self) -> None:
        self.started = self._said = time.monotonic()
        self._at = ("", "")
        self._rows = 0

    def __call__(self, what: str, table: str, rows: int) -> None:
        if (what, table) != self._at:
            self._at, self._rows = (what, table), 0
        self._rows += rows
        since = self._said if table else self.started  # a step without a table may take long: it is said as it begins
        if time.monotonic() - since >= _EVERY_SECONDS:
            self._said = time.monotonic()
            say(f"  {what} {table}: {self._rows:,} rows" if table else f"  {what}")
            sys.stderr.flush()

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started

    def pace(self, rows: int) -> str:
        return f"{rows:,} rows in {self.seconds:,.1f} s ({rows / max(self.seconds, 0.001):,.0f} a second)"
