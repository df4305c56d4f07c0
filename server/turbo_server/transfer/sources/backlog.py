"""A Backlog.md folder: tasks, drafts, completed and archived ones, milestones, decisions and documents."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from turbo_server.transfer.drafts import Draft, Reading
from turbo_server.transfer.errors import BadFile, TransferFailed
from turbo_server.transfer.words import day_of, moment_of, priority_of, status_of, type_of

from .backlog_text import criteria_of, description_of, remarks_of, section
from .files import read_text
from .front_matter import Value, split

TASKS = ("tasks", "drafts", "completed", "archive/tasks", "archive/drafts")
DECISIONS = ("decisions", "archive/decisions")
NO_PLACE = ("references", "documentation", "modified_files", "planned_start", "planned_end", "subtasks")
Entries = Mapping[str, Value]


def read(path: Path) -> Reading:
    """Of the folder itself, or of the project that has it."""
    reading = Reading("backlog")
    root = next((path / name for name in ("backlog", ".backlog") if (path / name).is_dir()), path)
    if not any((root / folder).is_dir() for folder in ("tasks", "completed", "drafts")):
        raise TransferFailed(f"{path} is no Backlog.md folder: it has no tasks. Name the folder that holds `tasks`.")
    milestones = _milestones(root)
    reading.drafts += milestones.values()
    for folder in TASKS:
        for file in _files(root / folder):
            reading.drafts.append(_task(reading, folder, file, milestones))
    for folder in DECISIONS:
        reading.drafts += [_decision(reading, file, folder) for file in _files(root / folder)]
    reading.drafts += [_document(file, root / "docs") for file in _files(root / "docs")]
    return _with_milestones(reading, milestones)


def _files(folder: Path) -> Iterable[Path]:
    """By the numbers in their names, so that keys follow the order in which they were made."""
    found = [file for file in folder.rglob("*.md") if file.is_file() and file.name.lower() != "readme.md"]
    return sorted(found, key=lambda file: ([int(number) for number in re.findall(r"\d+", file.stem)[:4]], file.name))


def _parts(file: Path) -> tuple[Entries, str]:
    entries, text = split(read_text(file), file.name)
    return entries, text.replace("\r\n", "\n").strip("\n")


def _milestones(root: Path) -> dict[str, Draft]:
    """By id, with archived ones; tasks name one by its id or its title."""
    found = {}
    for folder in ("milestones", "archive/milestones"):
        for file in _files(root / folder):
            entries, text = _parts(file)
            origin = _text(entries, "id") or file.stem
            fields = {
                "title": _text(entries, "title") or file.stem,
                "description": section(text, "Description") or text,
                "due": day_of(_text(entries, "due_date")),
            }
            found[origin.lower()] = Draft("milestone", origin, fields, is_archived=folder.startswith("archive"))
    return found


def _with_milestones(reading: Reading, milestones: Mapping[str, Draft]) -> Reading:
    """A milestone that tasks name and no file tells of is made of its name."""
    known = {draft.origin for draft in milestones.values()}
    named = dict.fromkeys(draft.milestone for draft in reading.drafts if draft.milestone)
    reading.drafts += [Draft("milestone", name, {"title": name}) for name in named if name not in known]
    return reading


def _task(reading: Reading, folder: str, file: Path, milestones: Mapping[str, Draft]) -> Draft:
    entries, text = _parts(file)
    origin = _text(entries, "id").lower()
    if not origin:
        raise BadFile(f"{file.name}, line 1", "it has no id in its front matter", "Is it a task of Backlog.md?")
    labels = [*_list(entries, "labels"), *(["draft"] if "drafts" in folder else [])]
    people = _list(entries, "assignee")
    if len(people) > 1:
        reading.note(origin, "assignee", f"only the first of {len(people)} people is taken")
    for name in NO_PLACE:
        if entries.get(name) and name != "subtasks":
            reading.note(origin, name, "has no field here: listed in the description")
    updated = moment_of(_text(entries, "updated_date"))
    status = "done" if folder == "completed" else _status(reading, entries, origin)
    return Draft(
        kind="issue",
        origin=origin,
        fields={
            "title": _text(entries, "title"),
            "description": description_of(text, _lists_of(entries)),
            "type": type_of(_text(entries, "type")) or "task",
            "status": status,
            "priority": _priority(reading, entries, origin),
            "assignee": people[0] if people else None,
            "due": day_of(_text(entries, "due_date")),
            "labels": labels,
            "criteria": criteria_of(text),
        },
        author=_text(entries, "reporter").removeprefix("@") or None,
        created=moment_of(_text(entries, "created_date")),
        updated=updated,
        started=moment_of(_text(entries, "actual_start")),
        closed=moment_of(_text(entries, "actual_end")) or updated if status in ("done", "cancelled") else None,
        parent=_text(entries, "parent_task_id").lower() or _parent_in(origin),
        milestone=_milestone(entries, milestones),
        blocked_by=tuple(each.lower() for each in _list(entries, "dependencies")),
        remarks=remarks_of(text),
        is_archived=folder.startswith("archive"),
    )


def _parent_in(origin: str) -> str | None:
    """task-12.1 is a part of task-12."""
    return origin.rpartition(".")[0] or None


def _milestone(entries: Entries, milestones: Mapping[str, Draft]) -> str | None:
    name = _text(entries, "milestone")
    by_title = {str(draft.fields["title"]).lower(): draft.origin for draft in milestones.values()}
    if name.lower() in milestones:
        return milestones[name.lower()].origin
    return by_title.get(name.lower(), name) or None


def _status(reading: Reading, entries: Entries, origin: str) -> str:
    given = _text(entries, "status")
    found = status_of(given or "backlog")
    if found is None:
        reading.note(origin, "status", f"{given} is not known: backlog")
    return found or "backlog"


def _priority(reading: Reading, entries: Entries, origin: str) -> str:
    given = _text(entries, "priority")
    found = priority_of(given or "none")
    if found is None:
        reading.note(origin, "priority", f"{given} is not known: none")
    return found or "none"


def _lists_of(entries: Entries) -> dict[str, list[str]]:
    return {name: _list(entries, name) for name in NO_PLACE if name != "subtasks" and _list(entries, name)}


def _decision(reading: Reading, file: Path, folder: str) -> Draft:
    entries, text = _parts(file)
    origin = _text(entries, "id") or file.stem
    outcome, status = section(text, "Decision"), _text(entries, "status").lower() or "proposed"
    taken = status if status in ("proposed", "accepted", "rejected") else "accepted"
    if taken == "accepted" and not outcome:
        taken = "proposed"
    if taken != status:
        reading.note(origin, "status", f"{status} became {taken}")
    alternatives = section(text, "Alternatives")
    context = section(text, "Context") or text
    fields = {
        "title": _text(entries, "title") or file.stem,
        "context": f"{context}\n\n## Alternatives\n\n{alternatives}" if alternatives else context,
        "outcome": outcome,
        "impact": section(text, "Consequences"),
        "status": taken,
    }
    created = moment_of(_text(entries, "date"))
    return Draft("decision", origin, fields, created=created, is_archived=folder.startswith("archive"))


def _document(file: Path, folder: Path) -> Draft:
    entries, text = split(read_text(file), file.name)
    origin = _text(entries, "id") or file.relative_to(folder).as_posix()
    # As it is, but for the blank line under the front matter.
    fields = {"title": _text(entries, "title") or file.stem, "text": re.sub(r"\A\r?\n", "", text)}
    return Draft("document", origin, fields, created=moment_of(_text(entries, "created_date")))


def _text(entries: Entries, name: str) -> str:
    value = entries.get(name, "")
    return value.strip() if isinstance(value, str) else ", ".join(value)


def _list(entries: Entries, name: str) -> list[str]:
    value = entries.get(name, [])
    return [each.strip() for each in ([value] if isinstance(value, str) else value) if each.strip()]
