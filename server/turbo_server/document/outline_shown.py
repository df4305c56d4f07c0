"""A document's outline within the room of an answer: without its lower levels, or cut and read on."""

from collections.abc import Sequence

from turbo_server.kit.text import clip_bytes

from .outline import Section
from .types import OutlineRow

LEAST_ROWS = 10  # of one without its lower levels: with fewer it tells too little, and is cut instead


def outline(
    key: str, inside: Sequence[Section], room: int, reading: str, offset: int
) -> tuple[list[OutlineRow], str | None]:
    """The headings from the character `offset` on, and what is to be said of those that are left out."""
    ahead = [section for section in inside if section.start >= inside[0].start + offset] if inside else []
    cut: list[OutlineRow] = []
    for deepest in sorted({section.level for section in ahead}, reverse=True):
        shown = [section for section in ahead if section.level <= deepest]
        rows = _fitting(shown, room)
        if len(rows) == len(ahead):
            return rows, None
        if len(rows) == len(shown) and len(rows) >= LEAST_ROWS:
            return rows, f"{len(ahead) - len(rows)} headings: include=outline with a section has its own."
        if len(rows) < len(shown):
            cut, following = rows, shown[len(rows)]
    if not cut:
        return [], None
    start = following.start - inside[0].start
    return cut, f"The outline goes on: get_item(key={key}{reading}, include=outline, offset={start})."


def _fitting(shown: Sequence[Section], room: int) -> list[OutlineRow]:
    """The first of them, as many as there is room for."""
    rows: list[OutlineRow] = []
    for each in shown:
        title = clip_bytes(each.title, 120)
        row = OutlineRow(number=each.number, level=each.level, title=title, characters=each.end - each.start)
        room -= len(row.as_json()) + 1
        if room < 0:
            break
        rows.append(row)
    return rows
