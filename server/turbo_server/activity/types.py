"""What a change looks like to a caller."""

from collections.abc import Mapping

from turbo_server.kit.schema import Result
from turbo_server.kit.text import clip

LONG = frozenset(
    {"title", "description", "text", "context", "outcome", "reason", "impact", "handoff", "criteria", "options"}
)
INTERNAL = frozenset({"started_at", "finished_at", "decided_at", "rank"})  # they follow from other changes
SHOWN = 200


class Change(Result):
    """Of a long text only that it changed: its author just wrote it."""

    field: str
    before: str | None = None
    after: str | None = None


def as_changes(changes: Mapping[str, tuple[object, object]]) -> list[Change]:
    return [
        Change(field=name) if name in LONG else Change(field=name, before=as_word(before), after=as_word(after))
        for name, (before, after) in changes.items()
        if name not in INTERNAL
    ]


def as_word(value: object) -> str | None:
    if value is None or value in ("", []):
        return None
    return clip(", ".join(map(str, value)) if isinstance(value, list) else str(value), SHOWN)
