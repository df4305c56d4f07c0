"""Writes drafts through the tools' own functions, at the dates they had, and remembers where each came from."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pydantic_core import to_json

from turbo_server.account.tools import PersonNotFound, person_name
from turbo_server.activity.record import revise
from turbo_server.kit.arguments import read_arguments, read_object
from turbo_server.kit.context import Context
from turbo_server.kit.decode import as_iso
from turbo_server.kit.errors import TurboError
from turbo_server.kit.kind import Found, State
from turbo_server.kit.tool import Tool

from . import store
from .drafts import Draft, Reading
from .errors import TransferFailed
from .fitting import cleaned, fitted
from .report import Report
from .sorting import parents_first, without_circles

# Kind to the tool that creates it, in the order in which they are made: issues point to the others.
CREATORS = {
    "milestone": "create_milestone",
    "document": "create_document",
    "decision": "create_decision",
    "issue": "create_issue",
}
Name = tuple[str, str]  # kind and origin


@dataclass
class Work:
    """One import under way. `found` are all drafts that are there, from now or from an earlier run."""

    context: Context
    tools: Mapping[str, Tool]
    project: Found
    people: Mapping[str, str]
    report: Report
    found: dict[Name, Found] = field(default_factory=dict)

    def at(self, moment: datetime | None) -> Context:
        """The context of that moment; what lies in the future counts as now."""
        return replace(self.context, now=min(moment, self.context.now)) if moment else self.context

    async def call(self, tool: str, origin: str, moment: datetime | None, **arguments: object) -> Any:
        """Raises TransferFailed for a record that the tool refuses: then nothing is imported."""
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            parsed = read_arguments(self.tools[tool], read_object(self.tools[tool], to_json(given)), self.context.today)
            return await self.tools[tool].run(self.at(moment), parsed)
        except TurboError as error:
            raise TransferFailed(f"{origin}: {error.message} {error.hint}".strip()) from error

    def takes(self, tool: str, name: str) -> bool:
        return name in self.tools[tool].arguments.model_fields


async def apply(
    context: Context, tools: Mapping[str, Tool], project: str, reading: Reading, people: Mapping[str, str]
) -> Report:
    """All of it inside the caller's transaction. What came in earlier is left as it is. Raises TransferFailed."""
    place = await context.find(project)
    report = Report(reading.source, place.key, notes=list(reading.notes))
    mapped = {name.casefold(): person for name, person in people.items()}
    work = Work(context, tools, place, mapped, report)
    drafts = await _new_ones(work, reading)
    made = [draft for draft in drafts if await _create(work, draft)]
    for draft in without_circles(made, report):
        await _block(work, draft)
    if "link_items" in tools:
        await _relate(work, made)
    for draft in made:
        await _archive(work, draft)
    if made:
        await store.touch_project(context.db, place.id, context.now)
    return report


async def _new_ones(work: Work, reading: Reading) -> list[Draft]:
    """In the order in which they can be made; those of an earlier run are only remembered."""
    rows = await store.origins_of(work.context.db, work.project.id, reading.source)
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


def fingerprint(draft: Draft) -> str:
    return hashlib.sha256(repr(draft).encode("utf-8", "replace")).hexdigest()[:32]


async def _create(work: Work, draft: Draft) -> bool:
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
    last: dict[str, object] = {
        name: fields.pop(name) for name in ("status", "assignee") if draft.kind == "issue" and name in fields
    }
    receipt = await work.call(tool, draft.origin, draft.created, project=work.project.key, **fields)
    found = await work.context.find(receipt.key)
    work.found[draft.kind, draft.origin] = found
    work.report.created[draft.kind].append(found.key)
    place = (work.context.actor.workspace_id, work.project.id)
    origin = (work.report.source, draft.kind, draft.origin)
    await store.add_origin(work.context.db, place, origin, found.id, fingerprint(draft), work.context.now)
    await _replay(work, draft, found, last)
    return True


async def _with_references(work: Work, draft: Draft, fields: dict[str, object]) -> dict[str, object]:
    """Names of people as they are spelled here, and keys in place of origins."""
    for name in ("assignee", "owner"):
        if fields.get(name) and (person := await _person(work, draft, name, str(fields.pop(name)))):
            fields[name] = person
    for name, kind, origin in (("parent", "issue", draft.parent), ("milestone", "milestone", draft.milestone)):
        if origin is None:
            continue
        if target := work.found.get((kind, origin)):
            fields[name] = target.key
        else:
            work.report.note(draft.origin, name, f"{origin} was not imported")
    return fields


async def _person(work: Work, draft: Draft, name: str, given: str) -> str | None:
    wanted = given.strip().removeprefix("@")
    if wanted.casefold() in ("me", "none"):
        return None
    try:
        return await person_name(work.context, work.people.get(wanted.casefold(), wanted))
    except PersonNotFound:
        advice = f"--person '{wanted}=NAME' says who it is"
        work.report.note(draft.origin, name, f"there is nobody called {wanted}; {advice}")
        return None


async def _replay(work: Work, draft: Draft, found: Found, last: dict[str, object]) -> None:
    """Start, remarks and end at their own dates, so that history and times are those of the original."""
    if draft.kind == "issue":
        # Named, or nobody's: what is started without a name would be the importer's own.
        person, status = last.get("assignee", "none"), str(last.get("status", "backlog"))
        if draft.started and status != "in_progress" and status != "backlog":
            await _move(work, draft, found, draft.started, "in_progress", person)
        await _move(work, draft, found, draft.closed or draft.started or draft.updated, status, person)
    for remark in draft.remarks:
        author = f"{remark.author or 'Somebody'} wrote"
        date = f" on {remark.at:%Y-%m-%d %H:%M} UTC" if remark.at else ""
        text = f"{author}{date}:\n\n{cleaned(remark.text)}"
        await work.call("add_comment", draft.origin, remark.at or draft.updated, key=found.key, text=text)


async def _move(work: Work, draft: Draft, found: Found, moment: datetime | None, status: str, person: object) -> None:
    moment = max(moment, draft.created) if moment and draft.created else moment or draft.created
    await work.call("update_issue", draft.origin, moment, key=found.key, status=status, assignee=person)


async def _block(work: Work, draft: Draft) -> None:
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


async def _relate(work: Work, drafts: list[Draft]) -> None:
    """The links that have both their ends here; all of them stand in the text as well."""
    seen: set[tuple[str, str, str]] = set()
    for draft in drafts:
        start = work.found[draft.kind, draft.origin].key
        for relation, origin in dict.fromkeys(draft.relations):
            target = work.found.get((draft.kind, origin))
            if target is None or target.key == start:
                continue
            if relation != "relates" and (relation, target.key, start) in seen:
                work.report.note(draft.origin, "relations", f"{origin} {relation} it already: left out")
                continue
            seen.add((relation, start, target.key))
            moment = draft.updated or draft.created
            await work.call("link_items", draft.origin, moment, **{"from": start, "type": relation, "to": target.key})


async def _archive(work: Work, draft: Draft) -> None:
    """Last of all: what is archived cannot be changed any more."""
    if not draft.is_archived:
        return
    context = work.at(draft.updated)

    async def wanted(_before: State) -> State:
        return {"archived_at": as_iso(context.now)}

    await revise(context, work.found[draft.kind, draft.origin], wanted, "archived")
