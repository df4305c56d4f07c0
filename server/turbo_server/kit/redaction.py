"""Takes secrets out of what is about to be written: the last thing that happens to a line of the log and of stderr."""

import os
import re
from collections.abc import Mapping
from typing import TextIO
from urllib.parse import unquote, urlsplit

GONE = "[redacted]"
SHORTEST = 6  # a shorter value would take ordinary words out of every line
_SECRET_NAME = re.compile(r"(?:KEY|PEPPER|SECRET|TOKEN|PASSWORD|DATABASE_URL|REPLICA_URL)$")
_SIGNS = ("turbo_pat_", "sk-ant-", "whsec_", "://", "authorization", "api-key", "passw", "pepper", "secret", "bearer")
_PATTERNS = (
    (re.compile(r"(turbo_pat_|sk-ant-|whsec_)[\w+/=-]{4,}"), rf"\1{GONE}"),
    (re.compile(r"(://[^\s:/@'\"]*:)\S{1,1000}@"), rf"\1{GONE}@"),  # greedy: a password may hold an @
    (
        re.compile(r"((?:authorization|x-api-key)\\?[\"']?\s*[:=,]\s*(?:b(?=[\"']))?\\?[\"']?)(?:(?:bearer|basic)\s+)?[^\s\"',)\\]+",
                   re.IGNORECASE),
        rf"\1{GONE}",
    ),
    (re.compile(r"(bearer\s+)[^\s\"',)\\]{8,}", re.IGNORECASE), rf"\1{GONE}"),
    (re.compile(r"((?:password|passwd|pepper|secret)\\?[\"']?\s*[:=]\s*\\?[\"']?)[^\s\"'&,)\\]+", re.IGNORECASE),
     rf"\1{GONE}"),
)  # fmt: skip


class Redaction:
    """Knows how secrets look, and the very ones of an environment."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._values = sorted(set(_secrets(environment)), key=len, reverse=True)

    def __call__(self, text: str) -> str:
        for value in self._values:
            text = text.replace(value, GONE)
        folded = text.lower()
        if any(sign in folded for sign in _SIGNS):
            for pattern, instead in _PATTERNS:
                text = pattern.sub(instead, text)
        return text


class RedactedStream:
    """A text stream that lets whole lines through, without their secrets: also what Python itself says of a crash."""

    def __init__(self, stream: TextIO, redact: Redaction) -> None:
        self._stream = stream
        self._redact = redact
        self._line = ""

    def write(self, text: str) -> int:
        lines, end, rest = (self._line + text).rpartition("\n")
        self._line = rest
        if end:
            self._stream.write(self._redact(lines) + end)
        return len(text)

    def flush(self) -> None:
        line, self._line = self._line, ""
        if line:
            self._stream.write(self._redact(line))
        self._stream.flush()

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def _secrets(environment: Mapping[str, str]) -> list[str]:
    given = [value.strip() for name, value in environment.items() if _SECRET_NAME.search(name)]
    passwords = [password for value in given if (password := _password(value))]
    found = [*given, *passwords, *map(unquote, passwords)]
    return [value for value in found if len(value) >= SHORTEST and not value.startswith("sqlite:")]


def _password(url: str) -> str | None:
    try:
        return urlsplit(url).password
    except ValueError:
        return None


redact = Redaction(os.environ)
