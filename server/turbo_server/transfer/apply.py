"""Writes drafts through the tools' own functions, at the dates they had, and remembers where each came from."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Found
from turbo_server.kit.tool import Tool

from . import store
from .drafts import Draft, Place, Reading
from .ending import archive_places, join
from .fitting import cleaned, fitted, short_enough
from .numbers import Numbers
from .report import Report
from .sorting import parents_first
from .under_way import Name, UnderWay

# Kind to the tool that creates it, in the order in which they are made: issues point to the others.
CREATORS = {
    "initiative": "create_initiative",
    "milestone": "create_milestone",
    "document": "create_document",
    "decision": "create_decision",
    "issue": "create_issue",
}


async def apply(
    context: Context,
    tools: Mapping[str, Tool],
    places: Mapping[str | None, Found],
    reading: Reading,
    people: Mapping[str, str],
    report: Report,
) -> None:
    """All of it inside the caller's transaction. What came in earlier is left as it is. Raises TransferFailed."""
    report.notes[:0] = reading.notes
    report.words = reading.words
    mapped = {name.casefold(): person for name, person in people.items()}
    work = UnderWay(context, tools, places, mapped, report, Numbers(context.db, report))
    fresh_places = await _places(work, reading)
    drafts = await _new_ones(work, reading)
    await work.numbers.expect([(draft, work.counted_in(draft)) for draft in drafts], _next_numbers(work, reading))
    made = [draft for draft in drafts if await _create(work, draft)]
    await work.numbers.finish()
    await join(work, made)
    await archive_places(work, fresh_places)
    for place in {found.id for draft in made for found in [work.place_of(draft)]}:
        await store.touch_project(context.db, place, context.now)


def _next_numbers(work: UnderWay, reading: Reading) -> dict[tuple[str, int], int]:
    return {
        (kind, work.places[place.origin].id): number
        for place in reading.places
        for kind, number in place.next_numbers.items()
    }


async def _places(work: UnderWay, reading: Reading) -> list[Place]:
    """Those that came along now, with what was said in them."""
    fresh = []
    for place in reading.places:
        found = work.places[place.origin]
        name = (work.report.source, "project", place.origin)
        row = (work.context.actor.workspace_id, found.id)
        if await store.add_origin(work.context.db, row, name, found.id, fingerprint(place), work.context.now):
            fresh.append(place)
            await say_and_log(work, place, found)
    return fresh


async def _new_ones(work: UnderWay, reading: Reading) -> list[Draft]:
    """In the order in which they can be made; those of an earlier run are only remembered."""
    rows = await origins(work.context, work.places, reading.source)
    earlier = {(row["kind"], row["origin"]): row for row in rows}
    for kind in {row["kind"] for row in rows} & set(work.context.kinds):
        ids = {row["subject_id"]: row["origin"] for row in rows if row["kind"] == kind}
        for found in await work.context.kinds[kind].find_by_id(work.context, list(ids)):
            work.found[kind, ids[found.id]] = found
    fresh: dict[Name, Draft] = {}
    for draft in reading.drafts:
        name = (draft.kind, draft.origin)
        if name in earlier:
            work.report.skipped[draft.kind] += 1
            if earlier[name]["fingerprint"] != fingerprint(draft):
                work.report.note(draft.origin, "record", "has changed there since its import; the item here stays")
        elif name in fresh:
            work.report.note(draft.origin, "record", "stands twice in the file: the first was taken")
        elif CREATORS[draft.kind] not in work.tools:
            work.report.note(draft.origin, draft.kind, f"needs {CREATORS[draft.kind]}, which this server does not have")
        else:
            fresh[name] = draft
    order = list(CREATORS)
    return sorted(parents_first(list(fresh.values()), work.report), key=lambda draft: order.index(draft.kind))


async def origins(context: Context, places: Mapping[str | None, Found], source: str) -> list[Row]:
    """Of the projects that get the items; where projects come along, of the workspace: one may have been moved."""
    if None in places:
        return await store.origins_of(context.db, places[None].id, source)
    return await store.origins_in(context.db, context.actor.workspace_id, source)


def fingerprint(draft: Draft | Place) -> str:
    return hashlib.sha256(repr(draft).encode("utf-8", "replace")).hexdigest()[:32]


async def _create(work: UnderWay, draft: Draft) -> bool:
    def tell(name: str, why: str) -> None:
        work.report.note(draft.origin, name, why)

    fields = fitted(draft, work.report.source, tell)
    if fields is None:
        return False
    fields = await _with_references(work, draft, fields)
    tool = CREATORS[draft.kind]
    for name in [name for name in fields if not work.takes(tool, name)]:
        tell(name, f"{tool} does not take it")
        del fields[name]
    last = {name: fields.pop(name) for name in _moves(draft) if name in fields}
    await work.numbers.prepare(draft, work.counted_in(draft))
    project = None if draft.is_everywhere else work.place_of(draft).key
    receipt = await work.call(tool, draft.origin, draft.created, project=project, **fields)
    found = await work.context.find(receipt.key)
    work.found[draft.kind, draft.origin] = found
    work.report.created[draft.kind].append(found.key)
    place = (work.context.actor.workspace_id, work.place_of(draft).id)
    origin = (work.report.source, draft.kind, draft.origin)
    await store.add_origin(work.context.db, place, origin, found.id, fingerprint(draft), work.context.now)
    await _replay(work, draft, found, last)
    return True


def _moves(draft: Draft) -> tuple[str, ...]:
    """What is done at a later date than the item was made at."""
    if draft.kind == "decision":
        return ("status",) if draft.closed else ()
    return ("status", "assignee") if draft.kind == "issue" else ()


async def _with_references(work: UnderWay, draft: Draft, fields: dict[str, object]) -> dict[str, object]:
    """Names of people as they are spelled here, and keys in place of origins."""
    for name in ("assignee", "owner"):
        if fields.get(name) and (person := await work.person(draft, name, str(fields.pop(name)))):
            fields[name] = person
    references = (("parent", "issue", draft.parent), ("initiative", "initiative", draft.initiative),
                  ("milestone", "milestone", draft.milestone))  # fmt: skip
    for name, kind, origin in references:
        if origin is None:
            continue
        target = work.found.get((kind, origin))
        if target is None:
            work.report.note(draft.origin, name, f"{origin} was not imported")
        elif name == "milestone" and target.project_id != work.place_of(draft).id:
            work.report.note(draft.origin, name, f"{origin} is of another project: left out")
        elif target.is_archived:
            work.report.note(draft.origin, name, f"{origin} is archived here: left out")
        else:
            fields[name] = target.key
    return fields


async def _replay(work: UnderWay, draft: Draft, found: Found, last: dict[str, object]) -> None:
    """Start, remarks and end at their own dates, so that history and times are those of the original."""
    if draft.kind == "issue":
        # Named, or nobody's: what is started without a name would be the importer's own.
        person, status = last.get("assignee", "none"), str(last.get("status", "backlog"))
        if draft.started and status != "in_progress" and status != "backlog":
            await _move(work, draft, found, draft.started, "in_progress", person)
        await _move(work, draft, found, draft.closed or draft.started or draft.updated, status, person)
    elif last.get("status", "proposed") != "proposed":
        await work.call("update_decision", draft.origin, _later(draft, draft.closed), key=found.key, **last)
    await say_and_log(work, draft, found)


async def say_and_log(work: UnderWay, draft: Draft | Place, found: Found) -> None:
    """Comments and entries of the work log, at their dates, with who they are from."""

    def fits(text: str) -> str:
        return short_enough("comment", cleaned(text), lambda name, why: work.report.note(draft.origin, name, why))

    for remark in draft.remarks:
        author = f"{remark.author or 'Somebody'} wrote"
        date = f" on {remark.at:%Y-%m-%d %H:%M} UTC" if remark.at else ""
        text = fits(f"{author}{date}:\n\n{remark.text}")
        await work.call("add_comment", draft.origin, remark.at or draft.updated, key=found.key, text=text)
    for entry in draft.logs:
        given = {"text": fits(entry.text), "minutes": entry.minutes, "commit": entry.commit, "branch": entry.branch}
        await work.call("log_work", draft.origin, entry.at or draft.updated, **{found.kind: found.key}, **given)


async def _move(
    work: UnderWay, draft: Draft, found: Found, moment: datetime | None, status: str, person: object
) -> None:
    moment = _later(draft, moment)
    await work.call("update_issue", draft.origin, moment, key=found.key, status=status, assignee=person)


def _later(draft: Draft, moment: datetime | None) -> datetime | None:
    """Never before the item was made."""
    return max(moment, draft.created) if moment and draft.created else moment or draft.created
