"""The session of a shell: the same for all commands of one terminal, so that a claim or an undo knows its own."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import subprocess
from pathlib import Path

from turbo_client.config import set_value


def shell_session() -> str:
    """What the environment says, else a name made of what stays the same while the terminal is open."""
    for given in (os.environ.get("TURBO_SESSION"), os.environ.get("CLAUDE_CODE_SESSION_ID")):
        if named := set_value(given):
            return named
    leader = os.getsid(0) if hasattr(os, "getsid") else os.getppid()
    marks = f"{socket.gethostname()} {leader} {_began(leader)}"
    return f"shell-{hashlib.sha256(marks.encode()).hexdigest()[:12]}"


def _began(process: int) -> str:
    """Since when a process runs: its number alone is given to others later. Empty where that cannot be told."""
    with contextlib.suppress(OSError, IndexError):
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path(f'/proc/{process}/stat').read_text().rpartition(')')[2].split()[19]}"
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        asked = ["ps", "-o", "lstart=", "-p", str(process)]
        return subprocess.run(asked, capture_output=True, text=True, timeout=2, check=False).stdout.strip()
    return ""
