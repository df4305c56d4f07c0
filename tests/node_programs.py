"""The only place that knows where the Node programs of the tests are: `.ci/setup --tests` puts them there.

Run as a program it prints that folder, for `.ci/setup`.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

LOCK = Path(__file__).parent / "node" / "package-lock.json"


def node_program(name: str) -> list[str]:
    """The start of a command line for `mcp-inspector` or `mcp-remote`: a Node new enough for it, and its script."""
    script = folder() / "node_modules" / ".bin" / name
    node = _node()
    if node is None or not script.exists():
        _unavailable(name)
    return [node, str(script.resolve())]


def folder() -> Path:
    """One for each state of the lock, so that a change of it is never served by an older installation."""
    return cache() / f"node-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"


def cache() -> Path:
    """Where the tests keep what they had to fetch: never in the repository."""
    default = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "turbo-tests"
    return Path(os.environ.get("TURBO_TEST_CACHE") or default)


def _node() -> str | None:
    """`.ci/setup` leaves a link to the one it found good: the machine's own, or one it installed."""
    return shutil.which("node", path=str(folder()))


def _unavailable(name: str) -> NoReturn:
    advice = f"{name} is not installed; `.ci/setup --tests` does it where there is npm or pip can reach a registry"
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs the Node programs: {advice}", pytrace=False)
    pytest.skip(advice)


if __name__ == "__main__":
    print(folder())
