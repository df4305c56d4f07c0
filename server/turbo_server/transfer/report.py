"""What an import did, and field by field what it could not take."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from .drafts import Note

SHOWN = 5


@dataclass(frozen=True)
class Spoken:
    """How whoever imports says who somebody is here, and which key a project gets."""

    person: str | None = "--person '{}=NAME'"
    rename: str = "--rename '{}={}'"

    def whose(self, name: str) -> str:
        """What follows on who is nobody here."""
        return f"; {self.person.format(name)} says who it is" if self.person else ""


@dataclass
class Report:
    """`created` are the keys of what was made, and `skipped` counts, by kind; `strangers` count who is nobody here."""

    source: str
    spoken: Spoken = Spoken()
    project: str = ""
    created: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    skipped: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    notes: list[Note] = field(default_factory=list)
    words: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    strangers: Counter[str] = field(default_factory=Counter)

    def note(self, origin: str, field_name: str, why: str) -> None:
        self.notes.append(Note(origin, field_name, why))

    def lines(self, *, dry_run: bool) -> list[str]:
        told = [f"{self.source} into {self.project}: created {self._created()}; skipped {self._skipped()}."]
        if self.words:
            told.append("How words were understood:")
            told += [
                f"  {name}: {theirs} -> {ours} ({times})" for (name, theirs, ours), times in sorted(self.words.items())
            ]
        if self.notes:
            told.append("Not taken, or not as it was:")
            told += [f"  {name}: {why} ({named(origins)})" for (name, why), origins in self.grouped().items()]
        if dry_run:
            told.append("Dry run: nothing was written.")
        return told

    def _created(self) -> str:
        parts = [f"{_count(len(keys), kind)} ({span(keys)})" for kind, keys in self.created.items()]
        return ", ".join(parts) or "nothing"

    def _skipped(self) -> str:
        counts = ", ".join(_count(number, kind) for kind, number in self.skipped.items())
        return f"{counts} that came in earlier" if counts else "nothing"

    def grouped(self) -> dict[tuple[str, str], list[str]]:
        """The origins of which the same is to be said of the same field."""
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for note in self.notes:
            if note.origin not in groups[note.field, note.why]:
                groups[note.field, note.why].append(note.origin)
        return groups


def _count(number: int, kind: str) -> str:
    return f"{number} {kind if number == 1 else f'{kind}s'}"


def span(keys: list[str]) -> str:
    """Of each project, the lowest and the highest."""
    spans = []
    for keys_of_one in _by_project(keys):
        ordered = sorted(keys_of_one, key=lambda key: (len(key), key))
        spans.append(ordered[0] if len(ordered) == 1 else f"{ordered[0]} to {ordered[-1]}")
    return ", ".join(spans)


def _by_project(keys: list[str]) -> list[list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        found[key.rpartition("-")[0] or key].append(key)
    return list(found.values())


def named(origins: list[str]) -> str:
    more = len(origins) - SHOWN
    return ", ".join(origins[:SHOWN]) + (f" and {more} more" if more > 0 else "")
