"""The export file, line by line: a header, one line for each row, and a trailer that proves the whole."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from turbo_server.migrations.version import head

from .carried import CarriedTable, carried_tables
from .errors import BadFile, TransferFailed

FORMAT = 1
LONGEST_LINE = 64 * 1024 * 1024
DAMAGED = "The file is not as it was exported: take it from its source once more."


@dataclass(frozen=True, slots=True)
class Header:
    """`tables` in the order of the file, each with the columns that its rows have; `rows` says how many."""

    schema: str
    tables: tuple[CarriedTable, ...]
    rows: Mapping[str, int]
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def line(self) -> bytes:
        contents = {table.name: {"rows": self.rows[table.name], "columns": table.names} for table in self.tables}
        return as_line({"turbo_export": FORMAT, "schema": self.schema, **self.details, "tables": contents})


@dataclass
class Seal:
    """What the trailer says, counted and hashed along the way: SHA-256 over the lines of each table."""

    header: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    hashes: dict[str, Any] = field(default_factory=dict)

    def add(self, table: str, line: bytes) -> None:
        if table not in self.rows:
            self.rows[table], self.hashes[table] = 0, hashlib.sha256()
        self.rows[table] += 1
        self.hashes[table].update(line)

    def digest(self, table: str) -> str:
        found = self.hashes.get(table)
        return str((found or hashlib.sha256()).hexdigest())

    def line(self, tables: tuple[CarriedTable, ...]) -> bytes:
        sums = {each.name: {"rows": self.rows.get(each.name, 0), "sha256": self.digest(each.name)} for each in tables}
        return as_line({"turbo_export_end": FORMAT, "header_sha256": self.header, "tables": sums})


@dataclass(frozen=True, slots=True)
class ReadRow:
    number: int
    table: CarriedTable
    values: tuple[Any, ...]


def as_line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def row_line(table: CarriedTable, row: Mapping[str, Any]) -> bytes:
    values = {}
    for column in table.columns:
        value = row[column.name]
        values[column.name] = None if value is None else column.form.write(value)
    return as_line({"table": table.name, "row": values})


def read_header(file: BinaryIO) -> Header:
    """The first line. Raises BadFile, and TransferFailed for what this server is too old to read."""
    parsed = _object(next_line(file, 1), 1)
    if parsed.get("turbo_export") is None:
        raise BadFile(1, "this is no export of turbo-server", "`--from` names what else can be read.")
    schema = parsed.get("schema")
    if parsed["turbo_export"] != FORMAT or not isinstance(schema, str) or schema > head():
        raise TransferFailed(
            f"This file is of format {parsed['turbo_export']}, schema {schema}; this server reads format {FORMAT}, up"
            f" to schema {head()}. Install the turbo-server that wrote it, or a newer one."
        )
    tables = _tables(parsed.get("tables"), schema)
    return Header(schema, tables, given_rows(parsed["tables"]))


def given_rows(contents: Mapping[str, Any]) -> dict[str, int]:
    return {name: each["rows"] for name, each in contents.items()}


def _tables(contents: Any, schema: str) -> tuple[CarriedTable, ...]:
    known = {table.name: table for table in carried_tables()}
    try:
        found = tuple(known[name].only(each["columns"]) for name, each in contents.items())
        counts = [each["rows"] for each in contents.values()]
    except (AttributeError, KeyError, TypeError) as error:
        raise BadFile(1, f"the header names something that schema {schema} does not have: {error}", DAMAGED) from error
    order = [name for name in known if name in contents]
    if [table.name for table in found] != order or any(type(rows) is not int for rows in counts):
        raise BadFile(1, "the header does not list tables as an export does", DAMAGED)
    if absent := _absent({table.name: table for table in found}, schema):
        raise BadFile(1, f"the header lacks {', '.join(absent)}", DAMAGED)
    return found


def _absent(found: Mapping[str, CarriedTable], schema: str) -> list[str]:
    """What an export of that schema must have. An older one may lack what has a default."""
    absent = []
    for table in carried_tables():
        if table.name not in found:
            absent += [table.name] if schema == head() else []
            continue
        lacking = [column for column in table.columns if column.name not in found[table.name].names]
        absent += [
            f"{table.name}.{column.name}"
            for column in lacking
            if schema == head() or not (column.may_be_null or column.has_default)
        ]
    return absent


def read_rows(file: BinaryIO, header: Header, seal: Seal) -> Iterator[ReadRow]:
    """Every row after the header, counted and hashed into `seal`. Raises BadFile at the line that is wrong, and at the
    end unless all adds up."""
    number, position, last = 1, 0, ()
    tables = {table.name: place for place, table in enumerate(header.tables)}
    seal.header = _header_hash(file)
    while True:
        number += 1
        line = next_line(file, number)
        parsed = _object(line, number)
        if "turbo_export_end" in parsed:
            return _prove(file, header, seal, line, number)
        name, row = parsed.get("table"), parsed.get("row")
        place = tables.get(name, -1) if isinstance(name, str) else -1
        if place < position or not isinstance(row, dict) or len(parsed) != 2:
            raise BadFile(number, "there is no row of an export here, or not in its place", DAMAGED)
        if place > position:
            position, last = place, ()
        table = header.tables[place]
        values = _values(table, row, number)
        key = tuple(row[column] for column in table.key)
        if key <= last:
            raise BadFile(number, f"{table.name} {key} stands twice, or out of order", DAMAGED)
        last = key
        seal.add(table.name, line)
        yield ReadRow(number, table, values)


def _header_hash(file: BinaryIO) -> str:
    here = file.tell()
    file.seek(0)
    digest = hashlib.sha256(next_line(file, 1)).hexdigest()
    file.seek(here)
    return digest


def next_line(file: BinaryIO, number: int) -> bytes:
    line = file.readline(LONGEST_LINE)
    if not line:
        raise BadFile(number, "the file ends here, before its last line", DAMAGED)
    if not line.endswith(b"\n"):
        raise BadFile(number, "the line is cut off", DAMAGED)
    return line


def _object(line: bytes, number: int) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadFile(number, "this is not JSON in UTF-8", DAMAGED) from error
    if not isinstance(parsed, dict):
        raise BadFile(number, "this is no JSON object", DAMAGED)
    return parsed


def _values(table: CarriedTable, row: dict[str, Any], number: int) -> tuple[Any, ...]:
    if tuple(row) != table.names:
        raise BadFile(number, f"{table.name} does not have the columns that the header lists", DAMAGED)
    values: list[Any] = []
    for column in table.columns:
        value = row[column.name]
        if value is None and column.may_be_null:
            values.append(None)
            continue
        try:
            values.append(column.form.read(value))
        except ValueError as error:
            raise BadFile(number, f"{table.name}.{column.name} {error}", DAMAGED) from error
    return tuple(values)


def _prove(file: BinaryIO, header: Header, seal: Seal, line: bytes, number: int) -> None:
    if any(seal.rows.get(name, 0) != rows for name, rows in header.rows.items()):
        raise BadFile(number, "there are more or fewer rows than the header counts", DAMAGED)
    if seal.line(header.tables) != line:
        raise BadFile(number, "counts and hashes are not those of the lines before", DAMAGED)
    if file.read(1):
        raise BadFile(number + 1, "the file goes on after its last line", DAMAGED)
