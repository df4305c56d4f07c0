"""The only place that runs the `claude` program."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SECONDS = 60
INSTALL_PAGE = "https://code.claude.com/docs/en/setup"


@dataclass(frozen=True)
class Answer:
    ok: bool
    text: str

    @property
    def last_line(self) -> str:
        lines = self.text.strip().splitlines()
        return lines[-1].strip() if lines else "no output"


@dataclass(frozen=True)
class Connection:
    """What `claude mcp get turbo` found; `scope` tells whose entry it looked at."""

    connected: bool
    scope: str
    reason: str


def find_claude() -> str | None:
    """Its own installers put it in the home folder, where a PATH of another shell may not reach."""
    for folder in (None, Path.home() / ".local" / "bin", Path.home() / ".claude" / "local"):
        found = shutil.which("claude", path=None if folder is None else str(folder))
        if found:
            return os.path.abspath(found)  # noqa: PTH100 - Path.resolve would follow the link
    return None


def run_claude(claude: str, arguments: tuple[str, ...]) -> Answer:
    try:
        done = subprocess.run(
            [claude, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "NO_COLOR": "1"},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(ok=False, text=f"no answer within {SECONDS} seconds")
    except OSError as error:
        return Answer(ok=False, text=f"it cannot be started: {error.strerror}")
    return Answer(done.returncode == 0, done.stdout.decode(errors="replace"))


def try_connection(claude: str) -> Connection:
    """Claude Code starts the server for this and lists its tools. Its exit status is 0 even when that fails."""
    answer = run_claude(claude, ("mcp", "get", "turbo"))
    status = _line(answer.text, "Status")
    return Connection(
        connected=answer.ok and status.endswith("Connected"),
        scope=_line(answer.text, "Scope"),
        reason=_line(answer.text, "Issue") or status or answer.last_line,
    )


def find_invalid_settings(claude: str) -> Answer:
    """Whether `claude doctor` reads every settings file whole, and its words if not. Its exit status does not tell."""
    answer = run_claude(claude, ("doctor",))
    if not answer.ok:
        return answer
    found = re.search(r"^Invalid settings\n((?:[-\s].*\S.*\n?)+)", answer.text, re.MULTILINE)
    return Answer(ok=True, text=found.group(1).strip() if found else "")


def _line(text: str, name: str) -> str:
    found = re.search(rf"^\s*{name}:[ \t]*(.*)$", text, re.MULTILINE)
    return found.group(1).strip() if found else ""
