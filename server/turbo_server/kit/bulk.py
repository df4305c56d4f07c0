"""Rows in bulk: a stream of lines in the text form of Postgres' COPY, out of and into both databases.

A line is a row, its values stand between tabs, \\N is null, and tabs, line ends and backslashes within a text are
written with a backslash. Postgres makes and reads such lines itself; SQLite is asked for them by its statement.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from .database import Connection
from .postgres import PostgresConnection
from .sql import Dialect, Statement
from .sqlite import SqliteConnection

FEW, MANY = 10, 100  # rows of SQLite at once
_BYTES = 1024 * 1024  # about as many at once
_CHUNKS = 4  # that Postgres may be ahead of its reader
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_ESCAPE = re.compile(r"\\(.)")

Lines = AsyncGenerator[bytes, None]  # in chunks of whole lines; to be closed by whoever stops before the end


async def lines_out(db: Connection, statement: Statement) -> Lines:
    """The lines of a query. On SQLite its only column is the line."""
    if db.dialect is Dialect.POSTGRES:
        async with contextlib.aclosing(_out_of_postgres(_driver(db), statement.postgres)) as lines:
            async for chunk in lines:
                yield chunk
        return
    async with _driver(db).execute(statement.sqlite) as cursor:
        count = FEW
        while rows := await cursor.fetchmany(count):
            chunk = "".join(row[0] for row in rows).encode()
            count = min(MANY, max(1, _BYTES * len(rows) // len(chunk)))
            yield chunk


async def lines_in(db: Connection, table: str, columns: Sequence[str], truths: Sequence[str], lines: Lines) -> None:
    """`truths` are the columns that are true or false: SQLite has numbers for them."""
    if db.dialect is Dialect.POSTGRES:
        await _driver(db).copy_to_table(table, columns=list(columns), source=lines)
        return
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    insert = f"insert into {table} ({names}) values ({marks})"  # noqa: S608 - our own names
    read = _reader(tuple(columns.index(name) for name in truths))
    rest = b""
    async for chunk in lines:
        whole, _, rest = (rest + chunk).rpartition(b"\n")
        if whole:
            await _driver(db).executemany(insert, [read(line) for line in whole.decode().split("\n")])


def _driver(db: Connection) -> Any:
    if isinstance(db, PostgresConnection | SqliteConnection):
        return db.driver
    raise TypeError("rows in bulk go through a connection itself, which hides nothing")


async def _out_of_postgres(driver: Any, query: str) -> Lines:
    """Its driver hands chunks over as they come; here they are asked for."""
    ready: asyncio.Queue[bytes | None] = asyncio.Queue()
    room = asyncio.Semaphore(_CHUNKS)

    async def take(chunk: bytes) -> None:
        await room.acquire()
        ready.put_nowait(chunk)

    copying = asyncio.create_task(driver.copy_from_query(query, output=take))
    copying.add_done_callback(lambda _: ready.put_nowait(None))
    try:
        while (chunk := await ready.get()) is not None:
            room.release()
            yield chunk
        await copying
    finally:
        if not copying.done():  # its connection is of use again when it has ended
            copying.cancel()
            await asyncio.wait([copying])


def _reader(truths: tuple[int, ...]) -> Callable[[str], list[Any]]:
    def read(line: str) -> list[Any]:
        values: list[Any] = [None if text == "\\N" else text for text in line.split("\t")]
        if "\\" in line:
            values = [_plain(text) if text and "\\" in text else text for text in values]
        for place in truths:
            if values[place] is not None:
                values[place] = int(values[place] == "t")
        return values

    return read


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED[found[1]], text)
