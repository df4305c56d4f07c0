"""Finds out which table and column is what, and which tables only say what belongs together."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from turbo_server.transfer.drafts import Reading
from turbo_server.transfer.errors import TransferFailed

from .names import FIELDS, PEOPLE, TABLES
from .store import TheirTable

_KIND_OF = {name: kind for kind, names in TABLES.items() for name in names.split()}
# Columns of a table of pairs that are nothing of their own.
_ASIDE = {"id", "created_at", "updated_at", "position", "sort_order"}
_RELATION = re.compile(r"(?:\w+_)?(?:type|kind|relation|relationship)")


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` from our field to their column; `rest` are those that have no field."""

    kind: str
    name: str
    columns: Mapping[str, str]
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A table whose rows each join two items. `ends` are (kind, column); `relation` is the column with its sort."""

    name: str
    ends: tuple[tuple[str, str], tuple[str, str]]
    relation: str | None


@dataclass
class Schema:
    tables: dict[str, Table] = field(default_factory=dict)
    people: list[Table] = field(default_factory=list)
    pairs: list[Pairs] = field(default_factory=list)
    counters: TheirTable | None = None
    left_out: list[str] = field(default_factory=list)

    @property
    def wanted(self) -> list[str]:
        """The tables to read."""
        found = [each.name for each in (*self.tables.values(), *self.people)] + [each.name for each in self.pairs]
        return found + ([self.counters.name] if self.counters else [])


def recognised(file: str, given: list[TheirTable], reading: Reading) -> Schema:
    """Raises TransferFailed for a database in which nothing is."""
    schema = Schema()
    by_name = {folded(each.name): each for each in given}
    for kind, names in TABLES.items():
        found = next((by_name[name] for name in names.split() if name in by_name), None)
        if found:
            schema.tables[kind] = _table(kind, found, reading)
    if not {"project", "issue", "initiative", "decision", "document", "milestone"} & schema.tables.keys():
        there = ", ".join(each.name for each in given[:8]) or "no tables at all"
        raise TransferFailed(
            f"{file} is no database of the original Turbo: it has none of the tables projects, issues, initiatives,"
            f" milestones, decisions and documents, but {there}."
        )
    for kind in (kind for kind in TABLES if kind not in schema.tables and kind != "tag"):
        reading.note(f"{kind}s", "table", "is not in the file")
    taken = {each.name for each in schema.tables.values()}
    for each in (each for each in given if each.name not in taken):
        _place(schema, each)
    return schema


def _place(schema: Schema, table: TheirTable) -> None:
    if folded(table.name) in PEOPLE:
        schema.people.append(_table("person", table, None))
    elif pairs := _pairs(schema, table):
        schema.pairs.append(pairs)
    elif {"project_id", "entity_type", "next_number"} <= set(table.columns):
        schema.counters = table
    else:
        schema.left_out.append(table.name)


def _table(kind: str, table: TheirTable, reading: Reading | None) -> Table:
    """The first name of a field that the table has; a column may begin with the kind, as issue_key does."""
    columns = {folded(name): name for name in reversed(table.columns)}
    bare = {name.removeprefix(f"{kind}_"): theirs for name, theirs in columns.items()}
    found: dict[str, str] = {}
    for ours, names in FIELDS[kind].items():
        words = names.split()
        theirs = next((columns[word] for word in words if word in columns), None)
        theirs = theirs or next((bare[word] for word in words if word in bare), None)
        if theirs and theirs not in found.values():
            found[ours] = theirs
    rest = tuple(name for name in table.columns if name not in found.values())
    if reading and kind not in ("tag", "work_log") and not {"title", "description"} & found.keys():
        reading.note(table.name, "table", "has no column that is a title or a text")
    return Table(kind, table.name, found, rest)


def _pairs(schema: Schema, table: TheirTable) -> Pairs | None:
    ends = [(kind, name) for name in table.columns if (kind := _kind_of(schema, table, name))]
    others = [name for name in table.columns if name not in {end for _, end in ends}]
    relation = next((name for name in others if _RELATION.fullmatch(folded(name))), None)
    if len(ends) != 2 or any(folded(name) not in _ASIDE and name != relation for name in others):
        return None
    return Pairs(table.name, (ends[0], ends[1]), relation)


def _kind_of(schema: Schema, table: TheirTable, column: str) -> str | None:
    """Of what the column names: by its foreign key, else by its name."""
    if column in table.points:
        return _KIND_OF.get(folded(table.points[column]))
    name = folded(column)
    if not name.endswith(("_id", "_key", "_by")) and name not in ("blocks", "depends_on"):
        return None
    named = next((kind for kind in TABLES if re.search(rf"(^|_){kind}(_|$)", name)), None)
    if named is None and re.search(r"block|depend|parent|child|source|target|from|to_", name):
        return "issue"
    return named if named in schema.tables else None


def folded(name: str) -> str:
    """createdAt and Created-At are created_at."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[\s_-]+", "_", words).lower()
