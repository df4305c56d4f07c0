"""Carries every row of a database into another one, in one transaction there, and proves what has arrived."""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from turbo_server.kit.bulk import Lines, lines_in, lines_out
from turbo_server.kit.database import Connection

from . import move_store as store
from .errors import TransferFailed
from .moved import DERIVED, OF_A_FIRST_START, OF_THE_SERVER, TABLES, MovedTable, moved_tables

Tell = Callable[[str, str, int], None]  # what is done, with which table, and how many rows more
Parts = AsyncIterator[tuple[MovedTable, Lines]]


class NotEmpty(TransferFailed):
    """`has_data`: more than people and keys."""

    def __init__(self, found: Mapping[str, int]) -> None:
        self.has_data = bool(set(found) - set(OF_A_FIRST_START))
        super().__init__(", ".join(f"{rows:,} {name}" for name, rows in found.items()))


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

    async def over(self, lines: Lines, tell: Callable[[int], None]) -> AsyncGenerator[bytes, None]:
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
        async for _ in seal.over(lines, told_of(table, tell, what)):
            pass
        sums[table.name] = seal.sum
    return Contents(sums, await store.counters(db, tables))


async def fill(
    db: Connection, parts: Parts, counters: Callable[[], Awaitable[Mapping[str, int]]], tell: Tell, *, replace: bool
) -> Contents:
    """Within `store.alone`, so that all of it is kept or nothing. `counters` is asked when all parts were taken. What
    is there afterwards has been read back. Raises NotEmpty; `replace` allows for people and keys, which then go."""
    await store.hold(db, [*TABLES, *DERIVED])
    await require_room(db, replace=replace)
    sums, tables = {}, []
    async with store.without_order(db):
        await store.clear(db, [*OF_THE_SERVER, *OF_A_FIRST_START])
        async for table, lines in parts:
            seal = Seal()
            sealed = seal.over(lines, told_of(table, tell, "copying"))
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
    names = [name for name in TABLES if name not in OF_THE_SERVER]
    found = {name: rows for name, rows in (await store.counts(db, names)).items() if rows}
    if found and not (replace and set(found) <= set(OF_A_FIRST_START)):
        raise NotEmpty(found)


async def copy(source: Connection, target: Connection, tell: Tell, *, replace: bool) -> tuple[Contents, bool]:
    """And whether the target had all of it already, as after a copy that ended just before it could say so. Both
    databases are of this schema. Raises NotEmpty and TransferFailed."""
    if await store.identity(source) == await store.identity(target):
        raise TransferFailed("--from and --to name the same database.")
    tables = moved_tables()
    async with source.snapshot():
        if await _counted(source) == await _counted(target):
            there = await contents_of(target, tables, tell)
            if there.sums["instance"].rows and not there.differing(await contents_of(source, tables, tell)):
                return there, True

        async def counters() -> Mapping[str, int]:
            return await store.counters(source, tables)

        async with store.alone(target):
            contents = await fill(target, parts_of(source, tables), counters, tell, replace=replace)
    await store.analyze(target, tables)
    return contents, False


async def _counted(db: Connection) -> dict[str, int]:
    return await store.counts(db, [name for name in TABLES if name not in OF_THE_SERVER])


def told_of(table: MovedTable, tell: Tell, what: str) -> Callable[[int], None]:
    return lambda rows: tell(what, table.name, rows)
