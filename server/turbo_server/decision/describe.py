"""A decision in full."""

import json

from pydantic_core import to_json

from turbo_server.item.types import Item, OptionShown
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Description, Found, State, View
from turbo_server.kit.text import clip_bytes

from .state import key_of, require_decision
from .store import superseded_numbers

ROOM = 7_000  # bytes of JSON for everything but the context, of the 20,000 characters of an answer
SHOWN_SUPERSEDED = 20
CUT = "options, outcome, reason and impact are long and cut here: description has all of them"
PARTS = {"outcome": "Outcome", "reason": "Reason", "impact": "Impact"}
PLAIN = (
    "title", "version", "status", "project", "superseded_by", "decided_at", "created_by", "machine", "session",
    "created_at", "updated_at", "archived_at",
)  # fmt: skip


async def describe_decision(context: Context, found: Found, _view: View) -> Description:
    """One too long for an answer has its beginnings in the fields, and the whole of it as the text to read on in."""
    row = await require_decision(context, found.key)
    options: list[State] = json.loads(row["options"])
    is_long = len(to_json([options, *(row[name] for name in PARTS)])) > ROOM
    older = await superseded_numbers(context.db, found.id, SHOWN_SUPERSEDED)
    fields = {name: (clip_bytes(row[name], 1_000) if is_long else row[name]) or None for name in PARTS}
    item = Item(
        key=found.key,
        kind="decision",
        options=[_option(option, is_long=is_long) for option in options[: 10 if is_long else None]] or None,
        paths=json.loads(row["paths"]) if row["paths"] else None,
        supersedes=[key_of(number) for number in older] or None,
        left_out=CUT if is_long else None,
        **{**fields, **{name: row[name] for name in PLAIN}},
    )
    return Description(item, _whole(row, options) if is_long else row["context"])


def _option(option: State, *, is_long: bool) -> OptionShown:
    return OptionShown(title=clip_bytes(option["title"], 100)) if is_long else OptionShown.model_validate(option)


def _whole(row: Row, options: list[State]) -> str:
    parts = [row["context"]] if row["context"] else []
    for option in options:
        points = [f"{name}:\n\n{option[name]}" for name in ("pros", "cons") if option.get(name)]
        parts.append("\n\n".join([f"## Option: {option['title']}", *points]))
    parts += [f"## {title}\n\n{row[name]}" for name, title in PARTS.items() if row[name]]
    return "\n\n".join(parts)
