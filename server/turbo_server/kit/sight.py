"""What an actor may see, and the one place where statements are told of it.

A project may be private to some, and a key may be made for a few projects: either way an actor sees some of his
workspace's projects and nothing of the others. For him every statement runs with tables of the same names put before
the real ones, in which only what he may see stands. So no statement can forget it, and whoever sees everything pays
nothing: his statements are the very texts that are written in the stores.

A statement that changes a guarded table cannot be told so; it names its row by an id that was found before, or carries
{seen_project}.
"""

import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import lru_cache

from .database import Connection, Row
from .sql import WORDS, Dialect, Statement

_OR_OF_NONE = "project_id is null or project_id {seen}"
# A conversation tells of every project that its briefs were made from.
_TOLD_OF_SEEN = """not exists (
    select 1 from conversation_projects told
    where told.conversation_id = {conversation} and not (told.project_id {{seen}}))"""


def _with_conversations(table: str, of: str) -> str:
    told = _TOLD_OF_SEEN.format(conversation=f"{table}.{of}_id")
    return f"({_OR_OF_NONE}) and ({table}.{of}_kind <> 'conversation' or {told})"


# Table to the condition of its rows. What is not here has no project of its own: it is reached through what has.
GUARDED = {
    "projects": "id {seen}",
    "issues": "project_id {seen}",
    "initiatives": "project_id {seen}",
    "milestones": "project_id {seen}",
    "documents": "project_id {seen}",
    "origins": "project_id {seen}",
    "decisions": _OR_OF_NONE,
    "work_logs": _OR_OF_NONE,
    "saved_views": _OR_OF_NONE,
    "events": _with_conversations("events", "subject"),
    "search_entries": _with_conversations("search_entries", "item"),
    "conversations": f"({_OR_OF_NONE}) and {_TOLD_OF_SEEN.format(conversation='conversations.id')}",
    "labels": """exists (
        select 1 from {real}issue_labels carried join {real}issues carrier on carrier.id = carried.issue_id
        where carried.label_id = labels.id and carrier.project_id {seen})""",
}
_SEEN = {
    (Dialect.POSTGRES, False): "<> all($%d)",
    (Dialect.POSTGRES, True): "= any($%d)",
    (Dialect.SQLITE, False): "not in (select value from json_each($%d))",
    (Dialect.SQLITE, True): "in (select value from json_each($%d))",
}
# SQLite takes a table that is named in its own definition for a circle. Postgres does not, but knows no fixed schema.
_REAL = {Dialect.POSTGRES: "", Dialect.SQLITE: "main."}
_NAMES = re.compile(rf"\b(?:{'|'.join(GUARDED)})\b")
_TARGET = re.compile(r"\b(?:update|insert\s+into|delete\s+from)\s+(\w+)", re.IGNORECASE)
_WITH = re.compile(r"\s*with\s+(recursive\b)?", re.IGNORECASE)
_LOCKS = re.compile(r"\bfor\s+(?:no\s+key\s+)?update\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sight:
    """Which projects of his workspace an actor sees: those of `only`, where there is such a list, but none `hidden`."""

    only: frozenset[int] | None = None
    hidden: frozenset[int] = frozenset()

    @property
    def is_limited(self) -> bool:
        return self.only is not None or bool(self.hidden)

    def sees(self, project_id: int | None) -> bool:
        """What is of no project is everybody's."""
        if project_id is None:
            return True
        return project_id not in self.hidden and (self.only is None or project_id in self.only)

    @property
    def listed(self) -> list[int]:
        """What the condition of a limited statement is given: the seen ones of a list, else the hidden ones."""
        return sorted(self.hidden if self.only is None else self.only - self.hidden)


EVERYTHING = Sight()


def seen_by(sight: Sight, db: Connection) -> Connection:
    """The connection as an actor of that sight may use it."""
    return LimitedConnection(db, sight) if sight.is_limited else db


def narrowed(db: Connection, sight: Sight) -> Connection:
    """The connection of somebody who sees more, as one of that sight may use it."""
    return seen_by(sight, db.unlimited if isinstance(db, LimitedConnection) else db)


class LimitedConnection:
    """Runs every statement as one that sees only what its actor may see."""

    def __init__(self, db: Connection, sight: Sight) -> None:
        self.dialect = db.dialect
        self.unlimited = self._db = db
        self._by_list = sight.only is not None
        self._listed = sight.listed

    async def fetch(self, statement: Statement, *values: object) -> list[Row]:
        limited = limited_statement(statement, len(values) + 1, by_list=self._by_list)
        return await self._db.fetch(limited, *values, *([] if limited is statement else [self._listed]))

    async def fetch_one(self, statement: Statement, *values: object) -> Row | None:
        limited = limited_statement(statement, len(values) + 1, by_list=self._by_list)
        return await self._db.fetch_one(limited, *values, *([] if limited is statement else [self._listed]))

    def transaction(self) -> AbstractAsyncContextManager[None]:
        return self._db.transaction()

    def snapshot(self) -> AbstractAsyncContextManager[None]:
        return self._db.snapshot()

    def after_commit(self, call: Callable[[], None]) -> None:
        self._db.after_commit(call)


@lru_cache(maxsize=2048)
def limited_statement(statement: Statement, number: int, *, by_list: bool) -> Statement:
    """The statement for somebody who sees some projects, whose ids are its parameter `number`; or the very same one,
    where it names nothing that is guarded. Raises ValueError for one that cannot be limited and does not say why."""
    if statement.sees_all:
        return statement
    postgres, sqlite = (_limited(statement, dialect, number, by_list=by_list) for dialect in Dialect)
    if postgres == statement.postgres and sqlite == statement.sqlite:
        return statement
    return Statement(postgres, sqlite)


def _limited(statement: Statement, dialect: Dialect, number: int, *, by_list: bool) -> str:
    seen = _SEEN[dialect, by_list] % number
    text = statement.text(dialect)
    if statement.template and "{seen_project}" in statement.template:
        text = statement.template.format(**(WORDS[dialect] | {"seen_project": f"and id {seen}"}))
    names = guarded_names(text)
    if not names:
        return text
    if _LOCKS.search(statement.postgres):
        raise ValueError(f"a lock does not reach through a limited table: {text}")
    tables = ", ".join(_shadow(name, dialect, seen) for name in names)
    begins = _WITH.match(text)
    if begins is None:
        return f"with {tables} {text}"
    if begins[1]:
        raise ValueError(f"a recursive statement cannot be limited: {text}")
    return f"with {tables}, {text[begins.end() :]}"


def guarded_names(text: str) -> list[str]:
    """The guarded tables that the statement reads, those that it changes left out."""
    return sorted(set(_NAMES.findall(text)) - set(_TARGET.findall(text)))


def _shadow(name: str, dialect: Dialect, seen: str) -> str:
    """Not materialized: the condition then joins the statement's own, and the table's indexes serve both."""
    real = _REAL[dialect]
    condition = GUARDED[name].format(seen=seen, real=real)
    return f"{name} as not materialized (select * from {real}{name} where {condition})"  # noqa: S608 - all ours
