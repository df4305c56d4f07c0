"""An update of what was changed since it was read: refused with what is there now, so that both can be merged."""

import json
from typing import Any

from turbo_server.kit.context import Context
from turbo_server.kit.errors import TurboError
from turbo_server.kit.kind import Found, State
from turbo_server.kit.text import clip

from .past import latest_events
from .types import INTERNAL, Happening

ROOM = 12_000  # characters of JSON for the present state, of the 20,000 of an answer
LOOKED_AT = 10
BESIDE = frozenset({"commented", "logged", "linked", "unlinked"})  # they leave the item's fields as they are


class VersionConflict(TurboError):
    status = 412
    code = "version_conflict"

    def __init__(self, key: str, seen: int, current: dict[str, Any], look: str = "") -> None:
        """`current` has the version that would have been right, and the item's fields; `look` shows more."""
        version = current["version"]
        super().__init__(
            f"{key} is at version {version}, not {seen}. Nothing was saved.",
            f"`current` is what is there now{look}: put your change into that, and repeat with version={version}.",
        )
        self.current = current

    def as_envelope(self) -> dict[str, dict[str, Any]]:
        envelope = super().as_envelope()
        return {"error": {**envelope["error"], "current": self.current}}


async def version_conflict(context: Context, subject: Found, state: State, seen: int) -> VersionConflict:
    """To be raised: `state` is the present one, read under a lock."""
    happened = await latest_events(context, subject, LOOKED_AT)
    latest = next((each for each in happened if each.action not in BESIDE), None)
    has_diff = "diff" in context.kinds[subject.kind].parts and seen < state["version"]
    look = f", get_item(key={subject.key}, include=diff, version={seen}) what changed" if has_diff else ""
    return VersionConflict(subject.key, seen, _current(subject.key, state, latest), look)


def _current(key: str, state: State, latest: Happening | None) -> dict[str, Any]:
    """As get_item names things. What is too long is cut, and `cut` names it."""
    shown = {name: value for name, value in state.items() if value not in (None, "", []) and name not in INTERNAL}
    fields, cut = _fitting(shown)
    current = {"key": key, **fields}
    if cut:
        current["cut"] = f"{', '.join(cut)}: get_item(key={key}) has the whole"
    if latest:
        current["last_change"] = latest.model_dump(mode="json", exclude_none=True)
    return current


def _fitting(fields: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Cuts whatever is longer than its share, which shrinks until all of it fits."""
    share = ROOM
    while True:
        short = {name: _cut(value, share) for name, value in fields.items()}
        if len(json.dumps(short, ensure_ascii=False)) <= ROOM:
            return short, [name for name, value in fields.items() if short[name] != value]
        share //= 2


def _cut(value: Any, share: int) -> Any:
    """Of a list or an object the first of its parts that have room, each of them cut too."""
    match value:
        case str():
            return clip(value, max(share, 1))
        case list():
            parts = [_cut(part, max(share // 2, 20)) for part in value]
            return parts[: max(share // 20, 1)]
        case dict():
            return {name: _cut(part, share // 2) for name, part in value.items()}
        case _:
            return value
