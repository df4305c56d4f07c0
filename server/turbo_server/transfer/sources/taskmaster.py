"""Task Master's `tasks.json`: tags with tasks and their subtasks, or the older form without tags."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from turbo_server.transfer.drafts import Draft, Reading
from turbo_server.transfer.errors import BadFile
from turbo_server.transfer.words import moment_of, priority_of, status_of

from .files import list_of, parse_json, read_text, require_object, sections, text_of

MAIN_TAG = "master"
PLACES = (".taskmaster/tasks/tasks.json", "tasks/tasks.json", "tasks.json")
BULLET = re.compile(r"\s*(?:[-*•]|\d+[.)])\s+")


def read(path: Path, most: int | None = None) -> Reading:
    """Of the file, or of the project's folder."""
    reading = Reading("taskmaster", most=most)
    file = next((path / place for place in PLACES if (path / place).is_file()), path)
    whole = require_object(parse_json(read_text(file), file.name), file.name)
    tags = {MAIN_TAG: whole} if isinstance(whole.get("tasks"), list) else whole
    found = {tag: each for tag, each in tags.items() if isinstance(each, dict) and isinstance(each.get("tasks"), list)}
    if not found:
        raise BadFile(file.name, "there are no tasks in it", "It should hold tags with `tasks`, as Task Master writes.")
    for tag, each in found.items():
        since = (each.get("metadata") or {}).get("created") if isinstance(each.get("metadata"), dict) else None
        for task in each["tasks"]:
            for draft in _drafts(reading, tag, require_object(task, f"{file.name}, tag {tag}"), since):
                reading.add(draft)
    return reading


def _drafts(reading: Reading, tag: str, task: dict[str, Any], since: object) -> Iterator[Draft]:
    number = text_of(task.get("id"))
    if not number:
        raise BadFile(f"Tag {tag}", f"a task has no id: {text_of(task.get('title'))[:60]!r}")
    yield _draft(reading, tag, task, number, since)
    subtasks = [each for each in list_of(task.get("subtasks")) if isinstance(each, dict)]
    siblings = {text_of(each.get("id")) for each in subtasks}
    for subtask in subtasks:
        name = f"{number}.{text_of(subtask.get('id'))}"
        yield _draft(reading, tag, subtask, name, since, parent=number, siblings=frozenset(siblings))


def _draft(
    reading: Reading,
    tag: str,
    task: dict[str, Any],
    number: str,
    since: object,
    parent: str | None = None,
    siblings: frozenset[str] = frozenset(),
) -> Draft:
    origin = f"{tag}/{number}"
    needed = [_target(text_of(each), parent, siblings) for each in list_of(task.get("dependencies"))]
    status = status_of(text_of(task.get("status")) or "pending")
    if status is None or task.get("status") == "deferred":
        reading.note(origin, "status", f"{task.get('status')} became {status or 'backlog'}")
    priority = priority_of(text_of(task.get("priority")) or "none")
    if priority is None:
        reading.note(origin, "priority", f"{task.get('priority')} is no priority: none")
    updated = moment_of(task.get("updatedAt"))
    return Draft(
        kind="issue",
        origin=origin,
        fields={
            "title": text_of(task.get("title")),
            "description": sections(
                ("", text_of(task.get("description"))),
                ("Details", text_of(task.get("details"))),
                ("Test strategy", text_of(task.get("testStrategy"))),
            ),
            "status": status or "backlog",
            "priority": priority or "none",
            "labels": [] if tag == MAIN_TAG else [tag],
            "criteria": _criteria(text_of(task.get("acceptanceCriteria")), met=status == "done"),
            "assignee": text_of(task.get("assignee")),
        },
        created=moment_of(task.get("createdAt")) or moment_of(since),
        updated=updated,
        closed=moment_of(task.get("completedAt")) or updated if status in ("done", "cancelled") else None,
        parent=f"{tag}/{parent}" if parent else None,
        blocked_by=tuple(f"{tag}/{each}" for each in needed if each),
    )


def _target(given: str, parent: str | None, siblings: frozenset[str]) -> str:
    """A subtask names its siblings by their own number, and others in full."""
    return f"{parent}.{given}" if parent and "." not in given and given in siblings else given


def _criteria(text: str, *, met: bool) -> list[str]:
    box = "[x]" if met else "[ ]"
    return [f"{box} {BULLET.sub('', line, count=1).strip()}" for line in text.splitlines() if line.strip()]
