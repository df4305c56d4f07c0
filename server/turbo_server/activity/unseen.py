"""Keys of what a caller does not see: where other items name it, and where an earlier answer does."""

import re
from dataclasses import dataclass

from turbo_server.kit.context import Actor, Context
from turbo_server.kit.database import Connection
from turbo_server.kit.keys import read_key

from . import unseen_store
from .types import Changes

# Fields of any item's state, and of an event, that hold other items' keys.
_NAMING = frozenset({"blocked_by", "parent", "initiative", "milestone", "superseded_by", "project", "link"})
_NUMBERED = re.compile(r"\b([A-Z][A-Z0-9]{1,9})-[IMD]?([1-9][0-9]{0,8})\b")


@dataclass(frozen=True, slots=True)
class Unseen:
    """The keys of the projects and the numbers of the decisions that somebody does not see."""

    projects: frozenset[str] = frozenset()
    decisions: frozenset[int] = frozenset()

    def hides(self, key: str) -> bool:
        read = read_key(key)
        if read is None:
            return False
        return read.number in self.decisions if read.kind == "decision" else read.project in self.projects

    def left_of(self, changes: Changes) -> Changes:
        """Without what names hidden items; a change of nothing else is none."""
        if not (self.projects or self.decisions):
            return changes
        left: Changes = {}
        for name, (before, after) in changes.items():
            if name not in _NAMING:
                left[name] = (before, after)
            elif (pair := (self._left(before), self._left(after))) == (before, after) or pair[0] != pair[1]:
                left[name] = pair
        return left

    def _left(self, value: object) -> object:
        match value:
            case str():
                return None if self.hides(value) else value
            case list():
                return [each for each in value if not self.hides(str(each))]
            case {"to": to}:
                return None if self.hides(str(to)) else value
            case _:
                return value


async def unseen_by(context: Context) -> Unseen:
    """Nothing is asked for a caller who sees everything."""
    return await _unseen(context.db, context.actor)


async def names_unseen(db: Connection, actor: Actor, body: bytes) -> bool:
    """Whether an answer that was given before tells of something that this caller does not see, or no longer."""
    unseen = await _unseen(db, actor)
    text = body.decode()
    if any(f'"{project}"' in text for project in unseen.projects):
        return True
    return any(unseen.hides(match[0]) for match in _NUMBERED.finditer(text))


async def _unseen(db: Connection, actor: Actor) -> Unseen:
    sight = actor.sight
    if not sight.is_limited:
        return Unseen()
    by_list = sight.only is not None
    return Unseen(
        frozenset(await unseen_store.project_keys(db, actor.workspace_id, sight.listed, by_list=by_list)),
        frozenset(await unseen_store.decision_numbers(db, actor.workspace_id, sight.listed, by_list=by_list)),
    )
