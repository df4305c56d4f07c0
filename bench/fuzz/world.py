"""What a fuzzed call may meet: one item of each kind in a project of its own, and the words that lead to them."""

import random
from collections.abc import Callable, Mapping
from typing import Any

Call = Callable[..., dict[str, Any]]
KEY_ARGUMENTS = frozenset(
    {"project", "key", "issue", "parent", "initiative", "milestone", "from", "to", "superseded_by"}
)
DAYS = ("today", "+3d", "friday", "2026-12-31", "none", "0001-01-01", "9999-12-31", "+9999w")
PEOPLE = ("me", "none", "ada")
LINES = (
    "A line", "漢字かな交じり文", "👩‍💻 \u202eodd\u200b", '"quoted" \\ <b>&amp;</b>', "'; drop table issues; --",
    "x" * 300, "%s %_ $1 {0}", "\x01\x7f\x9f", '-1 OR "a', "null", "ǅ İ ß ſ",
)  # fmt: skip
NOT_GIVEN = (None, None, None)
MEANT_SHARE = 0.8  # of the arguments that could name something, how many do


class World:
    """Made anew for each operation: what one archives, the next does not miss."""

    def __init__(self, call: Call, project: str, words: Mapping[str, tuple[Any, ...]] | None = None) -> None:
        """`words` are what arguments of that name could mean, where this world itself has nothing for them."""
        self.project = project
        self.words = dict(words or {})
        call("create_project", key=project, name="Fuzzed")
        for number in range(4):
            call("create_issue", project=project, title=f"Issue {number}", labels=["fuzz"])
        call("create_initiative", project=project, title="Initiative")
        call("create_milestone", project=project, title="Milestone", due="+9d")
        text = "# One\n\ntext\n\n## Two\n\nmore\n"
        call("create_document", project=project, title="Document", text=text)
        self.decision = call("create_decision", project=project, title="Decision", options=["one", "two"])["key"]
        call("update_issue", key=f"{project}-2", blocked_by=[f"{project}-1"], parent=f"{project}-3")
        call("link_items", **{"from": f"{project}-1", "type": "relates", "to": self.decision})
        call("add_comment", key=f"{project}-1", text="A comment")
        call("log_work", issue=f"{project}-1", text="Some work", minutes=5)

    def aim(self, draw: random.Random, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """The same arguments, where most of those that name something name something that is there."""
        aimed = {name: self._meant(draw, tool, name, value) for name, value in arguments.items()}
        if tool == "undo" and draw.random() < MEANT_SHARE:  # takes one of the two
            aimed[draw.choice(("event", "session"))] = None
        if tool == "create_issues" and not aimed.get("issues"):
            aimed["issues"] = [{"project": self.project, "title": draw.choice(LINES)}]
        return aimed

    def _meant(self, draw: random.Random, tool: str, name: str, value: Any) -> Any:
        if isinstance(value, list) and name == "issues":
            return [self.aim(draw, tool, each) if isinstance(each, dict) else each for each in value]
        words = self._words(tool, name)
        if not words or draw.random() > MEANT_SHARE:
            return value
        if isinstance(value, list):
            return draw.sample(words, draw.randint(0, min(len(words), 3)))
        return draw.choice(words)

    def _words(self, tool: str, name: str) -> list[Any]:
        if name in self.words:
            return list(self.words[name])
        if name in KEY_ARGUMENTS or name == "blocked_by":
            return self._keys(tool, name)
        return list(self._known().get(name, ()))

    def _known(self) -> dict[str, tuple[Any, ...]]:
        lines, small = ("title", "name", "note", "text", "query", "branch", "outcome", "reason"), (1, 1, 2, 3)
        return {
            **dict.fromkeys(("due", "due_before", "due_after"), DAYS),
            **dict.fromkeys(("assignee", "owner", "person"), PEOPLE),
            **dict.fromkeys(lines, LINES),
            **dict.fromkeys(("version", "expected_version", "restore"), (*small, None)),
            **dict.fromkeys(("event", "reply_to"), tuple(range(1, 200))),
            **dict.fromkeys(("cursor", "after", "section", "file", "commit"), NOT_GIVEN),
            **dict.fromkeys(("labels", "label"), ("fuzz", "漢字", "FUZZ")),
            **dict.fromkeys(("path", "paths"), ("src/**/*.py", "docs")),
            "session": ("mine", "s1", "s2"),
            "place": ("top", "bottom", "none", f"before {self.project}-1", f"after {self.project}-2"),
        }

    def _keys(self, tool: str, name: str) -> list[str]:
        issues = [f"{self.project}-{number}" for number in range(1, 5)]
        plans = {kind: f"{self.project}-{letter}1" for kind, letter in
                 (("initiative", "I"), ("milestone", "M"), ("document", "D"))}  # fmt: skip
        match name, tool:
            case "project", _:
                return [self.project]
            case ("issue" | "parent" | "blocked_by", _) | ("key", "update_issue" | "release_issue" | "next_issue"):
                return issues
            case "key", "create_project":
                return [f"{self.project}X{number}" for number in range(500)]
            case ("superseded_by", _) | ("key", "update_decision"):
                return [self.decision]
            case "key", _ if tool.removeprefix("update_") in plans:
                return [plans[tool.removeprefix("update_")]]
            case _ if name in plans:
                return [plans[name]]
            case "key", "archive_item":
                return [*issues, *plans.values(), self.decision]  # not the project: all after it would be refused
            case _:
                return [*issues, *plans.values(), self.decision, self.project]
