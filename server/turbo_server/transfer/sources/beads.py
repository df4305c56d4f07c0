"""beads' `.beads/issues.jsonl`, as `bd export` writes it: one issue a line, with labels, dependencies and comments."""

from pathlib import Path
from typing import Any

from turbo_server.transfer.drafts import Draft, Reading, Remark
from turbo_server.transfer.errors import BadFile
from turbo_server.transfer.words import day_of, moment_of, status_of, type_of

from .files import list_of, parse_json, read_text, require_object, sections, text_of

PRIORITIES = ("urgent", "high", "medium", "low", "none")
WAITS = ("blocks", "conditional-blocks", "waits-for")
RELATIONS = {"related": "relates", "relates-to": "relates", "duplicates": "duplicates", "supersedes": "supersedes"}
# What else there is and has no place here, by its field; all other fields are taken or hold nothing of the issue.
NO_PLACE = {
    "estimated_minutes": "an estimate has no place",
    "defer_until": "a day to hide it until has no place",
    "metadata": "metadata has no place",
    "await_type": "a gate has no place: it became a task",
}


def read(path: Path, most: int | None = None) -> Reading:
    reading = Reading("beads", most=most)
    file = path / ".beads" / "issues.jsonl" if (path / ".beads").is_dir() else path
    file = file / "issues.jsonl" if file.is_dir() else file
    for number, line in enumerate(read_text(file).split("\n"), 1):
        if line.strip():
            place = f"{file.name}, line {number}"
            record = require_object(parse_json(line, place), place)
            _read_record(reading, record, place)
    return reading


def _read_record(reading: Reading, record: dict[str, Any], place: str) -> None:
    kind = record.get("_type", "issue")
    origin = text_of(record.get("id")) or text_of(record.get("key"))
    if kind != "issue":
        reading.note(origin or place, str(kind), "is no issue: left out")
    elif record.get("status") == "tombstone" or record.get("deleted_at"):
        reading.note(origin, "issue", "was deleted there: left out")
    elif not origin or "title" not in record:
        raise BadFile(place, "this is no issue of beads: it has no id or no title")
    else:
        reading.add(_draft(reading, record, origin))


def _draft(reading: Reading, record: dict[str, Any], origin: str) -> Draft:
    for name, why in NO_PLACE.items():
        if record.get(name):
            reading.note(origin, name, why)
    labels = [text_of(label) for label in list_of(record.get("labels"))]
    blockers, relations, parent = _links(reading, record, origin)
    closed = moment_of(record.get("closed_at"))
    return Draft(
        kind="issue",
        origin=origin,
        fields={
            "title": text_of(record["title"]),
            "description": _description(record),
            "type": _type(reading, record, origin, labels),
            "status": _status(reading, record, origin),
            "priority": _priority(reading, record, origin),
            "assignee": text_of(record.get("assignee")),
            "due": day_of(record.get("due_at")),
            "labels": labels,
        },
        author=text_of(record.get("created_by")) or None,
        created=moment_of(record.get("created_at")),
        updated=moment_of(record.get("updated_at")),
        started=moment_of(record.get("started_at")),
        closed=closed,
        address=text_of(record.get("external_ref")) or None,
        parent=parent,
        blocked_by=tuple(blockers),
        relations=tuple(relations),
        remarks=_remarks(record, closed),
    )


def _description(record: dict[str, Any]) -> str:
    return sections(
        ("", text_of(record.get("description"))),
        ("Design", text_of(record.get("design"))),
        ("Acceptance criteria", text_of(record.get("acceptance_criteria"))),
        ("Notes", text_of(record.get("notes"))),
    )


def _type(reading: Reading, record: dict[str, Any], origin: str, labels: list[str]) -> str:
    """A type that there is none of here stays as a label."""
    given = text_of(record.get("issue_type")) or "task"
    found = type_of(given)
    if given != "task" and found != given:
        labels.append(given)
        reading.note(origin, "type", f"{given} became {found or 'task'}, with the label {given}")
    return found or "task"


def _status(reading: Reading, record: dict[str, Any], origin: str) -> str:
    given = text_of(record.get("status")) or "open"
    found = status_of(given)
    if given in ("deferred", "pinned") or found is None:
        reading.note(origin, "status", f"{given} became {found or 'backlog'}")
    return found or "backlog"


def _priority(reading: Reading, record: dict[str, Any], origin: str) -> str:
    given = record.get("priority", 2)
    if type(given) is int and 0 <= given < len(PRIORITIES):
        return PRIORITIES[given]
    reading.note(origin, "priority", f"{given!r} is none of 0 to 4: none")
    return "none"


def _links(
    reading: Reading, record: dict[str, Any], origin: str
) -> tuple[list[str], list[tuple[str, str]], str | None]:
    """What it waits for, what it is to others, and what it is a part of."""
    blockers, relations, parents = [], [], []
    for entry in list_of(record.get("dependencies")):
        link = entry if isinstance(entry, dict) else {}
        other, kind = text_of(link.get("depends_on_id")), text_of(link.get("type")) or "blocks"
        if not other or text_of(link.get("issue_id")) not in ("", origin):
            continue
        if kind in WAITS:
            blockers.append(other)
        elif kind == "parent-child":
            parents.append(other)
        else:
            relations.append((RELATIONS.get(kind, "relates"), other))
        if kind not in ("blocks", "parent-child", *RELATIONS):
            became = "blocked_by" if kind in WAITS else "relates"
            reading.note(origin, "dependencies", f"{kind} became {became}")
    if len(parents) > 1:
        reading.note(origin, "parent", f"a second parent, {parents[1]}, was left out")
    return blockers, relations, parents[0] if parents else None


def _remarks(record: dict[str, Any], closed: Any) -> tuple[Remark, ...]:
    found = [
        Remark(text_of(entry.get("text")), text_of(entry.get("author")) or None, moment_of(entry.get("created_at")))
        for entry in list_of(record.get("comments"))
        if isinstance(entry, dict) and text_of(entry.get("text")).strip()
    ]
    reason = text_of(record.get("close_reason"))
    if reason.strip() and reason.strip().lower() != "closed":
        found.append(Remark(f"Closed: {reason}", text_of(record.get("assignee")) or None, closed))
    return tuple(found)
