"""The suite's own keys and passwords are canaries: where the product talks, none of them may ever stand.

Looked at: stderr of every program that the tests start, all that `turbo-client` prints, the log of this process as the
server would write it at DEBUG, and what else a test leaves on stderr. The test during which one is seen fails.
"""

import logging
import re
import subprocess
from typing import Any

from turbo_server.logs import OURS, TALKATIVE, JsonLines

KEY = re.compile(r"turbo_pat_[0-9A-Za-z]{46}")
PASSWORD = re.compile(r"hunter2|://[^\s:/@'\"]+:(?!\[redacted\])[^\s:/@'\"]+@")
PROGRAMS = ("turbo_client", "turbo-client", "turbo_server", "turbo-server")
seen: list[str] = []


def findings(text: str) -> list[str]:
    """Which secrets stand in it, in a form that may be shown."""
    keys = [f"the key that ends with {match[-4:]}" for match in KEY.findall(text)]
    return keys + [f"the password in {match[:6]}…" for match in PASSWORD.findall(text)]


def look(text: str | bytes | None, where: str) -> None:
    if text:
        told = text if isinstance(text, str) else text.decode(errors="replace")
        seen.extend(f"{found}, {where}" for found in findings(told))


def taken() -> list[str]:
    """What was seen since the last time."""
    found = list(dict.fromkeys(seen))
    seen.clear()
    return found


class Listener(logging.Handler):
    """Hears the log as the server writes it: through its own last formatter."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())

    def emit(self, record: logging.LogRecord) -> None:
        look(self.format(record), f"in the log of {record.name}")


def listen() -> None:
    logging.getLogger().addHandler(Listener())
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def overhear_programs() -> None:
    """Every `subprocess.run`, and every program that is waited for with communicate()."""
    heard = subprocess.Popen.communicate

    def communicate(self: Any, *arguments: Any, **options: Any) -> Any:
        out, said = heard(self, *arguments, **options)
        words = " ".join(map(str, self.args)) if isinstance(self.args, (list, tuple)) else str(self.args)
        if any(program in words for program in PROGRAMS):
            look(words, "in the arguments of a program")
            look(said, f"on stderr of {words[:80]}")
        if "turbo-client" in words or "turbo_client" in words:  # the server shows new keys on stdout
            look(out, f"on stdout of {words[:80]}")
        return out, said

    subprocess.Popen.communicate = communicate  # type: ignore[method-assign]
