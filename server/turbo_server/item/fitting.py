"""Keeps the view of an item within what a model's context should carry."""

from .types import Cut, Item

RESULT_LIMIT = 20_000  # characters of JSON; a client saves longer answers to a file that nobody reads
TEXT_LIMIT = 12_000


def fitted(item: Item, description: str, offset: int) -> Item:
    """Puts in as much of the description as there is room for; when entries alone are too long, the oldest go first."""
    room = min(TEXT_LIMIT, len(description))
    while True:
        candidate = item.model_copy(update=_window(item.key, description, offset, room))
        if len(candidate.as_json().decode()) <= RESULT_LIMIT:
            return candidate
        if room > 1_000:
            room = room * 3 // 4
        else:
            item = _without_oldest(item)


def _window(key: str, description: str, offset: int, room: int) -> dict[str, object]:
    end = min(offset + room, len(description))
    if offset == 0 and end == len(description):
        return {"description": description or None}
    rest = f"get_item(key={key}, offset={end})" if end < len(description) else "nothing: this is the end"
    cut = Cut(shown_from=offset, shown_to=max(end, offset), total=len(description), next=rest)
    return {"description": description[offset:end], "description_cut": cut}


def _without_oldest(item: Item) -> Item:
    """Comments stand oldest first, work and history newest first."""
    note = "the oldest entries: include comments, work_log and history in separate calls to see more of each"
    if item.history and len(item.history) >= max(len(item.latest_comments or []), len(item.latest_work or [])):
        return item.model_copy(update={"history": item.history[:-1], "left_out": note})
    if item.latest_comments and len(item.latest_comments) >= len(item.latest_work or []):
        return item.model_copy(update={"latest_comments": item.latest_comments[1:], "left_out": note})
    if item.latest_work:
        return item.model_copy(update={"latest_work": item.latest_work[:-1], "left_out": note})
    return item.model_copy(update={"sub_issues": None, "blocks": None, "left_out": note})
