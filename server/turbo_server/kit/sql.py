"""One SQL text for two databases: the few words that differ are written as {tokens}.

Parameters are `$1`, `$2`, ... on both: Postgres' own form, and to SQLite a named parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

Row = Mapping[str, Any]


class Dialect(StrEnum):
    POSTGRES = "postgresql"
    SQLITE = "sqlite"


WORDS: dict[Dialect, dict[str, str]] = {
    Dialect.POSTGRES: {
        "json_list": "json_agg",  # both answer the JSON as text: no codec, one decoder (pydantic's Json)
        "fold": "lower",
        "find": "strpos",
        "for_update": "for no key update",  # rows that only refer to this one need not wait, nor deadlock
        "skip_locked": "for update skip locked",
        "limit_lock_wait": "set_config('lock_timeout', ",  # from here to the end of the transaction
        "end_limit_lock_wait": ", true) <> ''",
        "least": "least",
        "among": "= any(",
        "end_among": ")",
        "each_of": "unnest(",  # of a list, as rows of `one(value)`
        "end_each_of": "::bigint[]) as one(value)",
        "as_date": "::date",
        "field_of": "(cast(",  # a field of an object that stands in a column as JSON text, as JSON text again
        "field_named": " as json) -> '",
        "end_field": "')::text",
        "as_time": "::timestamptz",
        "this_tx": "pg_current_xact_id()::text::bigint",
        "oldest_running_tx": "pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
        "next_tx": "pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
        "seen_project": "",  # of a project that is changed: see sight.py
    },
    Dialect.SQLITE: {
        "json_list": "json_group_array",
        "fold": "fold",  # our own function: SQLite's lower() knows ASCII only
        "find": "instr",
        "least": "min",
        "for_update": "",
        "skip_locked": "",
        "limit_lock_wait": "",
        "end_limit_lock_wait": "<> ''",
        "among": "in (select value from json_each(",
        "end_among": "))",
        "each_of": "(select value from json_each(",
        "end_each_of": ")) as one",
        "as_date": "",
        "field_of": "json_extract(",
        "field_named": ", '$.",
        "end_field": "')",
        "as_time": "",
        "this_tx": "0",
        "oldest_running_tx": "1",
        "next_tx": "1",
        "seen_project": "",
    },
}


@dataclass(frozen=True, slots=True)
class Statement:
    """`sees_all` says why a statement is not held to what its actor may see, where it is not (see sight.py)."""

    postgres: str
    sqlite: str
    template: str = ""
    sees_all: str = ""

    def text(self, dialect: Dialect) -> str:
        return self.postgres if dialect is Dialect.POSTGRES else self.sqlite


@lru_cache(maxsize=512)
def sql(template: str, *, sees_all: str = "") -> Statement:
    """A statement from its template. Values never enter the template: they are parameters."""
    postgres, sqlite = (template.format(**WORDS[dialect]) for dialect in (Dialect.POSTGRES, Dialect.SQLITE))
    return Statement(postgres, sqlite, template, sees_all)


class Conditions:
    """The `where` of a list whose filters all combine; numbers its parameters as it grows."""

    def __init__(self, *parameters: object) -> None:
        self.parameters: list[object] = list(parameters)
        self._terms: list[str] = []

    def add(self, term: str, *values: object) -> None:
        """`term` names its values `$?`, in order."""
        for value in values:
            term = term.replace("$?", self.bind(value), 1)
        self._terms.append(f"({term})")

    def bind(self, value: object) -> str:
        """The `$n` under which the value will be passed."""
        self.parameters.append(value)
        return f"${len(self.parameters)}"

    def __str__(self) -> str:
        return " and ".join(self._terms) or "true"
