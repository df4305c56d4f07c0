"""Brings drafts into an order in which they can be made, and opens circles that no issue may stand in."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from graphlib import TopologicalSorter

from .drafts import Draft, Origin
from .fitting import BLOCKERS
from .report import Report

LAST = datetime.max.replace(tzinfo=UTC)


def parents_first(drafts: list[Draft], report: Report) -> list[Draft]:
    """Parents before their parts, then the oldest first: keys follow the order in which the items were made. A parent
    that closes a circle is left out."""
    parents = {draft.origin: draft.parent for draft in drafts if draft.kind == "issue"}
    kept = []
    for draft in drafts:
        if draft.kind == "issue" and _depth(draft.origin, parents) is None:
            report.note(draft.origin, "parent", f"{draft.parent} is a part of it already: left out")
            parents[draft.origin] = None
            kept.append(replace(draft, parent=None))
        else:
            kept.append(draft)
    return sorted(kept, key=lambda draft: (_depth(draft.origin, parents) or 0, draft.created or LAST))


def _depth(origin: Origin, parents: dict[Origin, Origin | None]) -> int | None:
    """How many stand above it; None when the line above leads back to it."""
    above = parents.get(origin)
    depth = 0
    while above in parents:
        depth += 1
        if above == origin:
            return None
        if depth > len(parents):  # it hangs below a circle, which is opened at one that stands in it
            return 0
        above = parents[above]
    return depth


def without_circles(drafts: list[Draft], report: Report) -> Iterator[Draft]:
    """The drafts that wait for others, without what would make one wait for itself."""
    waits: dict[Origin, list[Origin]] = {}
    for draft in drafts:
        kept: list[Origin] = []
        for blocker in dict.fromkeys(draft.blocked_by):
            if blocker == draft.origin or _leads_to(blocker, draft.origin, waits):
                report.note(draft.origin, "blocked_by", f"{blocker} waits for it already: left out")
            elif len(kept) == BLOCKERS:
                report.note(draft.origin, "blocked_by", f"are more than {BLOCKERS}: the rest was left out")
                break
            else:
                kept.append(blocker)
                waits.setdefault(draft.origin, []).append(blocker)
        if kept:
            yield replace(draft, blocked_by=tuple(kept))


def blockers_first(drafts: Iterable[Draft]) -> list[Draft]:
    """Of those without circles. Nobody waits yet for one that comes to wait: it closes no circle, as is soon seen."""
    waiting = {draft.origin: draft for draft in drafts}
    order = TopologicalSorter({origin: draft.blocked_by for origin, draft in waiting.items()}).static_order()
    return [waiting[origin] for origin in order if origin in waiting]


def _leads_to(start: Origin, goal: Origin, waits: dict[Origin, list[Origin]]) -> bool:
    seen, line = {start}, [start]
    while line:
        for each in waits.get(line.pop(), ()):
            if each == goal:
                return True
            if each not in seen:
                seen.add(each)
                line.append(each)
    return False
