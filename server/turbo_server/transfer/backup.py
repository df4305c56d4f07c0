"""The backup file: gzip; in it a header, the lines of each table with `\\.` after the last, and a trailer that proves
the whole. The lines are those of a copy, so that a restore is one too."""

import hashlib
import json
import zlib
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from turbo_server import __version__
from turbo_server.kit.bulk import Lines
from turbo_server.kit.database import Connection
from turbo_server.migrations.version import head

from . import move_store as store
from .errors import TransferFailed
from .lines import as_line
from .move import Contents, Seal, Sum, Tell, parts_of, told_of
from .moved import MovedTable, moved_tables, read_table

FORMAT = 1
END = b"\\.\n"
_GZIP = 31  # of zlib: with gzip's head and foot
_LEVEL = 3  # of 9: half the time of the usual 6, a tenth larger
_MAGIC = b"\x1f\x8b\x08" + bytes(5)
_PIECE = 32 * 1024  # of the packed file: at most 32 MiB when unpacked
_LONGEST_LINE = 1024 * 1024


class Damaged(TransferFailed):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what}. It is not as it was written: take another one, or its copy from elsewhere.")


class Output(Protocol):
    def write(self, data: bytes, /) -> object: ...


class Input(Protocol):
    def read(self, size: int, /) -> bytes: ...


async def write_backup(db: Connection, file: Output, tell: Tell) -> Contents:
    """All of one moment: others may write meanwhile. The database is of this schema."""
    packed = _Packed(file)
    tables = moved_tables()
    header = _header(db, tables)
    packed.write(header)
    sums = {}
    async with db.snapshot():
        counters = await store.counters(db, tables)
        async for table, lines in parts_of(db, tables):
            seal = Seal()
            async for chunk in seal.over(lines, told_of(table, tell, "writing")):
                packed.write(chunk)
            packed.write(END)
            sums[table.name] = seal.sum
    contents = Contents(sums, counters)
    packed.write(_trailer(header, contents))
    packed.close()
    return contents


def _header(db: Connection, tables: tuple[MovedTable, ...]) -> bytes:
    taken = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    about = {"schema": head(), "server": __version__, "database": db.dialect.value, "taken_at": taken}
    return as_line({"turbo_backup": FORMAT, **about, "tables": {table.name: table.described() for table in tables}})


def _trailer(header: bytes, contents: Contents) -> bytes:
    tables = {name: {"rows": each.rows, "sha256": each.digest} for name, each in contents.sums.items()}
    proof = {"header_sha256": hashlib.sha256(header).hexdigest(), "tables": tables, "counters": contents.counters}
    return as_line({"turbo_backup_end": FORMAT, **proof})


class _Packed:
    def __init__(self, file: Output) -> None:
        self._file = file
        self._zip = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)

    def write(self, data: bytes) -> None:
        if packed := self._zip.compress(data):
            self._file.write(packed)

    def close(self) -> None:
        self._file.write(self._zip.flush())


@dataclass
class Backup:
    """A backup that is read from its begin to its end, once. `taken_at` and the like are in `about`."""

    file: Input
    schema: str = ""
    tables: tuple[MovedTable, ...] = ()
    about: Mapping[str, Any] = field(default_factory=dict)
    contents: Contents | None = None  # once all of it has been read, and adds up

    def __post_init__(self) -> None:
        """Raises Damaged, and TransferFailed for what this server is too old to read."""
        self._unzip = zlib.decompressobj(_GZIP)
        self._ready = b""
        self._seen: dict[str, Sum] = {}
        self._begin()

    def _begin(self) -> None:
        first = self.file.read(_PIECE)
        if not first.startswith(_MAGIC):
            raise TransferFailed("This is no backup of turbo-server; `turbo-server import` reads exports.")
        self._unpack(first)
        self._header = self._line()
        about = _parsed(self._header, "its head")
        schema = about.get("schema")
        if about.get("turbo_backup") is None:
            raise TransferFailed("This is no backup of turbo-server; `turbo-server import` reads exports.")
        if about["turbo_backup"] != FORMAT or not isinstance(schema, str) or schema > head():
            raise TransferFailed(
                f"This backup is of format {about['turbo_backup']}, schema {schema}; this server reads format {FORMAT},"
                f" up to schema {head()}. Install the turbo-server that wrote it, or a newer one."
            )
        try:
            self.tables = tuple(read_table(name, each) for name, each in about["tables"].items())
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise Damaged("Its head does not describe tables as a backup does") from error
        self.schema, self.about = schema, about

    async def parts(self) -> AsyncGenerator[tuple[MovedTable, Lines], None]:
        """Raises Damaged at the end unless all adds up: until then nothing of it is to be kept."""
        for table in self.tables:
            seal = Seal()
            yield table, seal.over(self._section(table), lambda _rows: None)
            self._seen[table.name] = seal.sum
        self._prove(self._line())

    async def counters(self) -> Mapping[str, int]:
        if self.contents is None:
            raise Damaged("The file was not read to its end")
        return self.contents.counters

    async def _section(self, table: MovedTable) -> Lines:
        while True:
            if self._ready.startswith(END):
                self._ready = self._ready[len(END) :]
                return
            end = self._ready.find(b"\n" + END)
            cut = end + 1 if end >= 0 else self._ready.rfind(b"\n") + 1
            if cut:
                chunk, self._ready = self._ready[:cut], self._ready[cut:]
                yield chunk
            else:
                self._more(table.name)

    def _line(self) -> bytes:
        while (end := self._ready.find(b"\n")) < 0:
            if len(self._ready) > _LONGEST_LINE:
                raise Damaged("The file is not in the form of a backup")
            self._more("its first or last line")
        line, self._ready = self._ready[: end + 1], self._ready[end + 1 :]
        return line

    def _more(self, place: str) -> None:
        packed = self.file.read(_PIECE)
        if not packed:
            raise Damaged(f"The file ends within {place}, before all of it is there")
        self._unpack(packed)

    def _unpack(self, packed: bytes) -> None:
        try:
            self._ready += self._unzip.decompress(packed)
        except zlib.error as error:
            raise Damaged("The file cannot be unpacked") from error

    def _prove(self, line: bytes) -> None:
        trailer = _parsed(line, "its last line")
        counters = trailer.get("counters")
        if not isinstance(counters, dict) or any(type(last) is not int for last in counters.values()):
            raise Damaged("Its last line says nothing of counters")
        contents = Contents(self._seen, counters)
        if line != _trailer(self._header, contents):
            raise Damaged("Its counts and hashes are not those of its rows")
        while not self._unzip.eof:
            self._more("its check sum")
        if self._ready or self._unzip.unused_data or self.file.read(1):
            raise Damaged("The file goes on after its last line")
        self.contents = contents


def _parsed(line: bytes, place: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Damaged(f"The file has no JSON in {place}") from error
    if not isinstance(parsed, dict):
        raise Damaged(f"The file has no JSON object in {place}")
    return parsed
