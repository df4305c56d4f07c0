"""What a copy and a backup take along: every table as it is, keys and secrets too. Read off the Core tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Table, Text

from turbo_server.migrations.schema import metadata

from . import carried

Kind = Literal["number", "text", "truth", "moment", "day"]
# Made from the others: `reindex` makes them anew, in the form of each database, and no backup is twice as large.
DERIVED = ("search_entries", "search_words", "search_traces")
TABLES: tuple[str, ...] = (
    "instance", *carried.TABLES, "api_keys", "key_projects", "invitations", "audit", "idempotency_keys", "allowances",
    "claims", "jobs", "webhooks", "webhook_deliveries", "mentor_spending", "web_sessions", "saved_views",
)  # fmt: skip
# What a server writes into an empty database before anybody has used it.
OF_THE_SERVER = ("instance", "allowances")
OF_A_FIRST_START = ("audit", "api_keys", "accounts", "workspaces")
_KINDS: tuple[tuple[type, Kind], ...] = (
    (Boolean, "truth"), (Integer, "number"), (DateTime, "moment"), (Date, "day"), (Text, "text"),
)  # fmt: skip


@dataclass(frozen=True)
class MovedTable:
    """`key` names a row, and orders them. `is_numbered`: the database counts its ids, and never gives one out twice."""

    name: str
    columns: Mapping[str, Kind]
    key: tuple[str, ...]
    is_numbered: bool

    @cached_property
    def names(self) -> list[str]:
        return list(self.columns)

    @cached_property
    def truths(self) -> list[str]:
        return [name for name, kind in self.columns.items() if kind == "truth"]

    def described(self) -> dict[str, object]:
        return {"columns": dict(self.columns), "key": self.key, "numbered": self.is_numbered}


def moved_tables() -> tuple[MovedTable, ...]:
    return tuple(_moved(metadata.tables[name]) for name in TABLES)


def read_table(name: str, described: Any) -> MovedTable:
    """As `described` wrote it. Raises KeyError, TypeError or ValueError for anything else."""
    columns, key, numbered = described["columns"], tuple(described["key"]), described["numbered"]
    known = set(columns.values()) <= set(get_args(Kind)) and all(each.isidentifier() for each in (name, *columns))
    if not known or not key or not set(key) <= set(columns) or not isinstance(numbered, bool):
        raise ValueError(name)
    return MovedTable(name, columns, key, numbered)


def _moved(table: Table) -> MovedTable:
    columns = {column.name: _kind(column) for column in table.columns}
    is_numbered = bool(table.dialect_options["sqlite"]["autoincrement"])
    return MovedTable(table.name, columns, tuple(column.name for column in table.primary_key), is_numbered)


def _kind(column: Column[Any]) -> Kind:
    return next(kind for known, kind in _KINDS if isinstance(column.type, known))
