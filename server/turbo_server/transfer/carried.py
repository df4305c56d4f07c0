"""Which tables and columns an export carries, and how their values look in it: both read off the Core tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, SmallInteger, Table, Text

from turbo_server.migrations.schema import metadata

M = TypeVar("M", bound=date)
# Each after the tables it points to, so that one pass imports them.
TABLES: tuple[str, ...] = (
    "workspaces", "accounts", "projects", "project_members", "initiatives", "milestones", "labels", "issues",
    "issue_labels", "issue_blocks", "comments", "work_logs", "decisions", "documents", "document_versions",
    "relations", "events", "origins", "mentors", "conversations", "turns", "conversation_projects",
    "answers", "proposals",
)  # fmt: skip
LEFT_OUT: dict[str, str] = {
    "instance": "the secret under which keys are hashed: it never leaves its database",
    "api_keys": "keys are secrets of one instance: the new one gets keys of its own",
    "invitations": "secrets too: whoever is still to come is invited anew",
    "web_sessions": "who is signed in to the web page of this very server",
    "saved_views": "how each person looks at this very server's page",
    "audit": "who used which key of this very database, and from where",
    "key_projects": "which projects a key is limited to: it stays behind with the key",
    "idempotency_keys": "answers for those who repeat a call to this very database",
    "allowances": "how much a key or an address has used up lately, of this very server",
    **dict.fromkeys(
        ("search_entries", "search_words", "search_traces"), "what search reads: `turbo-server reindex` makes it anew"
    ),
    "mentor_spending": "what was spent in a day from the budgets of this very server",
    "jobs": "what this very server is about to do",
    "webhooks": "where this very server sends to: a second one would send everything twice",
    "webhook_deliveries": "what was sent from this very server",
    "claims": "who works on what at this moment: it ends with the session",
}
LEFT_OUT_COLUMNS: dict[str, str] = {
    "events.api_key_id": "with which key it was done: keys are of one instance",
    "events.tx": "a transaction's number in its own database. Imported events have 0: they come before all new ones",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How the values of one type of column stand in the file. `read` raises ValueError with what it expects."""

    name: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class CarriedColumn:
    name: str
    form: Form
    may_be_null: bool
    has_default: bool
    points_to: str | None


@dataclass(frozen=True)
class CarriedTable:
    """`key` are the columns that name a row, all whole numbers; `itself` those that point to the same table."""

    name: str
    columns: tuple[CarriedColumn, ...]
    key: tuple[str, ...]

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def itself(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.points_to == self.name)

    def only(self, names: Sequence[str]) -> "CarriedTable":
        """With these columns, in this order. Raises KeyError for one that is not there."""
        by_name = {column.name: column for column in self.columns}
        return CarriedTable(self.name, tuple(by_name[name] for name in names), self.key)


def _as_it_is(value: Any) -> Any:
    return value


def _whole(lowest: int, highest: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not lowest <= value <= highest:
            raise ValueError(f"must be a whole number of at most {highest}")
        return value

    return read


def _read_text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError("must be text without NUL characters")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("holds half of a character pair, which is no text") from error
    return value


def _write_moment(value: datetime | str) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read_moment(value: Any) -> datetime:
    moment = _iso(datetime, value, "a moment such as 2026-03-02T09:00:00.000000Z")
    if moment.tzinfo is None:
        raise ValueError("must be a moment in UTC, with a Z at its end")
    return moment.astimezone(UTC)


def _write_day(value: date | str) -> str:
    return value if isinstance(value, str) else value.isoformat()


def _read_day(value: Any) -> date:
    return _iso(date, value, "a day such as 2026-03-02")


def _iso(kind: type[M], value: Any, expected: str) -> M:
    try:
        return kind.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"must be {expected}") from error


def _read_truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


# The first that fits: SmallInteger and BigInteger are kinds of Integer.
FORMS: tuple[tuple[type, Form], ...] = (
    (Boolean, Form("true or false", bool, _read_truth)),
    (SmallInteger, Form("number", _as_it_is, _whole(-(2**15), 2**15 - 1))),
    (BigInteger, Form("number", _as_it_is, _whole(-(2**63), 2**63 - 1))),
    (Integer, Form("number", _as_it_is, _whole(-(2**31), 2**31 - 1))),
    (DateTime, Form("moment", _write_moment, _read_moment)),
    (Date, Form("day", _write_day, _read_day)),
    (Text, Form("text", _as_it_is, _read_text)),
)


def carried_tables() -> tuple[CarriedTable, ...]:
    return tuple(_carried(metadata.tables[name]) for name in TABLES)


def _carried(table: Table) -> CarriedTable:
    columns = [_column(column) for column in table.columns if f"{table.name}.{column.name}" not in LEFT_OUT_COLUMNS]
    return CarriedTable(table.name, tuple(columns), tuple(column.name for column in table.primary_key))


def _column(column: Column[Any]) -> CarriedColumn:
    targets = [key.column.table.name for key in column.foreign_keys]
    return CarriedColumn(
        name=column.name,
        form=next(form for kind, form in FORMS if isinstance(column.type, kind)),
        may_be_null=bool(column.nullable),
        has_default=column.server_default is not None,
        points_to=targets[0] if targets else None,
    )
