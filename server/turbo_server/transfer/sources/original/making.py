"""Makes drafts of the rows, kind by kind; what has no field goes to the end of the text, and into the report."""

from collections.abc import Mapping
from typing import Any

from turbo_server.transfer.drafts import Draft, Place, Reading, Remark, WorkEntry

from . import states, values
from .joined import Joined
from .names import ITEMS
from .schema import Schema
from .store import Row
from .tale import Record, Records

NOWHERE = "projectless"
_KINDS = ("initiative", "milestone", "document", "decision", "issue")


class Maker:
    """One reading of one file."""

    def __init__(self, reading: Reading, schema: Schema, rows: Mapping[str, list[Row]]) -> None:
        self._reading = reading
        self._all = Records(reading, schema, rows)
        self._joined = Joined(reading, schema, rows, self._all)
        self._needs_a_place = False

    def make(self) -> None:
        remarks, logs = self._remarks(), self._logs()
        drafts = [self._draft(kind, each, remarks, logs) for kind in _KINDS for each in self._all.of(kind)]
        places = [self._place(each, remarks, logs) for each in self._all.of("project")]
        if self._needs_a_place or not places:
            places.append(Place(NOWHERE, "INBOX", "What had no project"))
        self._reading.places = places
        for draft in drafts:
            self._reading.add(draft)

    def _place(self, record: Record, remarks: Mapping[Any, list[Remark]], logs: Mapping[Any, list[WorkEntry]]) -> Place:
        name = record.text("title") or record.origin
        archived = record.truth("archived") or record.text("status").lower() == states.ARCHIVED
        return Place(
            record.origin,
            record.text("key") or name,
            name,
            record.tale("description", status=record.text("status"), tags=self._joined.tags(record)),
            record.moment("created"),
            record.moment("updated"),
            tuple(remarks.get(record.name, ())),
            tuple(logs.get(record.name, ())),
            is_archived=archived,
            next_numbers=self._joined.next_numbers(record),
        )

    def _draft(
        self, kind: str, record: Record, remarks: Mapping[Any, list[Remark]], logs: Mapping[Any, list[WorkEntry]]
    ) -> Draft:
        fields, left = self._fields(record)
        said = list(remarks.get(record.name, ()))
        if kind == "document":
            said += [Remark(left)] if left else []
        status = str(fields.get("status", ""))
        closed = record.moment("closed") or (record.moment("updated") if status in ("done", "cancelled") else None)
        return Draft(
            kind=kind,
            origin=record.origin,
            fields=fields,
            author=record.author,
            created=record.moment("created") or record.moment("decided"),
            updated=record.moment("updated"),
            started=record.moment("started"),
            closed=record.moment("decided") or (closed if status in ("done", "cancelled") else None),
            address=record.text("url") or None,
            parent=self._joined.one(record, "parent", "issue"),
            milestone=self._joined.one(record, "milestone", "milestone"),
            initiative=self._joined.one(record, "initiative", "initiative"),
            blocked_by=self._joined.blockers(record),
            superseded_by=self._joined.one(record, "superseded_by", "decision"),
            links=self._joined.links(record),
            remarks=tuple(said),
            logs=tuple(logs.get(record.name, ())),
            is_archived=record.truth("archived") or record.text("status").lower() == states.ARCHIVED,
            project=self._project(record),
            number=record.number,
            is_everywhere=kind == "decision" and "project" not in record.columns,
        )

    def _project(self, record: Record) -> str:
        """Its own; else that of most of what belongs to it; else the one for all that have none."""
        if found := self._joined.one(record, "project", "project"):
            return found
        if found := self._joined.most_common_project(record):
            self._reading.note(record.origin, "project", f"has none there: it went into that of its issues, {found}")
            return found
        if record.kind == "decision" and (first := self._all.first("project")):
            return first
        self._needs_a_place = True
        self._reading.note(record.origin, "project", "has none there: it went into one of its own, INBOX")
        return NOWHERE

    def _fields(self, record: Record) -> tuple[dict[str, Any], str]:
        """Arguments of the tool, and what has to be said beside the text."""
        match record.kind:
            case "issue":
                return self._issue(record), ""
            case "decision":
                return self._decision(record), ""
            case "document":
                return self._document(record)
        return self._plan(record), ""

    def _issue(self, record: Record) -> dict[str, Any]:
        given = record.text("type")
        kind = states.issue_type(self._reading, record.origin, given)
        labels = self._joined.tags(record)
        return {
            "title": record.title(),
            "description": record.tale("description"),
            "type": kind,
            "status": states.state(self._reading, "issue", record.origin, record.text("status")),
            "priority": states.priority(self._reading, record.origin, record.text("priority")),
            "assignee": record.person("assignee"),
            "due": record.day("due"),
            "labels": labels,
            "criteria": values.texts(record.value("criteria")),
        }

    def _plan(self, record: Record) -> dict[str, Any]:
        return {
            "title": record.title(),
            "description": record.tale("description", tags=self._joined.tags(record)),
            "status": states.state(self._reading, record.kind, record.origin, record.text("status")),
            "owner": record.person("assignee"),
            "due": record.day("due"),
        }

    def _decision(self, record: Record) -> dict[str, Any]:
        status = states.state(self._reading, "decision", record.origin, record.text("status"))
        outcome = record.prose("outcome")
        if status == "accepted" and not outcome.strip():
            outcome = record.title()
            self._reading.note(record.origin, "outcome", "is empty though it was decided: the title stands for it")
        return {
            "title": record.title(),
            "context": record.tale("context", tags=self._joined.tags(record)),
            "options": record.options(),
            "outcome": outcome,
            "reason": record.prose("reason"),
            "impact": record.prose("impact"),
            "status": status,
        }

    def _document(self, record: Record) -> tuple[dict[str, Any], str]:
        """The text stays byte for byte; what has no place is said beside it."""
        left = record.left_over(tags=self._joined.tags(record), author=[record.author] if record.author else [])
        return {
            "title": record.title(),
            "text": record.prose("description"),
            "status": states.state(self._reading, "document", record.origin, record.text("status")),
        }, left

    def _remarks(self) -> dict[Any, list[Remark]]:
        found: dict[Any, list[Remark]] = {}
        for each in self._all.of("comment"):
            subject = self._joined.subject(each, ITEMS)
            text = each.tale("description")
            if subject is None:
                self._reading.note(each.origin, "comment", f"is on nothing that is in the file: {text[:200]!r}")
            elif not text.strip():
                self._reading.note(each.origin, "comment", "is empty: left out")
            else:
                found.setdefault(subject, []).append(Remark(text, each.author, each.moment("created")))
        return {name: sorted(each, key=lambda remark: str(remark.at or "")) for name, each in found.items()}

    def _logs(self) -> dict[Any, list[WorkEntry]]:
        found: dict[Any, list[WorkEntry]] = {}
        for each in self._all.of("work_log"):
            subject = self._joined.subject(each, ("issue", "project"))
            entry = each.work()
            if subject is None:
                self._reading.note(each.origin, "work log", f"is of nothing in the file: {entry.text[:200]!r}")
            else:
                found.setdefault(subject, []).append(entry)
        return found
