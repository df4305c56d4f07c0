"""The ways in which items hang together, and what can go wrong with a link."""

from typing import Literal

from turbo_server.kit.errors import Conflict
from turbo_server.kit.schema import Result

LinkTypeName = Literal["relates", "blocks", "duplicates", "implements", "supersedes", "documents"]
# How a link reads from its other end; relates reads the same from both.
SEEN_FROM_THE_OTHER_END = {
    "duplicates": "duplicated_by",
    "implements": "implemented_by",
    "supersedes": "superseded_by",
    "documents": "documented_by",
}


class LinkReceipt(Result):
    """`key` is where the link comes from; `result` says what the call did, or that there was nothing to do."""

    key: str
    type: str
    to: str
    result: Literal["linked", "already linked", "unlinked", "was not linked"]
    next: str | None = None
    url: str | None = None


class LinkRefused(Conflict):
    code = "cannot_link"
