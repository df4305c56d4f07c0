"""The two voices of the command line: `out` is data, `say` is talk."""

from __future__ import annotations

import os
import sys


def out(text: str) -> None:
    """To stdout, for people and programs alike. A character the terminal cannot show becomes an escape."""
    _write(sys.stdout, text)


def say(text: str) -> None:
    _write(sys.stderr, text)


def emphasised(text: str) -> str:
    """Bold where stderr is a terminal that wants it; the words carry the meaning without it."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty()
    return text if plain else f"\x1b[1m{text}\x1b[0m"


def _write(stream: object, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)  # type: ignore[call-overload]
