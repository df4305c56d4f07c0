"""The text of a Backlog.md task: its sections, checklists and comments."""

import re
from collections.abc import Mapping

from turbo_server.transfer.drafts import Remark
from turbo_server.transfer.words import moment_of

_MARK = re.compile(r"^[ \t]*<!-- (?:SECTION:\w+|AC|DOD|COMMENTS?):(?:BEGIN|END) -->[ \t]*\n?", re.MULTILINE)
_CHECK = re.compile(r"^\s*- \[([ xX])\] (?:#\d+ )?(.+)$", re.MULTILINE)
_COMMENT = re.compile(r"<!-- COMMENT:BEGIN -->\s*\n(.*?)<!-- COMMENT:END -->", re.DOTALL)
# The newer form: author and date, a rule, the text, a rule.
_COMPACT = re.compile(r"((?:^(?:index|author|created):.*\n)+)---\n(.*?)\n---(?:\n|$)", re.DOTALL | re.MULTILINE)
_DETAIL = re.compile(r"^(index|author|created):[ \t]*(.*)$", re.MULTILINE)
CRITERIA, COMMENTS = "Acceptance Criteria", "Comments"


def section(text: str, title: str) -> str:
    """What stands under that heading of the second level, without the marks around it."""
    return _MARK.sub("", _raw(text, title)).strip()


def _raw(text: str, title: str) -> str:
    found = re.search(_pattern(title), text, re.DOTALL | re.MULTILINE | re.IGNORECASE)
    return found[1] if found else ""


def _pattern(title: str) -> str:
    return rf"^## {re.escape(title)}(?: \(Optional\))?[ \t]*\n(.*?)(?=^## |\Z)"


def criteria_of(text: str) -> list[str]:
    return [f"[{'x' if box in 'xX' else ' '}] {line.strip()}" for box, line in _CHECK.findall(_raw(text, CRITERIA))]


def description_of(text: str, lists: Mapping[str, list[str]]) -> str:
    """All of the text but criteria and comments, which have places of their own; then the lists that have none."""
    kept = text
    for title in (CRITERIA, COMMENTS):
        body = _raw(text, title)
        if title == COMMENTS or _CHECK.search(body):
            kept = re.sub(_pattern(title), "", kept, count=1, flags=re.DOTALL | re.MULTILINE | re.IGNORECASE)
    kept = re.sub(r"\A\s*## Description[ \t]*\n+", "", _MARK.sub("", kept))
    kept = re.sub(r"\n{3,}", "\n\n", kept).strip()
    for name, entries in lists.items():
        kept += f"\n\n## {name.replace('_', ' ').capitalize()}\n\n" + "\n".join(f"- {entry}" for entry in entries)
    return kept.strip()


def remarks_of(text: str) -> tuple[Remark, ...]:
    body = _raw(text, COMMENTS)
    if _COMMENT.search(body):
        halves = [block.partition("\n\n")[::2] for block in _COMMENT.findall(body)]
    else:
        halves = _COMPACT.findall(_MARK.sub("", body))
    return tuple(_remark(head, said) for head, said in halves if said.strip())


def _remark(head: str, said: str) -> Remark:
    details = dict(_DETAIL.findall(head))
    author = details.get("author", "").strip().removeprefix("@")
    return Remark(said.strip(), author or None, moment_of(details.get("created", "")))
