"""A brief: what a mentor needs to know to answer one question, within a number of tokens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Found
from turbo_server.kit.text import clip
from turbo_server.mentor.conversation import store as conversation_store
from turbo_server.mentor.conversation.digest import digest

from .gathering import Gathered, gathered_for
from .marking import cleaned
from .material import Entry, entry, key_of, notes
from .ranking import Candidate
from .store import Item
from .tokens import estimate


@dataclass(frozen=True, slots=True)
class Room:
    """What a brief may take.

    `of_about` are characters for the texts of what the question is about; `steps` are (how many of the best, characters
    for the texts of each), `turn` and `earlier` what the conversation so far may take.
    """

    tokens: int
    characters: int
    of_about: int = 3_000
    steps: tuple[tuple[int, int], ...] = ((4, 900), (10, 480), (60, 260))
    question: int = 2_000
    turn: int = 1_000
    earlier: int = 1_200


HERE = Room(tokens=5_000, characters=15_000)  # inside of a tool's result
ON_THE_SERVER = Room(
    tokens=20_000, characters=80_000, of_about=10_000, steps=((8, 2_500), (16, 1_200), (60, 500)),
    question=10_000, turn=4_000, earlier=4_000,
)  # fmt: skip
LAST_TURNS = 2
MOST_NOTES, NOTES = 6, 2  # on what the question is about, on any other
ALSO = 20
SHARES = (1, 3, 12)  # of its texts, where there is no room for all that they are worth
LEAST = 240
FOR_ALSO = 600  # characters kept for the names of what there is no room for
WEAK = 0.08  # of the best by words: below it something only fills


@dataclass(frozen=True, slots=True)
class Brief:
    """`content` is JSON and wholly data; `keys` are those of its material; `projects` those it was made from."""

    content: dict[str, Any]
    keys: tuple[str, ...]
    projects: frozenset[int]
    tokens: int


async def build_brief(
    context: Context, question: str, about: Found | None, conversation: Found | None, room: Room = HERE
) -> Brief:
    """In a number of statements that does not grow with what there is; of what the caller sees alone."""
    gathered = await gathered_for(context, question, about, conversation)
    told = await _conversation(context, conversation, room)
    return _fitted(context, gathered, question, told, room)


async def _conversation(context: Context, conversation: Found | None, room: Room) -> Entry | None:
    """What was said in it so far: the last turns, and the others in short."""
    if conversation is None:
        return None
    turns = await conversation_store.all_turns(context.db, context.actor.workspace_id, conversation.id)
    answered = [turn for turn in turns if turn["answer"] is not None]
    earlier, last = answered[:-LAST_TURNS], answered[-LAST_TURNS:]
    if not answered:
        return None
    told: Entry = {"key": conversation.key}
    if earlier:
        told["earlier"] = await _earlier(context, conversation, earlier, room)
    told["last"] = [
        {
            "turn": turn["number"],
            "by": turn["author"],
            "question": clip(turn["question"], room.turn // 2),
            "answer": clip(turn["answer"], room.turn),
        }
        for turn in last
    ]
    return told


async def _earlier(context: Context, conversation: Found, turns: Sequence[Row], room: Room) -> str:
    (row,) = await conversation_store.by_id(context.db, context.actor.workspace_id, [conversation.id])
    if not row["summary"]:
        return digest(turns, room.earlier)
    later = [turn for turn in turns if turn["number"] > row["summarised_to"]]
    return "\n".join(part for part in (row["summary"], digest(later, room.earlier // 2) if later else "") if part)


def _fitted(context: Context, gathered: Gathered, question: str, told: Entry | None, room: Room) -> Brief:
    """The best first, each with as much text as its rank is worth, while there is room."""
    head: dict[str, Any] = {"today": context.today.isoformat(), "question": clip(question, room.question),
                            "asked_by": clip(context.actor.name, 60)}  # fmt: skip
    if told:
        head["conversation"] = told
    left = _Left(room, cleaned(head))
    chosen = _worth_it(gathered)
    material: list[Entry] = []
    shown: list[Item] = []
    for rank, candidate in enumerate(chosen):
        made = _made_to_fit(gathered, candidate, rank, left, FOR_ALSO if rank + 1 < len(chosen) else 0)
        if made is None:
            break
        material.append(made)
        shown.append(candidate.item)
    also = _also(gathered, [each for each in chosen if each.item not in shown], left)
    keys = tuple(each["key"] for each in material)
    content = {**cleaned(head), "material": material, **({"also": also} if also else {})}
    projects = frozenset(_projects(gathered, [*shown, *(each.item for each in chosen[len(shown) :][: len(also)])]))
    return Brief(content, keys, projects, estimate(to_json(content).decode()))


def _made_to_fit(gathered: Gathered, candidate: Candidate, rank: int, left: "_Left", but: int) -> Entry | None:
    """With the texts that its rank is worth, or with less of them."""
    texts = left.room.of_about if candidate.item == gathered.about else _texts(rank, left.room)
    for share in SHARES:
        made: Entry = cleaned(_entry(gathered, candidate, max(texts // share, LEAST)))
        if left.take(made, but):
            return made
    return None


class _Left:
    """The room that is left."""

    def __init__(self, room: Room, head: object) -> None:
        self.room = room
        self._tokens, self._characters = room.tokens, room.characters
        self.take(head)

    def take(self, value: object, but: int = 0) -> bool:
        """Whether there was room for it, and `but` so many characters."""
        text = to_json(value).decode()
        tokens = estimate(text)
        if tokens + but // 3 > self._tokens or len(text) + 1 + but > self._characters:
            return False
        self._tokens -= tokens
        self._characters -= len(text) + 1
        return True


def _worth_it(gathered: Gathered) -> list[Candidate]:
    top = max((each.worth for each in gathered.candidates if each.item != gathered.about), default=0.0)
    return [each for each in gathered.candidates if each.worth >= WEAK * top or each.item == gathered.about]


def _entry(gathered: Gathered, candidate: Candidate, texts: int) -> Entry:
    """`texts` are the characters that it may have of them."""
    is_about = candidate.item == gathered.about
    kind, row = candidate.item[0], gathered.rows[candidate.item]
    made = entry(kind, row, ", ".join(dict.fromkeys(candidate.why[:3])), gathered.needles, texts)
    count, each = (MOST_NOTES, texts // 8) if is_about else (NOTES, texts // 3)
    for name, found in (("comments", gathered.comments), ("work", gathered.work)):
        if said := notes(found.get(candidate.item, []), gathered.needles, count, max(each, 80)):
            made[name] = said
    if is_about and gathered.history and texts > LEAST:
        made["history"] = [_happening(each) for each in gathered.history]
    return made


def _happening(each: Any) -> str:
    """`2026-03-02 ada updated status: ready -> done`."""
    changed = "; ".join(
        f"{change.field}: {change.before or 'none'} -> {change.after or 'none'}" for change in each.changed or []
    )
    return clip(f"{each.at:%Y-%m-%d} {each.by} {each.action} {changed}".strip(), 160)


def _texts(rank: int, room: Room) -> int:
    for count, texts in room.steps:
        if rank < count:
            return texts
    return room.steps[-1][1]


def _also(gathered: Gathered, rest: Sequence[Candidate], left: _Left) -> list[str]:
    """Key and title of what there was no room for."""
    named: list[str] = []
    for each in rest[:ALSO]:
        row = gathered.rows[each.item]
        line = cleaned(f"{key_of(each.item[0], row)} {clip(row['title'], 80)}")
        if not left.take(line):
            break
        named.append(line)
    return named


def _projects(gathered: Gathered, items: Iterable[Item]) -> Iterable[int]:
    rows: Mapping[Item, Row] = gathered.rows
    return (rows[item]["project_id"] for item in items if rows[item]["project_id"] is not None)
