"""How a SQLite file is opened to be looked at, without anything being written to it or beside it."""

from pathlib import Path
from urllib.parse import quote

SIGNATURE = b"SQLite format 3\x00"


def read_only_address(path: Path) -> str:
    """For sqlite3.connect(..., uri=True). A file in WAL mode has a -wal beside it while somebody uses it, and must be
    read with that; opened without one, it would be given one, and a folder that cannot be written to would not do."""
    is_in_use = any(path.with_name(f"{path.name}-{part}").exists() for part in ("wal", "journal"))
    return f"file:{quote(str(path.absolute()))}?{'mode=ro' if is_in_use else 'mode=ro&immutable=1'}"
