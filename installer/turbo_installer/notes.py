"""The installer's own files on disk: the record and the backups. They are the last thing an uninstall removes."""

import contextlib
from pathlib import Path

from turbo_installer.apply import PRIVATE, write_file
from turbo_installer.places import Places
from turbo_installer.record import Record
from turbo_installer.state import read_file


def remember(places: Places, record: Record) -> None:
    content = record.to_json()
    if read_file(places.record) != content:
        write_file(places.record, content, PRIVATE)


def forget(places: Places, made_folders: tuple[Path, ...]) -> None:
    """The record goes after the backups: a run that is killed here can be repeated."""
    for path in (*places.backups.glob("*"), places.record):
        path.unlink(missing_ok=True)
    if not any(other.is_dir() and other != places.own_notes for other in places.notes.iterdir()):
        with contextlib.suppress(OSError):  # Windows keeps the lock file while it is open
            (places.notes / "lock").unlink()
    own = (places.backups, places.own_notes, places.notes, places.notes.parent)
    for folder in (*own, *sorted(made_folders, reverse=True)):
        with contextlib.suppress(OSError):  # not empty, or not there
            folder.rmdir()
