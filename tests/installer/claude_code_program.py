"""The real Claude Code, of the version that everything here was measured with, in a home of its own and offline."""

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

from tests.node_programs import cache

VERSION = "2.1.330"
SECONDS = 60
OFFLINE = {
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "ANTHROPIC_API_KEY": "not-a-key",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
}


@dataclass(frozen=True)
class ClaudeCode:
    program: Path
    environment: Mapping[str, str]
    folder: Path

    def run(self, *arguments: str, **more: str) -> str:
        """What it printed; `more` are environment variables."""
        done = subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            env={**self.environment, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
        return done.stdout.decode()


def find_program() -> Path:
    """Installed once into the tests' cache, by whichever test process comes first."""
    folder = cache() / f"claude-code-{VERSION}"
    program = folder / "node_modules" / ".bin" / "claude"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _install(folder)
    return program.resolve()


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        _unavailable("there is no npm")
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        command = [npm, "install", "--prefix", draft, "--no-audit", "--no-fund", "--loglevel=error"]
        package = f"@anthropic-ai/claude-code@{VERSION}"
        done = subprocess.run([*command, package], capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            _unavailable(f"npm cannot install it: {done.stderr.strip()[-300:]}")
        shutil.rmtree(folder, ignore_errors=True)
        (Path(draft) / "node_modules").rename(_made(folder) / "node_modules")


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _unavailable(reason: str) -> NoReturn:
    advice = f"Claude Code {VERSION} is not at hand: {reason}"
    if os.environ.get("CI") == "true":
        pytest.fail(advice, pytrace=False)
    pytest.skip(advice)
