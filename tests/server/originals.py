"""SQLite files as the original product, and its relatives, leave them: made here of their statements."""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

Take = Callable[..., tuple[int, str, str]]
SAMPLES = Path(__file__).parent / "samples" / "original"


def made(path: Path, *scripts: str) -> Path:
    """Of the statements, or of a sample where its name is given."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        for script in scripts:
            db.executescript((SAMPLES / f"{script}.sql").read_text() if script.isidentifier() else script)
    return path


def uuid(number: int) -> str:
    """As SQLAlchemy stores one in SQLite: 32 digits."""
    return f"{number:032x}"
