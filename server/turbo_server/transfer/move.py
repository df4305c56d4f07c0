"""Carries every row of a database into another one, in one transaction there, and proves what has arrived."""

import contextlib
import hashlib
import sqlite3
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import asyncpg

from turbo_server.kit.bulk import Lines, lines_in, lines_out
from turbo_server.kit.database import Connection
from turbo_server.kit.errors import TurboError
from turbo_server.kit.faults import told_as_ours

from . import move_store as store
from .errors import TransferFailed
from .moved import DERIVED, OF_A_FIRST_START, OF_THE_SERVER, TABLES, MovedTable, moved_tables

T = TypeVar("T")
Tell = Callable[[str, str, int], None]  # what is done, with which table, and how many rows more
Parts = AsyncIterator[tuple[MovedTable, Lines]]


class NotEmpty(TransferFailed):
    """`has_data`: more than people and keys."""

    def __init__(self, found: Mapping[str, int]) -> None:
        self.has_data = bool(set(found) - set(OF_A_FIRST_START))
        super().__init__(", ".join(f"{rows:,} {name}" for name, rows in found.items()))


class SourceFailed(Exception):
    """The problem is one of the database that is read."""

    def __init__(self, problem: TurboError) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Sum:
    """SHA-256 over the lines of a table."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds, to be compared. `counters` are the last numbers that its tables gave out."""

    sums: Mapping[str, Sum]
    counters: Mapping[str, int]

    @property
    def rows(self) -> int:
        return sum(each.rows for each in self.sums.values())

    def differing(self, other: "Contents") -> list[str]:
        names = dict.fromkeys((*self.sums, *other.sums))
        return [
            name
            for name in names
            if (self.sums.get(name), self.counters.get(name)) != (other.sums.get(name), other.counters.get(name))
        ]


class Seal:
    """Counts and hashes lines on their way."""

    def __init__(self) -> None:
        self._rows = 0
        self._hash = hashlib.sha256()

    async def over(self, lines: Lines, tell: Callable[[int], None]) -> Lines:
        async with contextlib.aclosing(lines):
            async for chunk in lines:
                rows = chunk.count(b"\n")
                self._rows += rows
                self._hash.update(chunk)
                tell(rows)
                yield chunk

    @property
    def sum(self) -> Sum:
        return Sum(self._rows, self._hash.hexdigest())


async def parts_of(db: Connection, tables: Sequence[MovedTable]) -> AsyncGenerator[tuple[MovedTable, Lines], None]:
    """All rows of a database, within a snapshot or transaction."""
    until = await store.transactions_until(db)
    for table in tables:
        yield table, lines_out(db, store.lines(table, until))


async def contents_of(db: Connection, tables: Sequence[MovedTable], tell: Tell, what: str = "checking") -> Contents:
    sums = {}
    async for table, lines in parts_of(db, tables):
        seal = Seal()
        async with contextlib.aclosing(seal.over(lines, told_of(table, tell, what))) as sealed:
            async for _ in sealed:
                pass
        sums[table.name] = seal.sum
    return Contents(sums, await store.counters(db, tables))


async def fill(
    db: Connection, parts: Parts, counters: Callable[[], Awaitable[Mapping[str, int]]], tell: Tell, *, replace: bool
) -> Contents:
    """Within `store.alone`, so that all of it is kept or nothing. `counters` is asked when all parts were taken. What
    is there afterwards has been read back. Raises NotEmpty; `replace` allows for people and keys, which then go."""
    await store.hold(db, await store.present(db, (*TABLES, *DERIVED)))
    await require_room(db, replace=replace)
    sums, tables = {}, []
    with _refusals():
        async with store.without_order(db):
            await store.clear(db, await store.present(db, (*OF_THE_SERVER, *OF_A_FIRST_START, *DERIVED)))
            async for table, lines in parts:
                seal = Seal()
                async with contextlib.aclosing(seal.over(lines, told_of(table, tell, "copying"))) as sealed:
                    await lines_in(db, table.name, table.names, table.truths, sealed)
                sums[table.name] = seal.sum
                tables.append(table)
            given = Contents(sums, await counters())
            await store.set_counters(db, tables, given.counters)
            tell("indexing", "", 0)
    if wrong := given.differing(await contents_of(db, tables, tell)):
        raise TransferFailed(f"{', '.join(wrong)} read back is not what was written. Please report it.")
    return given


async def require_room(db: Connection, *, replace: bool = False) -> None:
    """Raises NotEmpty."""
    names = await store.present(db, [name for name in TABLES if name not in OF_THE_SERVER])
    found = {name: rows for name, rows in (await store.counts(db, names)).items() if rows}
    if found and not (replace and set(found) <= set(OF_A_FIRST_START)):
        raise NotEmpty(found)


@dataclass(frozen=True, slots=True)
class Copied:
    """`was_there`: the target had all of it already, as after a copy that was ended before it could say so.
    `is_behind`: the source was written to meanwhile."""

    contents: Contents
    was_there: bool
    is_behind: bool


async def copy(source: Connection, target: Connection, tell: Tell, *, replace: bool) -> Copied:
    """Both databases are of this schema. Raises NotEmpty, TransferFailed and SourceFailed."""
    if await _asked(store.identity(source)) == await store.identity(target):
        raise TransferFailed("--from and --to name the same database.")
    tables = moved_tables()
    async with source.snapshot():
        if not any((await _asked(store.counts(source, TABLES))).values()):
            raise TransferFailed("The database of --from is empty: is it the right one?")
        there = await _there_already(source, target, tables, tell)
        contents = there or await _fill_from(source, target, tables, tell, replace=replace)
    if not there:
        await store.analyze(target, tables)
    is_behind = await _asked(store.counters(source, tables)) != contents.counters
    return Copied(contents, bool(there), is_behind)


async def _there_already(
    source: Connection, target: Connection, tables: Sequence[MovedTable], tell: Tell
) -> Contents | None:
    if await _asked(store.counts(source, TABLES)) != await store.counts(target, TABLES):
        return None
    there = await contents_of(target, tables, tell)
    return None if there.differing(await _asked(contents_of(source, tables, tell))) else there


async def _fill_from(
    source: Connection, target: Connection, tables: Sequence[MovedTable], tell: Tell, *, replace: bool
) -> Contents:
    async def parts() -> AsyncGenerator[tuple[MovedTable, Lines], None]:
        async for table, lines in parts_of(source, tables):
            yield table, _of_the_source(lines)

    before = await _asked(store.counters(source, tables))  # of Postgres no snapshot holds them

    async def counters() -> Mapping[str, int]:
        return before

    async with store.alone(target):
        return await fill(target, parts(), counters, tell, replace=replace)


async def _asked(work: Awaitable[T]) -> T:
    """Of the source."""
    try:
        with told_as_ours():
            return await work
    except TurboError as error:
        raise SourceFailed(error) from error


async def _of_the_source(lines: Lines) -> Lines:
    try:
        async with contextlib.aclosing(lines):
            with told_as_ours():
                async for chunk in lines:
                    yield chunk
    except TurboError as error:
        raise SourceFailed(error) from error


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    """Rows that a database cannot hold: those of a file of somebody's own making, or a NUL that SQLite alone keeps."""
    try:
        yield
    except (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
        raise TransferFailed(f"The database does not take a row: {str(error).splitlines()[0]}.") from error


def told_of(table: MovedTable, tell: Tell, what: str) -> Callable[[int], None]:
    return lambda rows: tell(what, table.name, rows)
