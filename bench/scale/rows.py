"""Rows of a team's data in any amount, the same in every run: drawn from one seed, a day's work at a time."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from turbo_server.issue.state import title_key

SEED = 20_261_124
PEOPLE, LABELS, INITIATIVES, MILESTONES_EACH = 20, 30, 60, 2
SHARES = {"done": 60, "backlog": 20, "ready": 8, "in_progress": 4, "in_review": 2, "blocked": 2, "cancelled": 4}
STATUSES = tuple(status for status, share in SHARES.items() for _ in range(share))
TYPES = ("task", "task", "task", "bug", "bug", "feature", "discovery")
PRIORITIES = (0, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4)
SYLLABLES = (
    "an", "ba", "cor", "del", "en", "fi", "gra", "hu", "in", "jo", "ka", "lo", "mer", "na", "or", "pa", "qui", "ro",
    "si", "ta", "un", "ve", "wa", "xi", "yo", "zen",
)  # fmt: skip
CODE = ("create_issue", "HTTPServer", "kit/runner.py", "parseHeader", "max_size", "v1.2.3", "--dry-run", "TurboError")

Rows = Iterator[tuple[object, ...]]


@dataclass
class Team:
    """`workspace` and `me` are the ids of what `keys create` has made; every other id is given out here."""

    issues: int
    projects: int
    workspace: int = 1
    me: int = 1
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    @cached_property
    def words(self) -> list[str]:
        draw = random.Random(SEED)
        made = {"".join(draw.choices(SYLLABLES, k=draw.randint(2, 4))) for _ in range(5_000)}
        return sorted(made)[:3_000]

    @cached_property
    def sizes(self) -> list[int]:
        """Issues per project: few are large, most are small."""
        shares = [1 / (rank + 8) ** 0.8 for rank in range(self.projects)]
        sizes = [int(self.issues * share / sum(shares)) for share in shares]
        sizes[0] += self.issues - sum(sizes)
        return sizes

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
        """(table, columns, rows), parents first."""
        yield "accounts", ("id", "workspace_id", "name", "created_at"), self._accounts()
        yield "projects", PROJECT_COLUMNS, self._projects()
        yield "labels", ("id", "workspace_id", "name", "folded"), self._labels()
        yield "initiatives", PLAN_COLUMNS, self._plans(INITIATIVES, "planned")
        yield "milestones", PLAN_COLUMNS, self._plans(self.projects * MILESTONES_EACH, "open")
        yield "issues", ISSUE_COLUMNS, self._issues()
        yield "issue_labels", ("issue_id", "label_id"), self._issue_labels()
        yield "issue_blocks", ("blocked_id", "blocker_id"), self._issue_blocks()
        yield "comments", COMMENT_COLUMNS, self._comments()
        yield "work_logs", WORK_COLUMNS, self._work_logs()
        yield "events", EVENT_COLUMNS, self._events()

    def title(self, draw: random.Random) -> str:
        """Common words are common: the rank of a word is drawn unevenly."""
        chosen = [self.words[int(len(self.words) * draw.random() ** 3)] for _ in range(draw.randint(4, 8))]
        if draw.random() < 0.1:
            chosen.append(draw.choice(CODE))
        return " ".join(chosen).capitalize()

    def key_of(self, project: int) -> str:
        return f"P{project:03}"

    def _accounts(self) -> Rows:
        for number in range(2, PEOPLE + 1):
            yield self.me + number, self.workspace, f"person{number}", self.now

    def _projects(self) -> Rows:
        for number, size in enumerate(self.sizes, 1):
            yield number, self.workspace, self.key_of(number), f"Project {number}", "", size + 1, self.now, self.now

    def _labels(self) -> Rows:
        for number in range(1, LABELS + 1):
            yield number, self.workspace, f"label{number}", f"label{number}"

    def _plans(self, count: int, status: str) -> Rows:
        draw = random.Random(SEED + count)
        for index in range(count):
            project, number = index % self.projects + 1, index // self.projects + 1
            due = self._today() + timedelta(days=draw.randint(-10, 120))
            when = self._some_time(draw)
            yield index + 1, self.workspace, project, number, self.title(draw), "", status, due, self.me, when, when

    def _issues(self) -> Rows:
        draw = random.Random(SEED)
        identity = 0
        for project, size in enumerate(self.sizes, 1):
            for number in range(1, size + 1):
                identity += 1
                yield self._issue(draw, identity, project, number)

    def _issue(self, draw: random.Random, identity: int, project: int, number: int) -> tuple[object, ...]:
        status, created = draw.choice(STATUSES), self._some_time(draw)
        updated = created + (self.now - created) * draw.random()
        person = draw.randint(0, PEOPLE)
        assignee = None if person == 0 else self.me if person == 1 else self.me + person
        due = self._today() + timedelta(days=draw.randint(-30, 90)) if draw.random() < 0.3 else None
        milestone = project + self.projects * draw.randrange(MILESTONES_EACH) if draw.random() < 0.2 else None
        initiative = draw.randint(1, INITIATIVES) if draw.random() < 0.2 else None
        title = self.title(draw)
        text = f"{self.title(draw)}.\n\n- {self.title(draw)}\n- {self.title(draw)}\n"
        started = created if status not in ("backlog", "ready") else None
        finished = updated if status in ("done", "cancelled") else None
        return (
            identity, self.workspace, project, number, title, text, draw.choice(TYPES), status, draw.choice(PRIORITIES),
            assignee, due, self.me, "laptop", "session", created, updated, started, finished, initiative, milestone,
            title_key(title),
        )  # fmt: skip

    def _issue_labels(self) -> Rows:
        draw = random.Random(SEED + 1)
        for identity in range(1, self.issues + 1):
            for label in {draw.randint(1, LABELS) for _ in range(draw.choice((0, 0, 1, 1, 2)))}:
                yield identity, label

    def _issue_blocks(self) -> Rows:
        draw = random.Random(SEED + 2)
        first = 0
        for size in self.sizes:
            for position in range(1, size):
                if draw.random() < 0.07:
                    yield first + position + 1, first + 1 + draw.randrange(max(0, position - 40), position)
            first += size

    def _comments(self) -> Rows:
        draw = random.Random(SEED + 3)
        for identity in range(1, self.issues * 3 // 10):
            subject = draw.randint(1, self.issues)
            when = self._some_time(draw)
            yield identity, self.workspace, "issue", subject, self.title(draw), self.me, "laptop", "session", when

    def _work_logs(self) -> Rows:
        draw = random.Random(SEED + 4)
        for identity in range(1, self.issues // 5):
            issue, when = draw.randint(1, self.issues), self._some_time(draw)
            minutes = draw.choice((None, 5, 25, 50))
            yield identity, self.workspace, None, issue, self.title(draw), minutes, self.me, "laptop", "session", when

    def _events(self) -> Rows:
        identity = 0
        for project, size in enumerate(self.sizes, 1):
            for number in range(1, size + 1):
                identity += 1
                key, changes = f"{self.key_of(project)}-{number}", json.dumps({"status": [None, "backlog"]})
                yield (
                    identity, self.workspace, "created", "issue", identity, key, project, changes, self.me, "laptop",
                    f"agent-{identity // 50}", self.now,
                )  # fmt: skip

    def _some_time(self, draw: random.Random) -> datetime:
        return self.now - timedelta(seconds=int(draw.random() ** 2 * 300 * 86_400))

    def _today(self) -> date:
        return self.now.date()


PROJECT_COLUMNS = ("id", "workspace_id", "key", "name", "description", "next_number", "created_at", "updated_at")
PLAN_COLUMNS = (
    "id", "workspace_id", "project_id", "number", "title", "description", "status", "due", "created_by", "created_at",
    "updated_at",
)  # fmt: skip
ISSUE_COLUMNS = (
    "id", "workspace_id", "project_id", "number", "title", "description", "type", "status", "priority", "assignee_id",
    "due", "created_by", "machine", "session", "created_at", "updated_at", "started_at", "finished_at",
    "initiative_id", "milestone_id", "title_key",
)  # fmt: skip
COMMENT_COLUMNS = (
    "id", "workspace_id", "subject_kind", "subject_id", "text", "author_id", "machine", "session", "created_at",
)  # fmt: skip
WORK_COLUMNS = (
    "id", "workspace_id", "project_id", "issue_id", "text", "minutes", "author_id", "machine", "session", "created_at",
)  # fmt: skip
EVENT_COLUMNS = (
    "id", "workspace_id", "action", "subject_kind", "subject_id", "key", "project_id", "changes", "author_id",
    "machine", "session", "created_at",
)  # fmt: skip
