"""What Turbo-Plan should do with issues, links, claims and undo, in plain Python and nothing of the server's.

Every verb of `World` either changes it and appends the events that must follow, or raises Refused; whoever calls one
calls it on a copy, so that a refusal changes nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

CLOSED = ("done", "cancelled")
STARTED = ("in_progress", "in_review", "done")


class Refused(Exception):
    """`code` is the error's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Writer:
    person: str
    session: str


@dataclass
class Event:
    """`id` is known once the server has given it one."""

    key: str
    action: str
    by: Writer
    changes: dict[str, tuple[Any, Any]]
    undoes: int | None = None
    id: int | None = None


@dataclass
class Claim:
    by: Writer
    at: datetime
    until: datetime


@dataclass
class World:
    """`items` are the issues, and under its own key the project; the fields of each are what its tools can set."""

    project: str
    now: datetime
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    links: set[tuple[str, str, str]] = field(default_factory=set)
    claims: dict[str, Claim] = field(default_factory=dict)
    comments: dict[str, set[int]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.items.setdefault(self.project, {"archived_at": None})

    @property
    def issues(self) -> list[str]:
        return sorted((key for key in self.items if key != self.project), key=number)

    def is_open(self, key: str) -> bool:
        return self.items[key]["status"] not in CLOSED and not self.items[key]["archived_at"]

    def waits(self, key: str) -> bool:
        return any(self.is_open(each) for each in self.items[key]["blocked_by"])

    def waiting_for(self, key: str) -> list[str]:
        return [each for each in self.issues if key in self.items[each]["blocked_by"]]

    # --- changes -----------------------------------------------------------------------------------------------------

    def record(self, by: Writer, key: str, action: str, changes: dict[str, tuple[Any, Any]],
               undoes: int | None = None) -> None:  # fmt: skip
        if action not in ("archived", "restored", "undone") and (
            self.items[key]["archived_at"] or self.items[self.project]["archived_at"]
        ):
            raise Refused("item_archived")
        self.events.append(Event(key, action, by, changes, undoes))

    def change(self, by: Writer, key: str, wanted: dict[str, Any], action: str = "updated",
               undoes: int | None = None) -> bool:  # fmt: skip
        """Whether anything changed: what changes nothing leaves no event."""
        item = self.items[key]
        if item["archived_at"] and action not in ("archived", "restored", "undone"):
            raise Refused("item_archived")
        changes = {name: (item[name], value) for name, value in wanted.items() if item[name] != value}
        if not changes:
            return False
        item.update({name: after for name, (_, after) in changes.items()})
        if changes.get("parent") and self._leads_back(key, lambda each: [self.items[each]["parent"] or ""]):
            raise Refused("parent_cycle")
        if "blocked_by" in changes and self._leads_back(key, lambda each: self.items[each]["blocked_by"]):
            raise Refused("dependency_cycle")
        self.record(by, key, action, changes, undoes)
        return True

    def _leads_back(self, key: str, onward: Any) -> bool:
        seen: set[str] = set()
        ahead = list(onward(key))
        while ahead:
            each = ahead.pop()
            if each == key:
                return True
            if each and each not in seen:
                seen.add(each)
                ahead += onward(each)
        return False

    def moved(self, status: str, before: dict[str, Any]) -> dict[str, Any]:
        started = before["started_at"] or (self.now if status in STARTED else None)
        return {
            "status": status,
            "started_at": started,
            "finished_at": (before["finished_at"] or self.now) if status in CLOSED else None,
            "question": before["question"] if status == "blocked" else None,
        }

    def create(self, by: Writer, given: dict[str, Any]) -> str:
        key = f"{self.project}-{len(self.issues) + 1}"
        nothing = {"started_at": None, "finished_at": None, "question": None}
        status = given.get("status", "backlog")
        self.items[key] = {
            "title": given["title"], "priority": given.get("priority", "none"), "due": given.get("due"),
            "parent": given.get("parent"), "blocked_by": in_order(given.get("blocked_by", [])), "archived_at": None,
            "assignee": _whose(by, given.get("assignee"), status), **self.moved(status, nothing),
        }  # fmt: skip
        self.record(by, key, "created", {name: (None, value) for name, value in self.items[key].items() if value})
        return key

    def update(self, by: Writer, key: str, given: dict[str, Any]) -> None:
        before = self.items[key]
        wanted: dict[str, Any] = {name: None if given[name] == "none" and name in ("due", "parent") else given[name]
                  for name in ("title", "priority", "due", "parent") if name in given}  # fmt: skip
        if "blocked_by" in given:
            wanted["blocked_by"] = in_order(given["blocked_by"])
        if "status" in given:
            wanted |= self.moved(given["status"], before)
        if "assignee" in given or ("status" in given and not before["assignee"]):
            wanted["assignee"] = _whose(by, given.get("assignee"), given.get("status", before["status"]))
        self.change(by, key, wanted)

    def comment(self, by: Writer, key: str, text: str) -> None:
        self.record(by, key, "commented", {"comment": (None, None), "text": (None, text)})

    def put_away(self, by: Writer, key: str, *, away: bool) -> None:
        if bool(self.items[key]["archived_at"]) == away:
            return
        self.change(by, key, {"archived_at": self.now if away else None}, "archived" if away else "restored")

    # --- links -------------------------------------------------------------------------------------------------------

    def link(self, by: Writer, start: str, kind: str, end: str, *, present: bool) -> None:
        if start == end:
            raise Refused("invalid_arguments")
        if kind == "blocks":
            blockers = set(self.items[end]["blocked_by"]) - {start}
            self.change(by, end, {"blocked_by": in_order(blockers | {start} if present else blockers)})
            return
        if present and kind != "relates" and (kind, end, start) in self.links:
            raise Refused("cannot_link")
        if self.set_link(start, kind, end, present=present):
            link = {"type": kind, "to": end}
            self.record(by, start, "linked" if present else "unlinked",
                        {"link": (None, link) if present else (link, None)})  # fmt: skip

    def set_link(self, start: str, kind: str, end: str, *, present: bool) -> bool:
        """Whether that changed anything; relates says the same from both ends."""
        ends = sorted((start, end), key=number) if kind == "relates" else (start, end)
        link = (kind, ends[0], ends[1])
        if (link in self.links) == present:
            return False
        self.links ^= {link}
        return True


def number(key: str) -> int:
    return int(key.rpartition("-")[2])


def in_order(keys: Any) -> list[str]:
    return sorted(set(keys), key=number)


def _whose(by: Writer, name: str | None, status: str) -> str | None:
    """Work in progress is somebody's: without a name it is the caller's."""
    if name is None:
        return by.person if status == "in_progress" else None
    return {"none": None, "me": by.person}.get(name, name)
