"""The steps that are drawn at random: a Hypothesis state machine over one Player."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from .claiming import claim_issue, queue, release, take_next
from .player import Difference, Player
from .undoing import undo_event, undo_session
from .world import Writer

MOST_ISSUES = 6
STATUSES = ("backlog", "ready", "in_progress", "blocked", "in_review", "done", "cancelled")
PLACES = st.integers(0, 10**6)  # taken modulo of what is there
WHO = st.integers(0, 2)
TITLES = st.sampled_from(("Log in", "Log out", "Sort", "Print", "漢字"))
PEOPLE = st.sampled_from(("me", "none", "ada", "ben"))
DUE = ("2026-11-22", "2026-11-23", "2026-11-24", "2026-12-01")
LINKS = ("blocks", "blocks", "relates", "duplicates", "implements")


@dataclass
class Stage:
    """Gives each run of a machine a project of its own, and counts the steps."""

    new_player: Callable[[str], Player]
    prefix: str = "M"
    steps: int = 0
    runs: int = 0
    done: dict[str, int] = field(default_factory=dict)

    def player(self) -> Player:
        self.runs += 1
        return self.new_player(f"{self.prefix}{self.runs}")


def machine_on(stage: Stage) -> type[RuleBasedStateMachine]:
    """A machine class whose runs take place on that stage."""
    return type("Machine", (Machine,), {"stage": stage})


class Machine(RuleBasedStateMachine):
    stage: ClassVar[Stage]

    @initialize()
    def begin(self) -> None:
        self.player = self.stage.player()
        for title in ("First", "Second", "Third"):
            self._create(self.player.writers[0], {"title": title})

    def by(self, who: int) -> Writer:
        return self.player.writers[who]

    def key(self, place: int) -> str:
        issues = self.player.world.issues
        return issues[place % len(issues)]

    def count(self, name: str) -> None:
        self.stage.steps += 1
        self.stage.done[name] = self.stage.done.get(name, 0) + 1

    def _create(self, by: Writer, given: dict[str, Any]) -> None:
        sent = {"project": self.player.world.project, **given}
        self.player.play(by, "create_issue", sent, lambda world: world.create(by, given))

    @rule(who=WHO, title=TITLES, status=st.sampled_from(STATUSES), parent=st.none() | PLACES,
          blockers=st.lists(PLACES, max_size=2), assignee=st.none() | PEOPLE)  # fmt: skip
    def create(self, who: int, title: str, status: str, parent: int | None, blockers: list[int],
               assignee: str | None) -> None:  # fmt: skip
        if len(self.player.world.issues) >= MOST_ISSUES:
            return
        self.count("create_issue")
        given: dict[str, Any] = {"title": title, "status": status, "blocked_by": [self.key(n) for n in blockers]}
        given |= {} if parent is None else {"parent": self.key(parent)}
        self._create(self.by(who), given | ({} if assignee is None else {"assignee": assignee}))

    @rule(who=WHO, place=PLACES, status=st.sampled_from(STATUSES))
    def move(self, who: int, place: int, status: str) -> None:
        self._update(who, place, {"status": status})

    @rule(who=WHO, place=PLACES, name=st.sampled_from(("title", "assignee", "priority", "due")),
          title=TITLES, assignee=PEOPLE, priority=st.sampled_from(("urgent", "high", "none")),
          due=st.sampled_from((*DUE, "none")))  # fmt: skip
    def set_field(self, who: int, place: int, name: str, **values: str) -> None:
        self._update(who, place, {name: values[name]})

    @rule(who=WHO, place=PLACES, parent=st.just("none") | PLACES)
    def set_parent(self, who: int, place: int, parent: Any) -> None:
        self._update(who, place, {"parent": parent if parent == "none" else self.key(parent)})

    @rule(who=WHO, place=PLACES, blockers=st.lists(PLACES, max_size=3))
    def set_blockers(self, who: int, place: int, blockers: list[int]) -> None:
        self._update(who, place, {"blocked_by": [self.key(each) for each in blockers]})

    def _update(self, who: int, place: int, given: dict[str, Any]) -> None:
        self.count("update_issue")
        by, key = self.by(who), self.key(place)
        self.player.play(by, "update_issue", {"key": key, **given}, lambda world: world.update(by, key, given))

    @rule(who=WHO, start=PLACES, kind=st.sampled_from(LINKS), end=PLACES, present=st.sampled_from((True, True, False)))
    def link(self, who: int, start: int, kind: str, end: int, present: bool) -> None:
        self.count("link_items")
        by, one, other = self.by(who), self.key(start), self.key(end)
        sent = {"from": one, "type": kind, "to": other, "remove": not present}
        self.player.play(by, "link_items", sent, lambda world: world.link(by, one, kind, other, present=present))

    @rule(who=WHO, place=PLACES)
    def comment(self, who: int, place: int) -> None:
        self.count("add_comment")
        by, key = self.by(who), self.key(place)
        self.player.play(by, "add_comment", {"key": key, "text": "Hm."}, lambda world: world.comment(by, key, "Hm."))

    @rule(who=WHO, place=PLACES, away=st.booleans())
    def put_away(self, who: int, place: int, away: bool) -> None:
        self._put_away(who, self.key(place), away=away)

    @rule(who=WHO, place=PLACES, away=st.sampled_from((True, False, False)))
    def put_project_away(self, who: int, place: int, away: bool) -> None:
        self._put_away(who, self.player.world.project, away=away and place % 4 == 0)

    def _put_away(self, who: int, key: str, *, away: bool) -> None:
        tool, by = ("archive_item" if away else "restore_item"), self.by(who)
        self.count(tool)
        self.player.play(by, tool, {"key": key}, lambda world: world.put_away(by, key, away=away))

    @rule(who=WHO, claim=st.sampled_from((True, True, False)))
    def take_next(self, who: int, claim: bool) -> None:
        self.count("next_issue")
        by, world = self.by(who), self.player.world
        taken: list[str | None] = []
        ahead = queue(self.player.world, by)
        sent = {"project": world.project, "claim": claim}
        answer = self.player.play(by, "next_issue", sent, lambda world: taken.append(take_next(world, by, claim=claim)))
        shown = answer.get("issue", {}).get("key")
        after = [each["key"] for each in answer.get("then", [])]
        wanted = [each for each in ahead if each != shown][:3]
        if taken != [shown] or after != wanted:
            raise Difference(f"{by.session} next_issue: server {shown}, then {after}; model {taken}, then {wanted}")

    @rule(who=WHO, place=PLACES)
    def take(self, who: int, place: int) -> None:
        self.count("next_issue")
        by, key = self.by(who), self.key(place)
        self.player.play(by, "next_issue", {"key": key, "claim": True}, lambda world: claim_issue(world, by, key))

    @rule(who=WHO, place=PLACES, outcome=st.sampled_from(("done", "handed_back", "needs_human")))
    def release(self, who: int, place: int, outcome: str) -> None:
        self.count("release_issue")
        by, key = self.by(who), self.key(place)
        sent = {"key": key, "outcome": outcome, **({} if outcome == "done" else {"text": "Why?"})}
        self.player.play(by, "release_issue", sent, lambda world: release(world, by, key, outcome, "Why?"))

    @rule(who=WHO, minutes=st.sampled_from((0, 1, 5, 14, 16)), ends=st.sampled_from((True, False, False, False)))
    def leases(self, who: int, minutes: int, ends: bool) -> None:
        self.count("leases")
        self.player.wait(timedelta(minutes=minutes))
        (self.player.end_claims if ends else self.player.renew)(self.by(who))

    @rule(minutes=st.sampled_from((1, 14, 16)))
    def wait(self, minutes: int) -> None:
        self.player.wait(timedelta(minutes=minutes))

    @rule(who=WHO, place=PLACES, recent=st.booleans())
    def undo(self, who: int, place: int, recent: bool) -> None:
        self.count("undo")
        events = self.player.world.events[-8:] if recent else self.player.world.events
        by, event = self.by(who), events[place % len(events)].id or 0
        self._undo(by, {"event": event}, lambda world: undo_event(world, by, event))

    @rule(who=WHO, whose=WHO)
    def undo_session(self, who: int, whose: int) -> None:
        self.count("undo")
        by, session = self.by(who), self.by(whose).session
        self._undo(by, {"session": session}, lambda world: undo_session(world, by, session))

    def _undo(self, by: Writer, sent: dict[str, Any], change: Callable[[Any], int]) -> None:
        counts: list[int] = []
        answer = self.player.play(by, "undo", {**sent, "confirm": True}, lambda world: counts.append(change(world)))
        if answer and answer["undone"] != counts[0]:
            raise Difference(f"{by.session} undo {sent}: server {answer['undone']}, model {counts[0]}")

    def teardown(self) -> None:
        if not self.player.differs:
            self.player.compare_all()
