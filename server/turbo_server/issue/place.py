"""The manual order of the work queue: where update_issue puts an issue when it is told a place."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from turbo_server.kit.context import Context
from turbo_server.kit.errors import Conflict
from turbo_server.kit.keys import read_key
from turbo_server.kit.kind import Found
from turbo_server.kit.placing import between

from . import link_store, place_store
from .find import require_issue
from .types import CLOSED

_PLACE = re.compile(r"\s*(top|bottom|none|(before|after)[\s:=]+(\S+))\s*", re.IGNORECASE)


def as_place(value: Any) -> Any:
    match = _PLACE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("place", "is not a place: top, bottom, before TURBO-3, after TURBO-3, or none")
    if match[2] is None:
        return match[1].lower()
    key = read_key(match[3])
    if key is None or key.kind != "issue":
        raise PydanticCustomError("place", "names no issue key such as before TURBO-3")
    return f"{match[2].lower()} {match[3].upper()}"


Place = Annotated[
    str,
    BeforeValidator(as_place),
    Field(description="In the queue, by hand: top, bottom, before TURBO-3, after TURBO-3; none: automatic"),
]


class NotPlaced(Conflict):
    code = "not_placed"

    def __init__(self, key: str, other: str, word: str) -> None:
        super().__init__(
            f"{other} has no place by hand, so nothing can be put {word} it.",
            f"Place it first: update_issue(key={other}, place=top); or put {key} at top or bottom.",
        )


async def rank_at(context: Context, found: Found, place: str, wanted_status: str) -> str | None:
    """The rank of that place; None is automatic. Raises NotPlaced, IssueNotFound or Conflict."""
    if place == "none":
        return None
    if wanted_status in CLOSED:
        raise Conflict(f"{found.key} is {wanted_status}: it stands in no queue.", "Leave place out, or reopen it.")
    # One at a time: two that are put at the same spot get two places, and neither meets the other's.
    await link_store.lock_graph(context.db, context.actor.workspace_id)
    db, workspace, own = context.db, context.actor.workspace_id, found.id
    if place == "top":
        return between(None, await place_store.highest(db, workspace, own))
    if place == "bottom":
        return between(await place_store.lowest(db, workspace, own), None)
    word, _, key = place.partition(" ")
    rank = await _rank_of(context, found, key, word)
    if word == "before":
        return between(await place_store.next_over(db, workspace, own, rank), rank)
    return between(rank, await place_store.next_under(db, workspace, own, rank))


async def _rank_of(context: Context, found: Found, key: str, word: str) -> str:
    other = await require_issue(context, key)
    if other["id"] == found.id:
        raise Conflict(f"{found.key} cannot stand {word} itself.", "Name another issue, or top, bottom or none.")
    if other["rank"] is None:
        raise NotPlaced(found.key, key, word)
    return str(other["rank"])


async def place_words(context: Context, found: Found) -> str:
    """Where the issue stands now."""
    number, total = await place_store.number(context.db, context.actor.workspace_id, found.id)
    if not number:
        return "automatic"
    return f"{number} of {total} placed by hand"
