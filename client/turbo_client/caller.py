"""What each request says of who asks: the machine, the agent session, the clock. The server trusts none of it."""

from __future__ import annotations

import os
import socket
import time
import uuid

_LONGEST_HEADER = 4096
_PROCESS = str(uuid.uuid4())


def session_id() -> str:
    """Claude Code's session, else one of this process's own: agents side by side are told apart by it."""
    return os.environ.get("CLAUDE_CODE_SESSION_ID") or _PROCESS


def caller_headers(session: str | None = None) -> dict[str, str]:
    """`session`: of a shell, which outlives this process."""
    values = {
        "Turbo-Machine": socket.gethostname(),
        "Turbo-Session": session or session_id(),
        "Turbo-UTC-Offset": str(time.localtime().tm_gmtoff // 60),  # `tomorrow` is the user's, not the server's
    }
    return {name: value for name, value in values.items() if value and fits_header(value)}


def fits_header(value: str) -> bool:
    return value.isascii() and value.isprintable() and len(value) <= _LONGEST_HEADER
