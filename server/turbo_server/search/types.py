"""What a hit looks like to a caller, and what can be asked for."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import SkipValidation
from pydantic_core import to_json
from typing_extensions import TypedDict  # pydantic wants this one before Python 3.12

from turbo_server.kit.fields import Word
from turbo_server.kit.schema import Listing

KindName = Annotated[
    Literal[
        "issue",
        "initiative",
        "milestone",
        "decision",
        "document",
        "project",
        "comment",
        "work_log",
        "mentor",
        "conversation",
    ],
    Word,
]
StateName = Annotated[Literal["open", "closed", "archived"], Word]

# `in` and `id` say which comment or piece of logged work it stands in; without them, the item itself.
Hit = TypedDict(
    "Hit",
    {
        "key": str,
        "kind": str,
        "title": str,
        "status": NotRequired[str],
        "snippet": NotRequired[str],
        "in": NotRequired[str],
        "id": NotRequired[int],
        "at": str,
    },
)


class Hits(Listing):
    """Best first. `searched_for` stands there when nothing fitted the query as it was written, `without` when nothing
    fits at all: the words that stand nowhere."""

    items: SkipValidation[list[Hit]]
    total_is_capped: bool | None = None
    searched_for: str | None = None
    without: list[str] | None = None

    def as_json(self) -> bytes:
        said: dict[str, Any] = {"items": self.items, "total": self.total}
        if self.total_is_capped:
            said["total_is_capped"] = True
        if self.searched_for:
            said["searched_for"] = self.searched_for
        if self.without:
            said["without"] = self.without
        return to_json({**said, "next_cursor": self.next_cursor})
