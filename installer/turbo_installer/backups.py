"""Copies of the files of others before they change: one for each content, the last three of each file."""

from pathlib import Path

from turbo_installer.places import Places
from turbo_installer.record import digest

KEPT = 3


def backup_name(path: Path, content: bytes) -> str:
    """Named by content, so that a run that is repeated makes no second copy."""
    return f"{path.name}.{digest(content)[:16]}"


def backup_path(places: Places, name: str) -> Path:
    return places.backups / name


def outdated(places: Places, path: Path, needed: str | None) -> list[Path]:
    """The copies of `path` beyond the last three; the one that uninstall needs is never among them."""
    copies = [copy for copy in places.backups.glob(f"{path.name}.????????????????") if copy.name != needed]
    copies.sort(key=lambda copy: copy.stat().st_mtime_ns, reverse=True)
    return copies[KEPT:]
