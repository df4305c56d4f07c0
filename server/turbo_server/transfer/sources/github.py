"""GitHub issues, as `gh issue list --json number,title,body,state,...` prints them."""

from pathlib import Path
from typing import Any

from turbo_server.transfer.drafts import Draft, Reading, Remark
from turbo_server.transfer.errors import BadFile
from turbo_server.transfer.words import day_of, moment_of, priority_of, type_of

from .files import list_of, parse_json, read_text, require_object, text_of


def read(path: Path, most: int | None = None) -> Reading:
    reading = Reading("github", most=most)
    whole = parse_json(read_text(path), path.name)
    issues = [whole] if isinstance(whole, dict) else whole
    if not isinstance(issues, list):
        raise BadFile(path.name, "this is no list of issues", "`gh issue list --json number,title,...` prints one.")
    milestones: dict[str, Draft] = {}
    for position, each in enumerate(issues, 1):
        place = f"{path.name}, issue {position} of the list"
        issue = require_object(each, place)
        if type(issue.get("number")) is not int or "title" not in issue:
            raise BadFile(
                place, "it has no number or no title", "Name both in `gh issue list --json number,title,...`."
            )
        _add_milestone(milestones, issue)
        reading.add(_draft(reading, issue))
    reading.drafts += milestones.values()
    return reading


def _add_milestone(milestones: dict[str, Draft], issue: dict[str, Any]) -> None:
    if origin := _milestone(issue):
        stone = issue["milestone"]
        fields = {
            "title": text_of(stone.get("title")),
            "description": text_of(stone.get("description")),
            "due": day_of(stone.get("dueOn")),
        }
        milestones.setdefault(origin, Draft("milestone", origin, fields))


def _milestone(issue: dict[str, Any]) -> str | None:
    stone = issue.get("milestone")
    return text_of(stone.get("title")) or None if isinstance(stone, dict) else None


def _draft(reading: Reading, issue: dict[str, Any]) -> Draft:
    origin = f"#{issue['number']}"
    labels = [text_of(each.get("name")) for each in list_of(issue.get("labels")) if isinstance(each, dict)]
    people = [_login(each) for each in list_of(issue.get("assignees"))]
    if len(people) > 1:
        reading.note(origin, "assignee", f"only the first of {len(people)} assignees is taken")
    if not any(name in issue for name in ("body", "state")):
        reading.note(origin, "record", "has no body and no state: name them in `gh issue list --json`")
    return Draft(
        kind="issue",
        origin=origin,
        fields={
            "title": text_of(issue["title"]),
            "description": text_of(issue.get("body")),
            "type": next((found for label in labels if (found := type_of(label))), "task"),
            "status": _status(issue),
            "priority": next((found for label in labels if (found := priority_of(label))), "none"),
            "assignee": people[0] if people else None,
            "labels": labels,
        },
        author=_login(issue.get("author")) or None,
        created=moment_of(issue.get("createdAt")),
        updated=moment_of(issue.get("updatedAt")),
        closed=moment_of(issue.get("closedAt")),
        address=text_of(issue.get("url")) or None,
        milestone=_milestone(issue),
        remarks=_remarks(issue),
    )


def _status(issue: dict[str, Any]) -> str:
    if text_of(issue.get("state")).upper() != "CLOSED":
        return "backlog"
    return "cancelled" if text_of(issue.get("stateReason")).upper() in ("NOT_PLANNED", "DUPLICATE") else "done"


def _login(person: Any) -> str:
    return text_of(person.get("login")) if isinstance(person, dict) else ""


def _remarks(issue: dict[str, Any]) -> tuple[Remark, ...]:
    comments = issue.get("comments")
    return tuple(
        Remark(text_of(each.get("body")), _login(each.get("author")) or None, moment_of(each.get("createdAt")))
        for each in list_of(comments)
        if isinstance(each, dict) and text_of(each.get("body")).strip()
    )
