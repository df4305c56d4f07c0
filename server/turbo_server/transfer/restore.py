"""Reads an export into an empty database: all of it, proven by reading it back, or nothing."""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

import asyncpg

from turbo_server.account import store as account
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.role import Role
from turbo_server.migrations.version import stored_schema

from . import store
from .carried import carried_tables
from .errors import BadFile, TransferFailed
from .lines import DAMAGED, Header, ReadRow, Seal, read_header, read_rows, row_line

PEOPLE = ("workspaces", "accounts")  # what `keys create` and the first start leave in a database that is still empty
Later = dict[tuple[str, str], dict[int, int]]


class _DryRun(Exception):
    """Carries a finished import out of its transaction, which is then undone."""


@dataclass(frozen=True, slots=True)
class Restored:
    """`kept_keys` are those that the database had: they now belong to the people of the same names."""

    rows: Mapping[str, int]
    people: list[str]
    kept_keys: int


async def restore_from(db: Connection, file: BinaryIO, *, dry_run: bool) -> Restored:
    """The file is read twice: to its end before anything is written. Raises TransferFailed."""
    (await stored_schema(db)).require_current()
    header = read_header(file)
    begin = file.tell()
    for _ in read_rows(file, header, Seal()):
        pass
    file.seek(begin)
    restored: list[Restored] = []
    try:
        async with db.transaction():
            restored.append(await _restore(db, file, header))
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return restored[0]


async def _restore(db: Connection, file: BinaryIO, header: Header) -> Restored:
    await _refuse_unless_empty(db)
    keys, audit = await store.take_out_people(db)
    seal = Seal()
    await _insert(db, read_rows(file, header, seal))
    await _compare(db, header, seal)
    people = await store.people(db)
    await store.own_up(db)
    numbers = {key["old_id"]: await _give_back(db, key) for key in keys}
    for row in audit:
        await _tell_again(db, row, numbers)
    await store.number_on(
        db, ["audit", "api_keys", *(table.name for table in carried_tables() if table.key == ("id",))]
    )
    return Restored(header.rows, people, sum(key["revoked_at"] is None for key in keys))


async def _refuse_unless_empty(db: Connection) -> None:
    names = [table.name for table in carried_tables() if table.name not in PEOPLE]
    counts = {name: found for name in names if (found := await store.count(db, name))}
    if counts:
        raise TransferFailed(
            f"This database is not empty: it has {', '.join(f'{found} {name}' for name, found in counts.items())}."
            " Import into a new one: set DATABASE_URL to a file that is not there, or to an empty database."
        )


async def _insert(db: Connection, rows: Iterator[ReadRow]) -> None:
    later: Later = {}
    waiting: list[ReadRow] = []
    for row in rows:
        if waiting and (waiting[0].table is not row.table or len(waiting) == store.rows_at_once(row.table)):
            await _write(db, waiting, later)
            waiting = []
        waiting.append(row)
    if waiting:
        await _write(db, waiting, later)
    for (table, column), values in later.items():
        for row_id, value in values.items():
            with _refused_by_the_database(f"{table} {row_id}", f"{column} {value} of {table}"):
                await store.set_column(db, table, column, row_id, value)


async def _write(db: Connection, rows: list[ReadRow], later: Later) -> None:
    table = rows[0].table
    values = [_without_forward(row, later) for row in rows] if table.itself else [row.values for row in rows]
    with _refused_by_the_database(f"Lines {rows[0].number} to {rows[-1].number}", f"these rows of {table.name}"):
        await store.insert_rows(db, table, values)


@contextlib.contextmanager
def _refused_by_the_database(place: str, what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError) as error:
        raise BadFile(place, f"the database does not take {what}: {str(error).splitlines()[0]}", DAMAGED) from error


def _without_forward(row: ReadRow, later: Later) -> tuple[object, ...]:
    """What points to a row that comes only later in the same table is set when all are there."""
    values = list(row.values)
    row_id = values[row.table.names.index("id")]
    for name in row.table.itself:
        place = row.table.names.index(name)
        if values[place] is not None and values[place] > row_id:
            later.setdefault((row.table.name, name), {})[row_id] = values[place]
            values[place] = None
    return tuple(values)


async def _compare(db: Connection, header: Header, seal: Seal) -> None:
    """The rows as the database now has them make the very lines of the file."""
    for table in header.tables:
        found = Seal()
        async for row in store.every_row(db, table):
            found.add(table.name, row_line(table, row))
        if found.digest(table.name) != seal.digest(table.name):
            raise TransferFailed(f"{table.name} read back is not what the file holds. Please report it.")


async def _give_back(db: Connection, key: Row) -> int:
    """The number that the key has now."""
    now = datetime.now(UTC)
    workspace_id = await account.ensure_workspace(db, key["workspace"], now)
    account_id = await account.ensure_account(db, workspace_id, key["account"], now, Role(key["role"]))
    return await store.give_key_back(db, key, workspace_id, account_id)


async def _tell_again(db: Connection, row: Row, numbers: dict[int, int]) -> None:
    """What the audit of this database told stays told, of the people and keys as they are numbered now."""
    now = datetime.now(UTC)
    workspace_id = await account.ensure_workspace(db, row["workspace"], now)
    people = [
        await account.ensure_account(db, workspace_id, row[name], now) if row[name] else None
        for name in ("account", "about_account")
    ]
    keys = [numbers.get(row[name]) for name in ("key_id", "about_key_id")]
    await store.give_happening_back(db, row, (workspace_id, *people, *keys))
