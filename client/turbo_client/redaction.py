"""Takes secrets out of what goes to stderr, crashes included. Nothing is imported before something is written there."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

GONE = "[redacted]"
SHORTEST = 6  # a shorter value would take ordinary words out of every line
_NAMES = ("KEY", "PEPPER", "SECRET", "TOKEN", "PASSWORD", "DATABASE_URL")
_PATTERNS = (
    (r"(turbo_pat_|sk-ant-)[\w-]{4,}", rf"\1{GONE}"),
    (r"(://[^\s:/@'\"]*:)\S{1,1000}@", rf"\1{GONE}@"),  # greedy: a password may hold an @
    (
        r"((?:authorization|x-api-key)\\?[\"']?\s*[:=,]\s*(?:b(?=[\"']))?\\?[\"']?)(?:(?:bearer|basic)\s+)?[^\s\"',)\\]+",
        rf"\1{GONE}",
    ),
    (r"(bearer\s+)[^\s\"',)\\]{8,}", rf"\1{GONE}"),
    (r"((?:password|passwd|pepper|secret)\\?[\"']?\s*[:=]\s*\\?[\"']?)[^\s\"'&,)\\]+", rf"\1{GONE}"),
)


def redact(text: str) -> str:
    import re

    for name, value in os.environ.items():
        if name.endswith(_NAMES) and len(value) >= SHORTEST:
            text = text.replace(value, GONE)
    for pattern, instead in _PATTERNS:
        text = re.sub(pattern, instead, text, flags=re.IGNORECASE)
    return text


class RedactedStream:
    """A text stream that lets whole lines through, without their secrets."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._line = ""

    def write(self, text: str) -> int:
        lines, end, rest = (self._line + text).rpartition("\n")
        self._line = rest
        if end:
            self._stream.write(redact(lines) + end)
        return len(text)

    def flush(self) -> None:
        line, self._line = self._line, ""
        if line:
            self._stream.write(redact(line))
        self._stream.flush()

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def guard_stderr() -> None:
    if sys.stderr is not None:  # there is none under pythonw
        sys.stderr = RedactedStream(sys.stderr)
