"""Makes a change real: a file is old or new at any moment, never half, and never overwrites what someone else wrote."""

import contextlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from turbo_installer.backups import backup_name, backup_path, outdated
from turbo_installer.changes import Change, ClaudeCalls, FileChange, FolderRemoval, Part
from turbo_installer.claude_program import run_claude
from turbo_installer.errors import CannotWrite, ClaudeRefused, ConcurrentChange
from turbo_installer.places import Places, real_path
from turbo_installer.state import read_file

SUFFIX = ".turbo-tmp"
PRIVATE = 0o600


def apply_change(change: Change, places: Places, claude: str | None, needed_backup: str | None) -> None:
    """Raises ConcurrentChange when the file is no longer what the plan was made from."""
    if isinstance(change, FolderRemoval):
        with _refusals_of(change.path):
            change.path.rmdir()
        return
    _check_unchanged(change)
    if change.before is not None and change.part is not Part.COMMANDS:  # only files of our own are changed there
        _back_up(places, change.path, change.before, needed_backup)
    if isinstance(change, ClaudeCalls):
        _call_claude(change, claude or "claude")
    else:
        _change_file(change)


def _check_unchanged(change: FileChange | ClaudeCalls) -> None:
    with _refusals_of(change.path):
        if read_file(change.path) != change.before:
            raise ConcurrentChange(f"{change.path} changed while it was edited.", "Run the command again.")


def _back_up(places: Places, path: Path, content: bytes, needed: str | None) -> None:
    copy = backup_path(places, backup_name(path, content))
    if read_file(copy) == content:
        return
    write_file(copy, content, PRIVATE)
    for old in outdated(places, path, needed):
        old.unlink(missing_ok=True)


def _call_claude(change: ClaudeCalls, claude: str) -> None:
    for call in change.calls:
        answer = run_claude(claude, call)
        if not answer.ok:
            raise ClaudeRefused(f"`claude {' '.join(call[:2])}` failed: {answer.last_line}.", "Run `claude doctor`.")
    if read_file(change.path) == change.before:
        raise ClaudeRefused(f"`claude` reported success and left {change.path} as it was.", "Run `claude doctor`.")


def _change_file(change: FileChange) -> None:
    target = real_path(change.path)
    if change.after is None:
        with _refusals_of(target):
            target.unlink()
            _sync_folder(target.parent)
        return
    write_file(target, change.after, PRIVATE if change.private else 0o666 & ~_umask(), expected=change)


def write_file(path: Path, content: bytes, new_mode: int, expected: FileChange | None = None) -> None:
    """Write beside the target, then rename over it; `path` must be no link, for a rename would replace the link."""
    with _refusals_of(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if new_mode == PRIVATE else 0o777)
        existing = path.stat() if path.exists() else None
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=SUFFIX, dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(handle)
            _copy_rights(Path(name), existing, new_mode)
            if expected is not None:
                _check_unchanged(expected)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _copy_rights(path: Path, existing: os.stat_result | None, new_mode: int) -> None:
    """Under sudo the file must stay its owner's, or Claude Code could no longer read it."""
    if existing is not None and sys.platform != "win32":
        with contextlib.suppress(PermissionError):
            os.chown(path, existing.st_uid, existing.st_gid)
    path.chmod(new_mode if existing is None else stat.S_IMODE(existing.st_mode))


def remove_leftovers(paths: tuple[Path, ...]) -> None:
    """Temporary files of a run that was killed. Only the holder of the lock may call this."""
    for path in paths:
        for leftover in real_path(path).parent.glob(f".*{SUFFIX}"):
            with contextlib.suppress(OSError):
                leftover.unlink()


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _refusals_of(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise CannotWrite(
            f"{path} cannot be written: {reason}.",
            f"Make {path.parent} a folder that you can write in, then run the command again.",
        ) from error
