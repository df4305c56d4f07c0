"""A conversation in full: a row for each of its latest turns, and all that was said as a text to read on in."""

from turbo_server.item.types import Item, Neighbour
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Description, Found, View
from turbo_server.kit.schema import to_seconds
from turbo_server.kit.text import clip
from turbo_server.mentor.answering import store as answering
from turbo_server.mentor.answering.costs import cost_of
from turbo_server.mentor.answering.deciding import proposals_of
from turbo_server.mentor.keys import keys_in

from . import store
from .digest import digest
from .state import require_conversation
from .turns import as_turn
from .types import Turn

SHOWN_TURNS = 12
QUESTION, ANSWER = 240, 240
LONG = 12_000  # characters from which it is also shown in short
DIGEST = 3_000
PLAIN = ("title", "version", "status", "project", "created_by", "machine", "session", "created_at", "updated_at",
         "archived_at")  # fmt: skip


async def describe_conversation(context: Context, found: Found, _view: View) -> Description:
    row = await require_conversation(context, found.key)
    turns = await store.all_turns(context.db, context.actor.workspace_id, found.id)
    text = "\n\n".join(_said(turn, row["mentor"]) for turn in turns)
    item = Item(
        key=found.key,
        kind="conversation",
        mentor=f"@{row['mentor']}",
        about=await _about(context, row),
        turns=await _shown(context, turns[-SHOWN_TURNS:]),
        proposals=await proposals_of(context, found.id) or None,
        summary=_summary(row, turns) if len(text) > LONG else None,
        cited=keys_in(*(turn["answer"] for turn in turns))[:100] or None,
        **{name: row[name] for name in PLAIN},
    )
    return Description(item, text, "text")


async def _shown(context: Context, turns: list[Row]) -> list[Turn]:
    used = await answering.of_turns(context.db, context.actor.workspace_id, [turn["id"] for turn in turns])
    return [_short(as_turn(turn, cost_of(used.get(turn["id"])))) for turn in turns]


async def _about(context: Context, row: Row) -> Neighbour | None:
    if row["about_kind"] is None:
        return None
    found = await context.kinds[row["about_kind"]].find_by_id(context, [row["about_id"]])
    return Neighbour(key=found[0].key, title=found[0].title, status=found[0].status) if found else None


def _said(turn: Row, mentor: str) -> str:
    """`Turn 3, ada, 2026-03-02T09:00:00Z` and what she asked, `@architect` and what it answered."""
    asked = f"## {turn['number']}. {turn['author']}, {to_seconds(turn['created_at'])}\n\n{turn['question']}"
    if turn["answer"] is None:
        return f"{asked}\n\n({turn['state']}{': ' + turn['error'] if turn['error'] else ''})"
    by = f", {turn['model']}" if turn["model"] else ""
    kept = f", recorded by {turn['recorded_by']}" if turn["recorded_by"] else ""
    return f"{asked}\n\n### @{mentor}{by}{kept}\n\n{turn['answer']}"


def _short(turn: Turn) -> Turn:
    """The text has the whole of it."""
    answer = clip(turn.answer, ANSWER) if turn.answer else None
    return turn.model_copy(update={"question": clip(turn.question, QUESTION), "answer": answer})


def _summary(row: Row, turns: list[Row]) -> str:
    """A model's where there is one, with what came after it in short."""
    if not row["summary"]:
        return digest(turns, DIGEST)
    later = [turn for turn in turns if turn["number"] > row["summarised_to"]]
    return f"{row['summary']}\n{digest(later, DIGEST)}" if later else str(row["summary"])
