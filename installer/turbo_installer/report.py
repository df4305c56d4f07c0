"""An outcome as text for people and as JSON for programs."""

import difflib
from pathlib import Path
from typing import Any

from turbo_installer.changes import Change, ClaudeCalls, FileChange, FolderRemoval
from turbo_installer.outcome import Outcome

MARKS = {True: "ok", False: "FAILED", None: "note"}


def to_text(outcome: Outcome) -> str:
    lines = [_headline(outcome)]
    lines += [f"  {_shown(change)}" for change in outcome.changes]
    for finding in outcome.findings:
        lines += _entry("PROBLEM" if finding.problem else "note", finding.message, finding.remedy)
    for check in outcome.checks:
        lines += _entry(MARKS[check.ok], f"{check.name}: {check.detail}", check.remedy)
    if outcome.next_steps:
        lines += ["Next:", *(f"  {step}" for step in outcome.next_steps)]
    return "\n".join(lines)


def _headline(outcome: Outcome) -> str:
    folder = short(outcome.places.folder)
    if outcome.dry_run:
        return f"Would change in Claude Code ({folder}):" if outcome.changes else _nothing_to_do(outcome)
    return f"Changed in Claude Code ({folder}):" if outcome.changes else _nothing_to_do(outcome)


def _nothing_to_do(outcome: Outcome) -> str:
    folder = short(outcome.places.folder)
    if any(finding.problem for finding in outcome.findings):
        return f"Nothing could be changed in Claude Code ({folder})."
    if outcome.verb == "install":
        return f"Turbo is already up to date in Claude Code ({folder})."
    return f"Turbo is not installed in Claude Code ({folder})."


def _shown(change: Change) -> str:
    return f"{change.summary}  [{short(change.path)}]"


def _entry(mark: str, text: str, remedy: str | None) -> list[str]:
    return [f"  {mark}: {text}", *([f"      {remedy}"] if remedy else [])]


def short(path: Path) -> str:
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) and path != home else str(path)


def to_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "verb": outcome.verb,
        "ok": outcome.ok,
        "dry_run": outcome.dry_run,
        "folder": str(outcome.places.folder),
        "changes": [_change_json(change, diff=outcome.dry_run) for change in outcome.changes],
        "findings": [
            {"part": finding.part, "problem": finding.problem, "message": finding.message, "remedy": finding.remedy}
            for finding in outcome.findings
        ],
        "checks": [
            {"name": check.name, "ok": check.ok, "detail": check.detail, "remedy": check.remedy}
            for check in outcome.checks
        ],
        "next": list(outcome.next_steps),
    }


def _change_json(change: Change, *, diff: bool) -> dict[str, Any]:
    described = {"part": change.part, "path": str(change.path), "summary": change.summary}
    return described | ({"diff": diff_of(change)} if diff else {})


def diff_of(change: Change) -> str:
    """Only what is added and removed: the lines around it may hold someone's secrets."""
    if isinstance(change, ClaudeCalls):
        return "\n".join(f"$ claude {' '.join(call)}" for call in change.calls)
    if isinstance(change, FolderRemoval):
        return f"--- {short(change.path)}/"
    if change.whole:
        return f"--- {short(change.path)}\n+++ {short(change.path)}, as it was before the installation"
    return "\n".join(_file_diff(change))


def _file_diff(change: FileChange) -> list[str]:
    name = short(change.path)
    before, after = _decoded(change.before), _decoded(change.after)
    head = [f"--- {name if change.before is not None else '(no file)'}"]
    head.append(f"+++ {name if change.after is not None else '(no file)'}")
    if change.path.suffix != ".json":
        return head + [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]
    start, removed, added = _middle(before, after)
    line = before.count("\n", 0, start) + 1
    return [*head, f"@@ line {line} @@", *_marked("-", removed), *_marked("+", added)]


def _decoded(content: bytes | None) -> str:
    return (content or b"").decode("utf-8-sig", errors="replace")


def _middle(before: str, after: str) -> tuple[int, str, str]:
    """Where two texts begin to differ, and what lies there until they agree again to the end."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, before[start : len(before) - end], after[start : len(after) - end]


def _marked(mark: str, text: str) -> list[str]:
    return [f"{mark} {line}" for line in text.splitlines() if line.strip()]
