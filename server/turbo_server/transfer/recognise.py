"""What a file is that is no export, told before anything is done with it."""

from pathlib import Path

from .errors import TransferFailed

_COMPRESSED = {b"\x1f\x8b": "gzip", b"PK\x03\x04": "a zip archive", b"BZh": "bzip2", b"\xfd7zXZ": "xz",
               b"\x28\xb5\x2f\xfd": "zstd"}  # fmt: skip
_UNPACK = {"gzip": " Unpack it on the way: gunzip -c FILE | turbo-server import -"}
SQLITE = b"SQLite format 3\x00"
OURS = b'{"turbo_export"'


def is_original(name: str) -> bool:
    """A SQLite database: the original's, or something that its reader refuses with a reason."""
    try:
        with Path(name).open("rb") as file:
            return file.read(len(SQLITE)) == SQLITE
    except OSError:
        return False


def require_export(name: str) -> None:
    """Raises TransferFailed; what cannot be looked at is left to whoever reads it."""
    path = Path(name)
    if name == "-" or not path.exists():
        return
    from .sources import READERS  # here: the web page asks this file too, and reads none of them before it has to

    others = f"Another tool's data is read with --from {' | '.join(READERS)}."
    if path.is_dir():
        raise TransferFailed(f"{name} is a folder, and no export. {others}")
    try:
        with path.open("rb") as file:
            begin = file.read(len(OURS))
    except OSError:
        return
    if what := packed(begin):
        raise TransferFailed(f"{name} is compressed ({what}).{_UNPACK.get(what, ' Unpack it first.')}")
    if not begin:
        raise TransferFailed(f"{name} is empty.")
    if not begin.startswith(OURS):
        raise TransferFailed(f"{name} is no export of turbo-server{_maybe(path)}. {others}")


def packed(begin: bytes) -> str | None:
    """What a file is compressed as, by its first bytes."""
    return next((what for sign, what in _COMPRESSED.items() if begin.startswith(sign)), None)


def _maybe(path: Path) -> str:
    return "; by its name it may be for --from csv" if path.suffix.lower() == ".csv" else ""
