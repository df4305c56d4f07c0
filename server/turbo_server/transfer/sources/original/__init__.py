"""The original product's SQLite file: found out by the names of its tables and columns, read, and never written."""

from pathlib import Path

from turbo_server.transfer.drafts import Reading
from turbo_server.transfer.errors import TooManyRecords

from . import store
from .making import Maker
from .schema import recognised

ROWS_OF_A_RECORD = 4  # with its tags and links


def read(path: Path, most: int | None = None) -> Reading:
    """All of it, from one moment. Raises TransferFailed for what cannot be read, or is none."""
    reading = Reading("turbo", most=most)
    with store.opened(path) as db:
        schema = recognised(path.name, store.tables(db), reading)
        if most is not None and sum(store.count(db, name) for name in schema.wanted) > most * ROWS_OF_A_RECORD:
            raise TooManyRecords(most)  # before the rows are in memory
        Maker(reading, schema, {name: store.rows(db, name) for name in schema.wanted}).make()
        for name in schema.left_out:
            reading.note(name, "table", f"has no place here: its {_rows(store.count(db, name))} left out")
    return reading


def _rows(number: int) -> str:
    return {0: "columns are", 1: "one row is"}.get(number, f"{number} rows are")
