"""What Turbo-Plan should do with issues, links, claims and undo, in plain Python and nothing of the server's.

Every verb of `World` either changes it and appends the events that must follow, or raises Refused; whoever calls one
calls it on a copy, so that a refusal changes nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

CLOSED = ("done", "cancelled")
WORKED_ON = ("in_progress", "in_review")
STARTED = ("in_progress", "in_review", "done")
PRIORITIES = ("urgent", "high", "medium", "low", "none")
LEASE = timedelta(minutes=15)
NEVER = "9999"


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
        wanted = {name: None if given[name] == "none" and name in ("due", "parent") else given[name]
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

    # --- claims ------------------------------------------------------------------------------------------------------

    def is_live(self, key: str) -> bool:
        claim, item = self.claims.get(key), self.items[key]
        return bool(claim and claim.until > self.now and item["status"] in WORKED_ON and not item["archived_at"])

    def held_by(self, by: Writer) -> list[str]:
        held = [key for key, claim in self.claims.items() if claim.by == by and self.is_live(key)]
        return sorted(held, key=lambda key: (self.claims[key].at, number(key)))

    def renew(self, by: Writer) -> int:
        """Also what has lapsed, when nobody took it since."""
        kept = [key for key, claim in self.claims.items() if claim.by == by
                and self.items[key]["status"] in WORKED_ON and not self.items[key]["archived_at"]]  # fmt: skip
        for key in kept:
            self.claims[key].until = self.now + LEASE
        return len(kept)

    def end_claims(self, by: Writer) -> None:
        self.claims = {key: claim for key, claim in self.claims.items() if claim.by != by}

    def claim(self, by: Writer, key: str) -> None:
        item = self.items[key]
        if item["archived_at"] or item["status"] in CLOSED or item["assignee"] not in (None, by.person):
            raise Refused("not_takeable")
        if self.is_live(key) and self.claims[key].by != by:
            raise Refused("issue_claimed")
        self.claims[key] = Claim(by, self.now, self.now + LEASE)
        if not self.change(by, key, {**self.moved("in_progress", item), "assignee": by.person}, "claimed"):
            self.record(by, key, "claimed", {})

    def next(self, by: Writer, *, claim: bool) -> str | None:
        """What the queue gives: the session's own first."""
        if held := self.held_by(by):
            self.renew(by)
            return held[0]
        best = next(iter(self.queue(by)), None)
        if best and claim:
            self.claim(by, best)
        return best

    def queue(self, by: Writer) -> list[str]:
        if self.items[self.project]["archived_at"]:
            return []
        back = {event.key for event in self.events if event.by.session == by.session and event.action == "handed_back"}
        fits = [key for key in self.issues if key not in back and self._can_take(by, key)]
        return sorted(fits, key=self._order)

    def _can_take(self, by: Writer, key: str) -> bool:
        item = self.items[key]
        if item["archived_at"] or self.waits(key) or item["assignee"] not in (None, by.person):
            return False
        if item["status"] == "in_progress":
            return not (self.is_live(key) and self.claims[key].by != by)
        return item["status"] in ("backlog", "ready")

    def _order(self, key: str) -> tuple[Any, ...]:
        item, today = self.items[key], self.now.date().isoformat()
        waiting = [each for each in self.waiting_for(key) if self.is_open(each)]
        pull = min(PRIORITIES.index(self.items[each]["priority"]) for each in (key, *waiting))
        due = item["due"] or NEVER
        return (item["status"] != "in_progress", due > today, pull, -len(waiting), due, item["status"] != "ready",
                number(key))  # fmt: skip

    def release(self, by: Writer, key: str, outcome: str, text: str) -> None:
        item = self.items[key]
        if item["status"] in CLOSED and outcome != "done":
            raise Refused("not_takeable")
        if self.is_live(key) and self.claims[key].by.person != by.person:
            raise Refused("issue_claimed")
        if outcome == "done":
            self.change(by, key, self.moved("done", item), "finished")
        elif outcome == "handed_back":
            self.change(by, key, {**self.moved("ready", item), "assignee": None}, "handed_back")
        else:
            self.change(by, key, {**self.moved("blocked", item), "question": text}, "asked")
        if outcome != "done":
            self.comment(by, key, text)
        self.claims.pop(key, None)


def number(key: str) -> int:
    return int(key.rpartition("-")[2])


def in_order(keys: Any) -> list[str]:
    return sorted(set(keys), key=number)


def _whose(by: Writer, name: str | None, status: str) -> str | None:
    """Work in progress is somebody's: without a name it is the caller's."""
    if name is None:
        return by.person if status == "in_progress" else None
    return {"none": None, "me": by.person}.get(name, name)
