"""The two voices of the command line: `out` is data, `say` is talk."""

from __future__ import annotations

import os
import sys
from typing import Any


def out(text: str) -> None:
    """To stdout, for people and programs alike. A character the terminal cannot show, or would obey, becomes an escape:
    what is printed may be anybody's text."""
    _write(sys.stdout, text)


def say(text: str) -> None:
    _write(sys.stderr, text)


def emphasised(text: str) -> str:
    """Bold where stderr is a terminal that wants it; the words carry the meaning without it."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not sys.stderr.isatty()
    return text if plain else f"{_BOLD}{text}{_PLAIN}"


# C0 without line feed and tab, DEL, C1.
_COMMANDS = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def _harmless(text: str) -> str:
    """For a terminal. Our own emphasis stays: in others' text it does no harm either."""
    shown = text.translate(_COMMANDS)
    return shown.replace(_BOLD.translate(_COMMANDS), _BOLD).replace(_PLAIN.translate(_COMMANDS), _PLAIN)


def _write(stream: Any, text: str) -> None:
    if stream.isatty():
        text = _harmless(text)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, flush=True)
