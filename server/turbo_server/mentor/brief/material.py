"""One item of a brief: its key, state and author, and of its texts what has to do with the question."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from turbo_server.decision.state import key_of as decision_key
from turbo_server.document.outline import sections
from turbo_server.issue.types import PRIORITIES
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_iso
from turbo_server.kit.schema import to_seconds
from turbo_server.kit.text import clip

from .passages import Needles, passage

Entry = dict[str, Any]
LEVELS = 3  # of an outline
SHOWN_SECTIONS = 14
_LETTERS = {"issue": "", "initiative": "I", "milestone": "M", "document": "D"}


def key_of(kind: str, row: Row) -> str:
    match kind:
        case "decision":
            return decision_key(row["number"])
        case "conversation":
            return f"ASK-{row['number']}"
        case "project":
            return str(row["project"])
        case _:
            return f"{row['project']}-{_LETTERS[kind]}{row['number']}"


def entry(kind: str, row: Row, why: str, needles: Needles, room: int) -> Entry:
    """`room` is for the characters of its texts. Fields without a value are left out."""
    head = {
        "key": key_of(kind, row),
        "kind": kind,
        "title": clip(row["title"], 200),
        "status": row["status"] if kind != "project" else None,
        "by": row["author"] if kind != "project" else None,
        "updated": to_seconds(row["updated_at"])[:10],
        "why": why,
    }
    shown = {**head, **_FIELDS[kind](row, needles, room)}
    return {name: value for name, value in shown.items() if value not in (None, "", [], {})}


def _issue(row: Row, needles: Needles, room: int) -> Entry:
    handoff = json.loads(row["handoff"]) if row["handoff"] else {}
    criteria = json.loads(row["criteria"]) if row["criteria"] else []
    return {
        "type": row["type"] if row["type"] != "task" else None,
        "priority": PRIORITIES[row["priority"]] if PRIORITIES[row["priority"]] != "none" else None,
        "assignee": row["assignee"],
        "due": as_iso(row["due"]),
        "finished": to_seconds(row["finished_at"])[:10] if row["finished_at"] else None,
        "text": passage(row["text"], needles, room),
        "question": clip(row["question"], room // 2) if row["question"] else None,
        "handoff": {name: clip(text, room // 3) for name, text in handoff.items() if text},
        "criteria": passage("\n".join(f"- {each}" for each in criteria), needles, room // 3),
    }


def _decision(row: Row, needles: Needles, room: int) -> Entry:
    """What was decided and why first: half of the room."""
    options = [str(option["title"]) for option in json.loads(row["options"])]
    return {
        "outcome": passage(row["outcome"], needles, room // 2),
        "reason": passage(row["reason"], needles, room // 4),
        "context": passage(row["context"], needles, room // 4),
        "impact": passage(row["impact"], needles, room // 5),
        "options": [clip(option, 80) for option in options[:6]],
        "paths": json.loads(row["paths"])[:6] if row["paths"] else None,
        "decided": to_seconds(row["decided_at"])[:10] if row["decided_at"] else None,
        "superseded_by": row["superseded_by"],
    }


def _document(row: Row, needles: Needles, room: int) -> Entry:
    """Its outline, and the passages of the sections that fit: get_item reads them whole."""
    found = [each for each in sections(row["text"]) if each.level <= LEVELS]
    outline = [f"{each.number} {clip(each.title, 60)}" for each in found if each.level]
    ends = [*(each.start for each in found[1:]), len(row["text"])]
    parts = [(each, row["text"][each.start : end]) for each, end in zip(found, ends, strict=True)]
    ranked = sorted(range(len(parts)), key=lambda place: (-needles.worth(parts[place][1]), place))[:2]
    return {
        "version": row["version"],
        "outline": outline[:SHOWN_SECTIONS],
        "sections": [
            {"section": f"{parts[place][0].number} {parts[place][0].title}".strip(),
             "text": passage(parts[place][1], needles, room * (2 - number) // 3)}
            for number, place in enumerate(ranked)
        ],
    }  # fmt: skip


def _plan(row: Row, needles: Needles, room: int) -> Entry:
    return {"owner": row["owner"], "due": as_iso(row["due"]), "text": passage(row["text"], needles, room)}


def _project(row: Row, needles: Needles, room: int) -> Entry:
    return {"text": passage(row["text"], needles, room)}


def _conversation(row: Row, needles: Needles, room: int) -> Entry:
    return {
        "question": clip(row["question"], room // 3),
        "answer": passage(row["text"], needles, room * 2 // 3),
    }


_FIELDS: Mapping[str, Callable[[Row, Needles, int], Entry]] = {
    "issue": _issue,
    "decision": _decision,
    "document": _document,
    "initiative": _plan,
    "milestone": _plan,
    "project": _project,
    "conversation": _conversation,
}


def notes(rows: Sequence[Row], needles: Needles, count: int, room: int) -> list[Entry]:
    """The last of what was said or done, and what fits best, in their order."""
    if not rows:
        return []
    ordered = sorted(rows, key=lambda row: row["id"])
    last = set(range(max(len(ordered) - min(2, count), 0), len(ordered)))
    ranked = sorted(range(len(ordered)), key=lambda place: (-needles.worth(ordered[place]["text"]), -place))
    chosen = sorted({*last, *ranked[: max(count - len(last), 1)]})[-count:]
    return [
        {
            "id": ordered[place]["id"],
            "by": ordered[place]["author"],
            "at": to_seconds(ordered[place]["created_at"])[:10],
            "text": passage(ordered[place]["text"], needles, room),
        }
        for place in chosen
    ]
