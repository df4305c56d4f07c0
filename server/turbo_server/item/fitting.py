"""Keeps the view of an item within what a model's context should carry."""

from turbo_server.kit.kind import Description

from .types import Cut, Item

RESULT_LIMIT = 20_000  # characters of JSON; a client saves longer answers to a file that nobody reads
TEXT_LIMIT = 12_000
LEAST_ROOM = 1_000  # of the text, while there are entries that can go


def fitted(item: Item, described: Description, offset: int, limit: int = RESULT_LIMIT) -> Item:
    """Puts in as much of the long text as there is room for; when entries alone are too long, the oldest go first."""
    room = min(described.room or TEXT_LIMIT, len(described.text or ""))
    while True:
        candidate = item.model_copy(update=_window(item.key, described, offset, room))
        if len(candidate.as_json().decode()) <= limit:
            return candidate
        if room > LEAST_ROOM:
            room = room * 3 // 4
        elif (shorter := _without_oldest(item)) != item:
            item = shorter
        elif room:
            room = room * 3 // 4
        else:
            return candidate


def _window(key: str, described: Description, offset: int, room: int) -> dict[str, object]:
    text, field = described.text, described.text_field
    if text is None:
        return {}
    end = min(offset + room, len(text))
    if offset == 0 and end == len(text):
        return {field: text or None}
    rest = f"get_item(key={key}{described.reading}, offset={end})" if end < len(text) else "nothing: this is the end"
    cut = Cut(shown_from=offset, shown_to=max(end, offset), total=len(text), next=rest)
    return {field: text[offset:end], f"{field}_cut": cut}


def _without_oldest(item: Item) -> Item:
    """Comments stand oldest first, work and history newest first."""
    note = "the oldest entries: include comments, work_log and history in separate calls to see more of each"
    if item.history and len(item.history) >= max(len(item.latest_comments or []), len(item.latest_work or [])):
        return item.model_copy(update={"history": item.history[:-1], "left_out": note})
    if item.latest_comments and len(item.latest_comments) >= len(item.latest_work or []):
        return item.model_copy(update={"latest_comments": item.latest_comments[1:], "left_out": note})
    if item.latest_work:
        return item.model_copy(update={"latest_work": item.latest_work[:-1], "left_out": note})
    return item.model_copy(update={"sub_issues": None, "blocks": None, "links": None, "left_out": note})
