"""One installer at a time: the operating system frees the lock of a process that was killed."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from turbo_installer.errors import AnotherRun, CannotWrite

SECONDS = 60
PAUSE = 0.05


@contextlib.contextmanager
def installer_lock(notes: Path) -> Iterator[None]:
    path = notes / "lock"
    handle = _wait_for(path)
    try:
        yield
    finally:
        os.close(handle)


def _wait_for(path: Path) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        handle = _open(path)
        if _acquire(handle) and _is_current(handle, path):
            return handle
        os.close(handle)
        time.sleep(PAUSE)
    raise AnotherRun(
        f"Another turbo-client install or uninstall has been running for {SECONDS} seconds.",
        "Wait until it has ended (or end it), then run the command again.",
    )


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotWrite(
            f"{path.parent} cannot be written: {(error.strerror or 'unknown error').lower()}.",
            f"Make {path.parent} a folder that you can write in, then run the command again.",
        ) from error


if sys.platform == "win32":
    import msvcrt

    def _acquire(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _acquire(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _is_current(handle: int, path: Path) -> bool:
    """An uninstall deletes the file: who waited for it then holds the lock of a file that is gone."""
    try:
        return os.fstat(handle).st_ino == path.stat().st_ino
    except OSError:
        return False
