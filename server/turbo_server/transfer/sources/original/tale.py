"""A row as a record: its fields by our names, its key and origin, and all of it that has no field, in words."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from turbo_server.kit.keys import read_key
from turbo_server.transfer.drafts import Reading, WorkEntry

from . import values
from .schema import Schema, Table
from .store import Row

_LONGEST_COMMIT = 300
_LONGEST_DAY = 10_080  # minutes in one entry


class Records:
    """All rows of all kinds, each findable by its id and its key."""

    def __init__(self, reading: Reading, schema: Schema, rows: Mapping[str, list[Row]]) -> None:
        self._of: dict[str, list[Record]] = {}
        self._by: dict[tuple[str, str], Record] = {}
        self.people = {
            values.ident(row.get(table.columns.get("id", ""))): str(row.get(table.columns.get("title", "")) or "")
            for table in schema.people
            for row in rows[table.name]
        }
        for kind, table in schema.tables.items():
            self._of[kind] = self._read(reading, table, rows[table.name])

    def _read(self, reading: Reading, table: Table, rows: list[Row]) -> list["Record"]:
        always = _always(table, rows)
        for name, value in always.items():
            reading.note(table.name, name, f"has no place here, and is {value!r} in each of the {len(rows)} rows")
        found: list[Record] = []
        for row in rows:
            record = Record(reading, table, row, self.people, frozenset(always))
            if record.truth("deleted"):
                reading.note(record.origin, table.kind, "was deleted there: left out")
                continue
            found.append(record)
            for name in (record.id, record.key):
                if name:
                    self._by.setdefault((table.kind, name), record)
        return found

    def of(self, kind: str) -> list["Record"]:
        return self._of.get(kind, [])

    def named(self, kind: str, value: Any) -> "Record | None":
        name = values.ident(value)
        return self._by.get((kind, name)) or self._by.get((kind, name.upper())) if name else None

    def first(self, kind: str) -> str | None:
        return self.of(kind)[0].origin if self.of(kind) else None


def _always(table: Table, rows: list[Row]) -> dict[str, Any]:
    """Columns without a place that hold one value all the way down: told once instead of with every item."""
    if len(rows) < 3:
        return {}
    seen = {name: {repr(row[name]) for row in rows} for name in table.rest}
    return {
        name: rows[0][name]
        for name, found in seen.items()
        if len(found) == 1 and not values.says_nothing(rows[0][name])
    }


def _indented(text: str) -> str:
    """Several lines stand under the name that they are of."""
    return "\n" + "\n".join(f"  {line}" for line in text.splitlines()) if "\n" in text or text[:2] == "- " else text


@dataclass(frozen=True, slots=True)
class Record:
    reading: Reading
    table: Table
    row: Row
    people: Mapping[str, str]
    told: frozenset[str]

    @property
    def kind(self) -> str:
        return self.table.kind

    @property
    def columns(self) -> Mapping[str, str]:
        return self.table.columns

    def value(self, name: str) -> Any:
        return self.row[self.columns[name]] if name in self.columns else None

    @property
    def id(self) -> str:
        return values.ident(self.value("id"))

    @property
    def key(self) -> str:
        return self.text("key").upper()

    @property
    def origin(self) -> str:
        """The key, else the id: how it is called in the report, and known again by."""
        if self.key and self.kind != "comment":
            return self.key
        if self.id:
            return f"{self.kind} {self.id}"
        words = repr(sorted((name, repr(value)) for name, value in self.row.items()))
        return f"{self.kind} {hashlib.sha256(words.encode()).hexdigest()[:8]}"

    @property
    def name(self) -> tuple[str, str]:
        return self.kind, self.origin

    @property
    def number(self) -> int | None:
        """Of the key, where it is one of ours; else of its own column."""
        key = read_key(self.key)
        if key and key.kind == self.kind and key.number:
            return key.number
        given = values.ident(self.value("number"))
        if given.isascii() and given.isdigit() and 0 < int(given) < 10**9:
            return int(given)
        if self.key and self.kind != "project":
            self.reading.note(self.origin, "key", "is no key here: the item got the next number of its project")
        return None

    def text(self, name: str) -> str:
        value = self.value(name)
        return " ".join(values.prose(value).split()) if not isinstance(value, str) else value.strip()

    def prose(self, name: str) -> str:
        value = self.value(name)
        if isinstance(value, bytes):
            self.reading.note(self.origin, name, f"holds {len(value)} bytes that are no text: left out")
        told = values.prose(value)
        if "\ufffd" in told:
            self.reading.note(self.origin, name, "held bytes that are no UTF-8: replaced")
        return told

    def title(self) -> str:
        """Where there is none, the first words of the text, so that the rest is not lost."""
        if found := self.text("title"):
            return found
        words = next((line.strip() for line in self.text("description").splitlines() if line.strip()), "")
        self.reading.note(self.origin, "title", "is empty: the first words of the text stand for it")
        return words[:80] or f"Untitled {self.origin}"

    def truth(self, name: str) -> bool:
        return values.truth(self.value(name))

    def moment(self, name: str) -> datetime | None:
        given = self.value(name)
        found = values.moment(given)
        if found is None and given not in (None, "", 0):
            self.reading.note(self.origin, name, f"{given!r} is no date that is sure: left out")
        return found

    def day(self, name: str) -> str | None:
        found = self.moment(name)
        return found.date().isoformat() if found else None

    def person(self, name: str) -> str | None:
        """By name, else whom the id is of."""
        if given := self.text(name):
            return self.people.get(values.ident(given), given)
        number = values.ident(self.value(f"{name}_id"))
        if number and number not in self.people:
            self.reading.note(self.origin, name, f"{number} is nobody in the file: left out")
        return self.people.get(number) or None

    @property
    def author(self) -> str | None:
        return self.person("author")

    def options(self) -> list[dict[str, str]]:
        """Of a decision: titles with their pros and cons, and what else is said of them in the title's place."""
        found = values.parsed(self.value("options"))
        options = []
        for each in found if isinstance(found, list) else values.texts(found):
            told = each if isinstance(each, dict) else {"title": each}
            title = next((str(told[name]) for name in ("title", "name", "option", "label") if told.get(name)), "")
            option = {"title": " ".join((title or values.prose(told)).split())[:300]}
            option |= {name: values.prose(told[name]) for name in ("pros", "cons") if told.get(name)}
            more = {
                name: value for name, value in told.items() if name not in ("title", "name", "option", "pros", "cons")
            }
            if more and isinstance(each, dict):
                option["pros"] = f"{option.get('pros', '')}\n\n{values.prose(more)}".strip()
            options.append(option)
        if len(options) > 20:
            self.reading.note(self.origin, "options", "are more than 20: the rest was left out")
        return [option for option in options if option["title"]][:20]

    def tale(self, name: str, **more: Any) -> str:
        """A text, and under it what has no field here."""
        return "\n\n".join(part for part in (self.prose(name), self.left_over(**more)) if part.strip())

    def left_over(self, **more: Any) -> str:
        """One line for each column without a place that says something; each of them is a note as well."""
        lines = [f"- {name}: {_indented(values.prose(value))}" for name, value in self._without_a_place().items()]
        lines += [
            f"- {name}: {', '.join(told) if isinstance(told, list) else told}" for name, told in more.items() if told
        ]
        return "Also in the original:\n\n" + "\n".join(lines) if lines else ""

    def _without_a_place(self) -> dict[str, Any]:
        found = {}
        for name in self.table.rest:
            value = self.row[name]
            if name in self.told or values.says_nothing(value):
                continue
            if isinstance(value, bytes):
                self.reading.note(self.origin, name, "holds bytes and has no place here: left out")
                continue
            found[name] = value
            self.reading.note(
                self.origin, f"{self.table.name}.{name}", "has no place here: kept at the end of the text"
            )
        return found

    def work(self) -> WorkEntry:
        minutes = self._minutes()
        commit = self.text("commit")
        text = self.tale("description") or "Work"
        if self.author:
            text = f"{self.author}: {text}"
        return WorkEntry(text, minutes, self.moment("ended") or self.moment("started") or self.moment("created"),
                    commit[:_LONGEST_COMMIT] or None, self.text("branch")[:_LONGEST_COMMIT] or None)  # fmt: skip

    def _minutes(self) -> int | None:
        given = [(self.value(name), factor) for name, factor in (("minutes", 1), ("hours", 60), ("seconds", 1 / 60))]
        found = next((value * factor for value, factor in given if isinstance(value, (int, float)) and value > 0), None)
        start, end = self.moment("started"), self.moment("ended")
        if found is None and start and end and end > start:
            found = (end - start).total_seconds() / 60
        if found is not None and found > _LONGEST_DAY:
            self.reading.note(self.origin, "minutes", f"{round(found)} are more than an entry holds: {_LONGEST_DAY}")
        return min(round(found), _LONGEST_DAY) if found is not None else None


def most_common(names: list[str]) -> str | None:
    return Counter(names).most_common(1)[0][0] if names else None
