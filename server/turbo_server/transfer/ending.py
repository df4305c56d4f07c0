"""What joins items, and what can be said of them only when all are there."""

from collections.abc import Mapping, Sequence

from turbo_server.activity.record import revise
from turbo_server.kit.decode import as_iso
from turbo_server.kit.kind import Found, State

from .drafts import Draft, Place
from .sorting import blockers_first, without_circles
from .under_way import UnderWay


async def join(work: UnderWay, made: Sequence[Draft]) -> None:
    """Of the drafts that were made now."""
    for draft in blockers_first(without_circles(list(made), work.report)):
        await _block(work, draft)
    if "link_items" in work.tools:
        await _relate(work, made)
    after: dict[str, str] = {}
    for draft in made:
        if draft.superseded_by:
            await _supersede(work, draft, draft.superseded_by, after)
    for draft in made:
        if draft.is_archived:
            await _archive(work, work.found[draft.kind, draft.origin], draft)


async def archive_places(work: UnderWay, places: Sequence[Place]) -> None:
    for place in places:
        if place.is_archived:
            await _archive(work, work.places[place.origin], place)


async def _block(work: UnderWay, draft: Draft) -> None:
    """After all are made: an issue may wait for one that stands later in the file."""
    keys = []
    for origin in draft.blocked_by:
        if target := work.found.get(("issue", origin)):
            keys.append(target.key)
        else:
            work.report.note(draft.origin, "blocked_by", f"{origin} was not imported")
    if keys:
        found = work.found[draft.kind, draft.origin]
        moment = max(filter(None, (draft.updated, draft.closed, draft.created)), default=None)
        await work.call("update_issue", draft.origin, moment, key=found.key, blocked_by=keys)


async def _relate(work: UnderWay, drafts: Sequence[Draft]) -> None:
    """The links that have both their ends here; those of `relations` stand in the text as well."""
    seen: set[tuple[str, str, str]] = set()
    for draft in drafts:
        start = work.found[draft.kind, draft.origin].key
        wanted = [*((relation, draft.kind, origin) for relation, origin in draft.relations), *draft.links]
        for relation, kind, origin in dict.fromkeys(wanted):
            target = work.found.get((kind, origin))
            if target is None or target.key == start:
                continue
            if relation != "relates" and (relation, target.key, start) in seen:
                work.report.note(draft.origin, "relations", f"{origin} {relation} it already: left out")
                continue
            seen.add((relation, start, target.key))
            moment = draft.updated or draft.created
            await work.call("link_items", draft.origin, moment, **{"from": start, "type": relation, "to": target.key})


async def _supersede(work: UnderWay, draft: Draft, newer: str, after: dict[str, str]) -> None:
    target, found = work.found.get(("decision", newer)), work.found["decision", draft.origin]
    if target is None or target.key == found.key:
        work.report.note(draft.origin, "superseded_by", f"{newer} was not imported, or is the decision itself")
    elif "rejected" in (target.status, found.status) or _leads_back(draft.origin, newer, after):
        work.report.note(
            draft.origin,
            "superseded_by",
            f"{newer} cannot take its place: one of them is rejected, or has its place from this one",
        )
    else:
        after[draft.origin] = newer
        moment = draft.updated or draft.created
        await work.call("update_decision", draft.origin, moment, key=found.key, superseded_by=target.key)


def _leads_back(start: str, newer: str, after: Mapping[str, str]) -> bool:
    """Whether, at the end of the line, the newer one was replaced by the older."""
    line = newer
    while line in after and line != start:
        line = after[line]
    return line == start


async def _archive(work: UnderWay, found: Found, draft: Draft | Place) -> None:
    """Last of all: what is archived cannot be changed any more."""
    context = work.at(draft.updated)

    async def wanted(_before: State) -> State:
        return {"archived_at": as_iso(context.now)}

    await revise(context, found, wanted, "archived")
