"""Whether the keys that a person would want are in the brief; by relevance, and with the newest items in its place."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.server.harness import Turbo
from turbo_server.kit.context import Context
from turbo_server.kit.sql import sql
from turbo_server.mentor.brief import gathering
from turbo_server.mentor.brief.ranking import Candidate
from turbo_server.mentor.brief.store import Item

FIRST = 10
TEXTS = ("text", "outcome", "context", "sections", "comments", "work")
_KINDS = ("issue", "decision", "document", "initiative", "milestone")
_EACH = " union all ".join(
    f"select '{kind}' as kind, id, updated_at from {kind}s where workspace_id = $1"  # noqa: S608 - our own names
    for kind in _KINDS
)
_NEWEST = sql(f"{_EACH} order by 3 desc")


@dataclass(frozen=True)
class Judged:
    """A question counts when each wanted key is an entry of its own in the material, with text of it beside the title.

    `shown` are these entries, in their order.
    """

    ask: str
    wanted: tuple[str, ...]
    shown: tuple[str, ...]
    characters: int

    @property
    def missing(self) -> list[str]:
        return [key for key in self.wanted if key not in self.shown]

    @property
    def is_at_hand(self) -> bool:
        """Whether all of them are among the first."""
        return set(self.wanted) <= set(self.shown[:FIRST])


def judge(turbo: Turbo, questions: Sequence[dict[str, Any]]) -> list[Judged]:
    return [_judged(turbo, question) for question in questions]


def _judged(turbo: Turbo, question: dict[str, Any]) -> Judged:
    about = {"about": question["about"]} if "about" in question else {}
    asked = turbo.call("ask_mentor", mentor="architect", question=question["ask"], brief_only=True, **about)
    turbo.call("archive_item", key=asked["key"])  # no question may find what another one asked
    brief = asked["brief"]
    shown = tuple(each["key"] for each in brief["material"] if any(each.get(name) for name in TEXTS))
    return Judged(question["ask"], tuple(question["want"]), shown, len(str(brief)))


@contextlib.contextmanager
def newest_instead() -> Iterator[None]:
    """The control: whatever was changed last, in the same room. The item that is asked about stays in its place."""

    async def newest(context: Context, _words: object) -> dict[Item, Candidate]:
        rows = await context.db.fetch(_NEWEST, context.actor.workspace_id)
        items = [(row["kind"], row["id"]) for row in rows]
        return {item: Candidate(item, 1000.0 - place, ["it is new"]) for place, item in enumerate(items)}

    def nothing(*_given: object) -> None:
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gathering, "_by_words", newest)
        patch.setattr(gathering, "spread", nothing)
        yield
