"""Opens the original's SQLite file for reading alone, and has every statement on it. It is no database of ours: the
statements of kit/sql are for those."""

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from turbo_server.kit.sqlite_file import SIGNATURE, read_only_address
from turbo_server.transfer.errors import TransferFailed

_OURS = {"instance", "workspaces", "accounts", "api_keys"}  # tables that only turbo-server has all of
_PATIENCE = 5.0  # seconds, where the original is just writing

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TheirTable:
    """`points` names the table that a column refers to, where the schema says so."""

    name: str
    columns: tuple[str, ...]
    points: dict[str, str]


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Checked, within one transaction. Raises TransferFailed with what to do about it."""
    _require_database(path)
    try:
        with contextlib.closing(sqlite3.connect(read_only_address(path), uri=True, timeout=_PATIENCE)) as db:
            db.text_factory = _text
            db.execute("begin")
            _require_sound(db, path)
            yield db
    except sqlite3.Error as error:
        raise TransferFailed(_told(path, error)) from error


def _require_database(path: Path) -> None:
    if path.is_dir():
        raise TransferFailed(f"{path} is a folder. Name the SQLite file in it, such as {path / 'turbo.db'}.")
    try:
        with path.open("rb") as file:
            begin = file.read(len(SIGNATURE))
    except OSError as error:
        raise TransferFailed(f"{path} cannot be read: {error.strerror}.") from error
    if not begin:
        raise TransferFailed(f"{path} is empty: there is nothing to import. Is it the right file?")
    if begin != SIGNATURE:
        raise TransferFailed(
            f"{path} is no SQLite database, or an encrypted one. Decrypt it first, with the program that encrypted it."
        )


def _require_sound(db: sqlite3.Connection, path: Path) -> None:
    problems = [row[0] for row in db.execute("pragma integrity_check(3)")]
    if problems != ["ok"]:
        raise TransferFailed(
            f"{path} is damaged ({problems[0]}). Save what can be read with `sqlite3 {path.name} .recover | sqlite3"
            " saved.db`, look at it, and import saved.db."
        )
    names = {row[0] for row in db.execute("select name from sqlite_master where type = 'table'")}
    if names >= _OURS:
        raise TransferFailed(
            f"{path} is a database of turbo-server itself, and none of the original. `turbo-server copy --from"
            f" sqlite:///{path.absolute()} --to URL` moves it as it is."
        )


def _told(path: Path, error: sqlite3.Error) -> str:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_CORRUPT:
            return f"{path} is damaged, or an encrypted database ({error}). Import a backup of it, or decrypt it first."
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return f"{path} is being written to. Stop the program that uses it, and import once more."
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return (
                f"{path} holds writes that were not finished, beside it in {path.name}-wal or {path.name}-journal, and"
                " cannot be read without them. Copy all of these files into a folder that you may write to, and import"
                " the copy."
            )
    return f"{path} cannot be read ({error})."


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def tables(db: sqlite3.Connection) -> list[TheirTable]:
    """All but SQLite's own, and those that its full text search keeps behind a table of it."""
    found = db.execute("select name from pragma_table_list where schema = 'main' and type in ('table', 'virtual')")
    names = [row[0] for row in found if not row[0].startswith("sqlite_")]
    return [
        TheirTable(
            name,
            tuple(row[0] for row in db.execute("select name from pragma_table_info(?)", (name,))),
            {row[0]: row[1] for row in db.execute('select "from", "table" from pragma_foreign_key_list(?)', (name,))},
        )
        for name in sorted(names)
    ]


def rows(db: sqlite3.Connection, table: str) -> list[Row]:
    found = db.execute(f"select * from {_quoted(table)}")  # noqa: S608 - quoted, and from the schema
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found]


def count(db: sqlite3.Connection, table: str) -> int:
    """0 where it cannot be told: a table of an extension that is not here."""
    with contextlib.suppress(sqlite3.OperationalError):
        return int(db.execute(f"select count(*) from {_quoted(table)}").fetchone()[0])  # noqa: S608 - as above
    return 0


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
