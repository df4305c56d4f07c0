"""docs/reference/export-format.md: the lines of an export, read off the tables, with one that the server wrote."""

import asyncio
import io
import json
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from docs.generators.example_server import PERSON, START
from docs.generators.markdown import code, table
from turbo_server.account.identity import Identity
from turbo_server.kit.database import open_database
from turbo_server.migrations.migrate import migrate
from turbo_server.transfer.carried import FORMS, LEFT_OUT, LEFT_OUT_COLUMNS, CarriedColumn, CarriedTable, carried_tables
from turbo_server.transfer.export import export_to
from turbo_server.transfer.lines import FORMAT

FORM_MEANINGS = {
    "number": "a whole number",
    "text": "text as it was written, byte for byte; some columns hold JSON as text",
    "moment": "UTC, in microseconds: `2026-03-02T09:00:00.123456Z`",
    "day": "`2026-03-02`",
    "true or false": "`true` or `false`",
}
PAGE = """\
# Format of an export

What `turbo-server export` writes, and `turbo-server import` reads: JSON Lines, one JSON object a line, in UTF-8, each
line ended by a line feed. [Moving](../guides/moving.md) shows how to use it.

1. The first line is the header: format ({format}), the schema (the number of the last migration), who wrote it and
   when, and for each table how many rows follow and which columns they have. `instance` is the moment at which the
   database was made; it is null where `TURBO_KEY_PEPPER` is set.
2. Then comes one line for each row, table by table in the order below: each table after those it points to, rows in
   the order of their key. `row` has the columns in the header's order.
3. The last line is the trailer: for each table its rows and the SHA-256 of its lines, line feeds included, and the
   SHA-256 of the header's line. A file without it is cut off.

Of the same data every export has the same lines between header and trailer, on SQLite and on Postgres.

## An example

The header, a row and the trailer of a new database, shortened where it says `...`:

{example}
## Values

A value that is not there is `null`.

{values}
## Tables

{tables}
## What is left out

{left_out}
## Other versions

A file of a newer format or schema is refused. One of an older schema is read: a column or table that it lacks gets its
default. Everything is checked before anything is written, and read back from the database before it is kept.
"""


def page() -> str:
    forms = dict.fromkeys(form.name for _, form in FORMS)
    return PAGE.format(
        format=FORMAT,
        example=_example(),
        values=table(("Form", "In the file"), [[name, FORM_MEANINGS[name]] for name in forms]),
        tables="\n".join(_table(each) for each in carried_tables()),
        left_out=table(("What", "Why"), [[f"`{name}`", why] for name, why in {**LEFT_OUT, **LEFT_OUT_COLUMNS}.items()]),
    )


def _table(each: CarriedTable) -> str:
    key = ", ".join(f"`{name}`" for name in each.key)
    rows = [[f"`{column.name}`", column.form.name, _remarks(column)] for column in each.columns]
    return f"### {each.name}\n\nKey: {key}.\n\n{table(('Column', 'Form', ''), rows)}"


def _remarks(column: CarriedColumn) -> str:
    points = f"an id of [{column.points_to}](#{column.points_to})" if column.points_to else ""
    return ", ".join(part for part in (points, "may be null" if column.may_be_null else "") if part)


def _example() -> str:
    """Shortened, and with moments of ours in place of those of the run."""
    header, *rows, trailer = _lines()
    header |= {"server": "...", "exported_at": _moment(1), "instance": _moment(0)}
    header["tables"] = {"accounts": header["tables"]["accounts"], "...": "..."}
    trailer |= {"header_sha256": "...", "tables": {"accounts": {"rows": 1, "sha256": "..."}, "...": "..."}}
    account = next(row for row in rows if row["table"] == "accounts")
    account["row"]["created_at"] = _moment(0)
    return code("\n".join(json.dumps(each, separators=(",", ":")) for each in (header, account, trailer)), "json")


def _moment(minutes: int) -> str:
    return (START + timedelta(minutes=minutes)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _lines() -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'turbo.db'}"
        migrate(url)
        content = asyncio.run(_export(url))
    return [json.loads(line) for line in content.splitlines()]


async def _export(url: str) -> bytes:
    database, file = open_database(url), io.BytesIO()
    await database.connect()
    async with database.connection() as db:
        await Identity().create_key(db, PERSON, "laptop")
        await export_to(db, file)
    await database.disconnect()
    return file.getvalue()
