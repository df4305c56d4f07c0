"""What undo takes back, and what it refuses: docs/concepts/activity.md, as rules on a World."""

from typing import Any

from .world import Event, Refused, World, Writer


def undo_event(world: World, by: Writer, event_id: int) -> int:
    """How many changes were taken back."""
    event = next(each for each in world.events if each.id == event_id)
    if event.action == "claimed" or any(each.undoes == event_id for each in world.events):
        raise Refused("cannot_undo")
    return _take_back(world, by, [event])


def undo_session(world: World, by: Writer, session: str) -> int:
    events = [event for event in world.events if event.by.session == session]
    if not events:
        raise Refused("session_not_found")
    return _take_back(world, by, [event for event in _standing(world, events) if event.action != "claimed"])


def _standing(world: World, events: list[Event]) -> list[Event]:
    """What of these is in effect and not undone, newest first. Undone and done again counts; undone does not."""
    by_id = {event.id: event for event in events}
    undone = {event.undoes for event in world.events}

    def is_doing(event: Event) -> bool:
        root = by_id.get(event.undoes) if event.undoes else None
        return not is_doing(root) if root else True

    return [event for event in reversed(events) if event.id not in undone and is_doing(event)]


def _take_back(world: World, by: Writer, events: list[Event]) -> int:
    before = list(world.events)
    for event in events:
        try:
            _reverse(world, by, event, before)
        except Refused as error:
            raise Refused("cannot_undo") from error
    return len(events)


def _reverse(world: World, by: Writer, event: Event, before: list[Event]) -> None:
    if event.action == "created":
        _put_away(world, by, event, before)
    elif "comment" in event.changes:
        old, new = event.changes["comment"]
        world.comments.setdefault(event.key, set()).symmetric_difference_update({new or old})
        world.record(by, event.key, "undone", {"comment": (new, old)}, event.id)
    elif "link" in event.changes:
        _turn_link(world, by, event)
    else:
        present = world.items[event.key]
        if any(present[name] != new for name, (_, new) in event.changes.items()):
            raise Refused("changed since")
        wanted = {name: old for name, (old, _) in event.changes.items()}
        world.change(by, event.key, wanted, "undone", event.id)


def _put_away(world: World, by: Writer, event: Event, before: list[Event]) -> None:
    later = before[before.index(event) + 1 :]
    others = [each for each in _standing(world, [each for each in later if each.key == event.key])
              if each.by != event.by and each in before]  # fmt: skip
    there = [(each, item) for each, item in world.items.items() if each in world.issues and not item["archived_at"]]
    hanging = [each for each, item in there if event.key in (item["parent"], *item["blocked_by"])]
    if world.items[event.key]["archived_at"] or others or hanging:
        raise Refused("in use")
    world.change(by, event.key, {"archived_at": world.now}, "undone", event.id)


def _turn_link(world: World, by: Writer, event: Event) -> None:
    old, new = event.changes["link"]
    link: dict[str, Any] = new or old
    if not world.set_link(event.key, link["type"], link["to"], present=not new):
        raise Refused("changed since")
    world.record(by, event.key, "undone", {"link": (new, old)}, event.id)
