"""How much each item has to do with a question: by its words, rare ones counting most, and by what hangs together."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from turbo_server.kit.database import Row

from .question import Lookup
from .store import COUNTED, Item

NOTES = frozenset({"comment", "work_log"})
LONG = 2_000  # characters from which a text has many words anyway
OF_A_NOTE = 0.35  # what each further text of an item adds, of its own worth
# What hangs together with something counts a share of it, by how it does; anything else OTHERWISE.
SHARES: Mapping[str, float] = {
    "implements": 0.6, "documents": 0.6, "superseded by": 0.7, "superseded": 0.4, "blocks it": 0.5, "waits for it": 0.4,
    "duplicates": 0.5, "parent": 0.5, "sub-issue": 0.4, "relates": 0.45, "supersedes": 0.5, "initiative": 0.3,
    "milestone": 0.25, "in it": 0.2, "named in it": 0.45,
}  # fmt: skip
OTHERWISE = 0.3
# A decision or a document says why; of two that fit alike it is worth more.
OF_KIND: Mapping[str, float] = {"decision": 1.2, "document": 1.15, "conversation": 0.7, "project": 0.5}


@dataclass(slots=True)
class Candidate:
    """`why` says how it came in; `notes` are what was said on it and fits: (kind, id)."""

    item: Item
    worth: float = 0.0
    why: list[str] = field(default_factory=list)
    notes: list[Item] = field(default_factory=list)
    entry: int | None = None


def by_words(rows: Sequence[Row], asked: Sequence[Lookup], entries: int) -> dict[Item, Candidate]:
    """What the lookups found, of each item."""
    weights = _weights(rows, asked, max(entries, 1))
    whole = sum(weight for lookup, weight in zip(asked, weights, strict=True) if len(lookup.words) == 1) or 1.0
    worths: dict[Item, list[float]] = defaultdict(list)
    found: dict[Item, Candidate] = {}
    for row in rows:
        item = (row["item_kind"], row["item_id"])
        candidate = found.setdefault(item, Candidate(item))
        worths[item].append(_worth(row, asked, weights, whole))
        if row["kind"] in NOTES:
            candidate.notes.append((row["kind"], row["subject_id"]))
        else:
            candidate.entry = row["id"]
    for item, each in worths.items():
        best, *others = sorted(each, reverse=True)
        found[item].worth = (best + OF_A_NOTE * sum(others[:3])) * OF_KIND.get(item[0], 1.0)
        found[item].why.append("its words")
    return found


def _weights(rows: Sequence[Row], asked: Sequence[Lookup], entries: int) -> list[float]:
    """Of each lookup: the logarithm of how few entries it finds."""
    counts = rows[0]["counts"].split(",") if rows else []
    times = {int(number): int(count) for number, count in (each.split(":") for each in counts)}
    total = min(entries, COUNTED)
    return [
        lookup.worth * math.log(1 + total / (1 + times[number])) if number in times else 0.0
        for number, lookup in enumerate(asked, 1)
    ]


def _worth(row: Row, asked: Sequence[Lookup], weights: Sequence[float], whole: float) -> float:
    """More of the question's words are worth more than their sum; a long text has words by chance."""
    numbers = {int(number) - 1 for number in row["found"].split(",")}
    words = {word: weights[n] for n in numbers if len(asked[n].words) == 1 for word in asked[n].words}
    share = min(sum(words.values()) / whole, 1.0)
    length = 1 + 0.25 * math.log2(max(row["size"], LONG) / LONG)
    return sum(weights[n] for n in numbers) * (0.4 + 0.6 * share) / length


def spread(found: dict[Item, Candidate], rows: Iterable[Row]) -> None:
    """Gives what hangs together with the seeds its share of their worth."""
    gained: dict[Item, float] = defaultdict(float)
    ways: dict[Item, list[str]] = defaultdict(list)
    for row in rows:
        seed, item = found.get((row["of_kind"], row["of_id"])), (row["kind"], row["id"])
        if seed is None or item == seed.item:
            continue
        gained[item] = max(gained[item], seed.worth * SHARES.get(row["way"], OTHERWISE))
        ways[item].append(row["way"])
    for item, worth in gained.items():
        candidate = found.setdefault(item, Candidate(item))
        candidate.worth += worth if not candidate.worth else worth / 2
        candidate.why += [f"linked: {way}" for way in dict.fromkeys(ways[item])]


def best(found: Mapping[Item, Candidate], count: int) -> list[Candidate]:
    """Best first, never undecided."""
    return sorted(found.values(), key=lambda each: (-each.worth, each.item))[:count]
