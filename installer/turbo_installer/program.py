"""Finds the turbo-client program that Claude Code shall start, by where it is installed and never by PATH."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from platformdirs import user_cache_path

from turbo_installer.errors import InstallerError

NAME = "turbo-client"
REINSTALL = "Install it again with `pipx install turbo-client`, then run `turbo-client install`."
TRIAL_SECONDS = 30


def find_program() -> str:
    """The absolute path of the console script; a pipx link in ~/.local/bin is kept as the link it is."""
    for candidate in _candidates():
        if candidate.is_file():
            program = os.path.abspath(candidate)  # noqa: PTH100 - Path.resolve would follow the link
            _check_encodable(program)
            return program
    raise InstallerError(f"The {NAME} program is not where its package was installed.", REINSTALL)


def _candidates() -> Iterator[Path]:
    suffix = ".exe" if sys.platform == "win32" else ""
    started = Path(sys.argv[0])
    if started.name.removesuffix(".exe") == NAME:
        yield started.with_name(NAME + suffix)
    yield Path(sysconfig.get_path("scripts")) / (NAME + suffix)
    yield Path(sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))) / (NAME + suffix)
    yield Path(sys.executable).parent / (NAME + suffix)


def _check_encodable(program: str) -> None:
    try:
        program.encode()
    except UnicodeEncodeError:
        raise InstallerError(
            f"The path of the {NAME} program is not valid UTF-8, so no JSON file can name it.",
            f"Install {NAME} in a folder with a plain name, then run `{NAME} install` from there.",
        ) from None


def why_not_runnable(program: str) -> str | None:
    """Tried, not guessed: a noexec mount or an interpreter that moved away shows only when it is started."""
    try:
        done = subprocess.run(
            [program, "--help"], stdin=subprocess.DEVNULL, capture_output=True, timeout=TRIAL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"it gave no answer within {TRIAL_SECONDS} seconds"
    except OSError as error:
        return (error.strerror or "it cannot be started").lower()
    return f"it ends with exit status {done.returncode}" if done.returncode else None


def lies_in_a_cache(program: str) -> bool:
    """As after `uvx turbo-client install`: the path works today and is gone after a cleaning."""
    return Path(program).resolve().is_relative_to(user_cache_path().resolve())
