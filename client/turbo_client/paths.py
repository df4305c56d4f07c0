"""Where the client keeps its files, and the only place that writes them: whole, atomic, readable by the owner only."""

# serve needs these paths before its first answer, and importing pathlib costs a third of its start-up.
# ruff: noqa: PTH102, PTH105, PTH108, PTH111, PTH112, PTH118, PTH119, PTH120, PTH123

from __future__ import annotations

import os
import sys

from turbo_client.errors import BadConfiguration

NAME = "turbo"
_REPLACE_TRIES = 10


def config_directory() -> str:
    return _directory("config", "XDG_CONFIG_HOME", "~/.config")


def cache_directory() -> str:
    return _directory("cache", "XDG_CACHE_HOME", "~/.cache")


def config_file() -> str:
    return os.path.join(config_directory(), "config.json")


def key_file() -> str:
    return os.path.join(config_directory(), "credentials.json")


def catalogue_directory() -> str:
    return os.path.join(cache_directory(), "catalogues")


def _directory(kind: str, variable: str, fallback: str) -> str:
    """The platform's folder for us. On Linux by the XDG rule at once: importing platformdirs doubles the start-up time.

    A test holds this shortcut to platformdirs' own answers.
    """
    if sys.platform == "linux" and os.environ.get("HOME", "").startswith("/"):
        base = os.environ.get(variable, "")
        return os.path.join(base if base.startswith("/") else os.path.expanduser(fallback), NAME)
    import platformdirs

    try:
        if kind == "config":
            return platformdirs.user_config_dir(NAME, appauthor=False)
        return platformdirs.user_cache_dir(NAME, appauthor=False)
    except RuntimeError:  # a user without HOME and without an entry in the user database, as in some containers
        raise BadConfiguration("This user has no home folder.", "Set HOME to a folder that is yours.") from None


def write_private(path: str, data: bytes) -> None:
    """Replace the file as a whole, readable by its owner only; a reader sees the old one or the new one.

    A symbolic link at `path` stays one: what it points to is replaced.
    """
    target = os.path.realpath(path)
    directory = os.path.dirname(target)
    _make_private(directory)
    draft = os.path.join(directory, f".{os.path.basename(target)}.{os.urandom(6).hex()}")
    try:
        _write_new(draft, data)
        _replace(draft, target)
    except BaseException:
        remove(draft)
        raise


def _make_private(directory: str) -> None:
    """os.makedirs would give its mode to the last folder only."""
    import contextlib

    if not os.path.isdir(directory):
        _make_private(os.path.dirname(directory))
        with contextlib.suppress(FileExistsError):
            os.mkdir(directory, 0o700)


def _write_new(path: str, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(draft: str, target: str) -> None:
    """os.replace; Windows refuses it while another process has the target open, which passes."""
    import time

    for attempt in range(_REPLACE_TRIES):
        try:
            os.replace(draft, target)
        except PermissionError:
            if os.name != "nt" or attempt == _REPLACE_TRIES - 1:
                raise
            time.sleep(0.05)
        else:
            return


def remove(path: str) -> bool:
    """Whether there was a file to remove."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True
