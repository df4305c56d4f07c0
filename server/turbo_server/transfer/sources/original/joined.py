"""What belongs to what: by a column of the row, or by a table of pairs."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from turbo_server.transfer.drafts import Reading

from . import values
from .names import ITEMS
from .schema import Pairs, Schema, folded
from .store import Row
from .tale import Record, Records, most_common

Name = tuple[str, str]
_RELATIONS = {
    "blocks": "blocks", "blocking": "blocks", "depends_on": "waits", "blocked_by": "waits", "requires": "waits",
    "duplicates": "duplicates", "duplicate_of": "duplicates", "implements": "implements", "supersedes": "supersedes",
    "parent": "parent", "child": "child", "subtask": "child",
}  # fmt: skip
_ONE = ("milestone", "initiative")  # an issue has one of each
_PLURALS = {kind: f"{kind}s" for kind in ITEMS}


class Joined:
    """Raises nothing: what leads nowhere becomes a note."""

    def __init__(self, reading: Reading, schema: Schema, rows: Mapping[str, list[Row]], records: Records) -> None:
        self._reading = reading
        self._records = records
        self._beside: dict[tuple[Name, str], list[Record]] = defaultdict(list)
        self._waits: dict[Name, list[str]] = defaultdict(list)
        self._links: dict[Name, list[tuple[str, str, str]]] = defaultdict(list)
        self._parents: dict[Name, str] = {}
        self._counters = _counters(schema, rows)
        for pairs in schema.pairs:
            for row in rows[pairs.name]:
                self._join(pairs, row)
        for issue in records.of("issue"):
            for kind in _ONE:
                if found := self._target(issue, kind, kind):
                    self._beside[found.name, "issue"].append(issue)

    def _join(self, pairs: Pairs, row: Row) -> None:
        (first_kind, first_name), (second_kind, second_name) = pairs.ends
        first = self._records.named(first_kind, row[first_name])
        second = self._records.named(second_kind, row[second_name])
        if first is None or second is None:
            gone, kind = (row[first_name], first_kind) if first is None else (row[second_name], second_kind)
            self._reading.note(pairs.name, kind, f"{values.ident(gone) or 'nothing'} is not in the file: left out")
        elif first_kind == second_kind:
            self._join_likes(pairs, row, first, second)
        else:
            self._beside[first.name, second_kind].append(second)
            self._beside[second.name, first_kind].append(first)
            documents = {first_kind, second_kind} - {"document"}
            if "document" in (first_kind, second_kind) and documents <= {*ITEMS} - {"project"}:
                start, end = (first, second) if first_kind == "document" else (second, first)
                self._links[start.name].append(("documents", end.kind, end.origin))

    def _join_likes(self, pairs: Pairs, row: Row, first: Record, second: Record) -> None:
        """Who waits for whom is said by the columns' names; by what else they are, in the relation's column."""
        names = [folded(name) for _, name in pairs.ends]
        said = folded(str(row[pairs.relation])) if pairs.relation and row[pairs.relation] else "blocks"
        relation = _RELATIONS.get(said, "relates")
        if relation == "relates" and said not in ("relates", "related", "relates_to", "related_to"):
            self._reading.note(first.origin, pairs.name, f"{said} became relates ({second.origin})")
        if relation == "blocks" and _waits(names[0], names[1]):
            relation = "waits"
        if re.search(r"parent", names[0]) or re.search(r"child|sub", names[1]):
            relation = "parent"
        if first.kind != "issue":
            relation = relation if relation in ("supersedes", "duplicates") else "relates"
        match relation:
            case "waits":
                self._waits[first.name].append(second.origin)
            case "blocks":
                self._waits[second.name].append(first.origin)
            case "parent":
                self._parents[second.name] = first.origin
            case "child":
                self._parents[first.name] = second.origin
            case _:
                self._links[first.name].append((relation, second.kind, second.origin))

    def tags(self, record: Record) -> list[str]:
        """Of its own column, whether names or ids, and of the table of pairs."""
        own = [self._tag(each) for each in values.texts(record.value("tags"))]
        return list(dict.fromkeys([*own, *(tag.text("title") for tag in self._beside[record.name, "tag"])]))

    def _tag(self, word: str) -> str:
        found = self._records.named("tag", word)
        return found.text("title") if found else word

    def one(self, record: Record, name: str, kind: str) -> str | None:
        """The origin of what the field refers to. More than one is told, and only the first taken."""
        if name == "parent" and record.name in self._parents:
            return self._parents[record.name]
        found = [each] if (each := self._target(record, name, kind)) else []
        if name in _ONE and record.kind == "issue":
            found += self._beside[record.name, kind]
        origins = list(dict.fromkeys(each.origin for each in found))
        for other in origins[1:]:
            self._reading.note(record.origin, name, f"it has {other} as well: only the first was taken")
        return origins[0] if origins else None

    def _target(self, record: Record, name: str, kind: str) -> Record | None:
        given = record.value(name)
        if not values.ident(given):
            return None
        found = self._records.named(kind, given)
        if found is None:
            self._reading.note(record.origin, name, f"{values.ident(given)} is not in the file: left out")
        return found

    def blockers(self, record: Record) -> tuple[str, ...]:
        own = [(each, self._records.named("issue", each)) for each in values.texts(record.value("blocked_by"))]
        for each in (each for each, found in own if found is None):
            self._reading.note(record.origin, "blocked_by", f"{each} is not in the file: left out")
        origins = [found.origin for _, found in own if found]
        return tuple(dict.fromkeys([*origins, *self._waits[record.name]]))

    def links(self, record: Record) -> tuple[tuple[str, str, str], ...]:
        own = [
            ("implements" if kind == "decision" else "relates", kind, found.origin)
            for kind in ("decision", "initiative")
            if record.kind in ("initiative", "milestone") and (found := self._target(record, kind, kind))
        ]
        beside = [
            ("relates", "decision", each.origin)
            for each in self._beside[record.name, "decision"]
            if record.kind != "document"
        ]
        return tuple(dict.fromkeys([*own, *self._links[record.name], *beside]))

    def most_common_project(self, record: Record) -> str | None:
        if record.kind not in ("initiative", "milestone"):
            return None
        found = [self._target(issue, "project", "project") for issue in self._beside[record.name, "issue"]]
        return most_common([each.origin for each in found if each])

    def subject(self, record: Record, kinds: Sequence[str]) -> Name | None:
        """What a comment or an entry is about: a kind and an id, or a column for each kind."""
        for kind, value in self._said(record, kinds):
            if found := self._records.named(kind, value):
                return found.name
        return None

    def _said(self, record: Record, kinds: Sequence[str]) -> Iterator[tuple[str, Any]]:
        word = folded(record.text("target_kind"))
        kind = next((each for each, plural in _PLURALS.items() if word in (each, plural)), None)
        if kind:
            yield kind, record.value("target")
        for each in sorted(kinds, key=lambda name: name == "project"):  # what is in a project is named beside it
            yield each, record.value(each)

    def next_numbers(self, record: Record) -> dict[str, int]:
        return self._counters.get(record.id, {})


def _waits(first: str, second: str) -> bool:
    """Whether the row's first end is the one that waits."""
    if "blocked" in first or "depend" in second or "blocking" in second or "blocker" in second:
        return True
    return "dependent" in first


def _counters(schema: Schema, rows: Mapping[str, list[Row]]) -> dict[str, dict[str, int]]:
    """The number that each project would give out next, by kind: those of deleted items are not used again."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows[schema.counters.name] if schema.counters else []:
        if isinstance(row["next_number"], int):
            found[values.ident(row["project_id"])][str(row["entity_type"])] = row["next_number"]
    return found
