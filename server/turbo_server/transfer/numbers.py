"""Keeps the keys that items had: sets the counter before each is made, and above all of them at the end."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from turbo_server.kit.database import Connection
from turbo_server.kit.keys import EXAMPLES

from . import number_store
from .drafts import Draft
from .report import Report

Place = tuple[str, int]  # kind, and project; of decisions the workspace
LARGEST = 10**9 - 1  # of a key


@dataclass
class _Count:
    taken: set[int]
    counter: int  # as it stands in the database
    top: int  # above every number that is taken, or will be


@dataclass
class Numbers:
    db: Connection
    report: Report
    _counts: dict[Place, _Count] = field(default_factory=dict)

    async def expect(self, drafts: Iterable[tuple[Draft, int]], more: Mapping[Place, int]) -> None:
        """Which numbers will be asked for, and from where on each place numbers on. Of places where none is asked for,
        nothing is changed."""
        wanted: dict[Place, list[int]] = {}
        for draft, place in drafts:
            if draft.number and draft.kind in number_store.NUMBERED:
                wanted.setdefault((draft.kind, place), []).append(draft.number)
        for key, numbers in wanted.items():
            counter = await number_store.next_number(self.db, *key)
            taken = await number_store.taken_numbers(self.db, *key)
            top = max(counter, more.get(key, 1), *(number + 1 for number in (*numbers, *taken)))
            self._counts[key] = _Count(taken, counter, top)

    async def prepare(self, draft: Draft, place: int) -> None:
        """So that what is created next gets the draft's number, or one above all if that is taken."""
        count = self._counts.get((draft.kind, place))
        if count is None:
            return
        number = draft.number
        if number is None or number in count.taken:
            if number:
                self._tell_taken(draft, count.top)
            number, count.top = count.top, count.top + 1
        count.taken.add(number)
        if number != count.counter:
            await number_store.set_next_number(self.db, draft.kind, place, number)
        count.counter = number + 1

    def _tell_taken(self, draft: Draft, instead: int) -> None:
        letter = {"initiative": "I", "milestone": "M", "document": "D"}.get(draft.kind, "")
        self.report.note(
            draft.origin,
            "key",
            f"is taken here by another {draft.kind}: the number became {letter}{instead}. To keep keys, import into a"
            f" project of its own: {self.report.spoken.rename.format(EXAMPLES['project'], 'OTHER')}",
        )

    async def finish(self) -> None:
        for (kind, place), count in self._counts.items():
            if count.counter != count.top:
                await number_store.set_next_number(self.db, kind, place, min(count.top, LARGEST + 1))
