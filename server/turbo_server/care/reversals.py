"""How each action is taken back: what stands in the way, and what is done. A new action is a line in REVERSALS."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from turbo_server.activity.past import Event, last_change
from turbo_server.activity.record import record, revise
from turbo_server.activity.types import INTERNAL, as_word
from turbo_server.comment.tools import put_comment_away
from turbo_server.kit.context import Context
from turbo_server.kit.decode import as_iso
from turbo_server.kit.kind import State
from turbo_server.relation.tools import has_link, links_to, set_link
from turbo_server.work_log.tools import put_work_away

from .scene import Scene

UNORDERED = frozenset({"labels", "blocked_by", "paths"})  # lists that say the same in any order
GLIMPSE = 60
MOST_LINKS = 2_000


@dataclass(frozen=True, slots=True)
class Reversal:
    """`obstacle` plans the step on the scene and says what forbids it; `perform` does it and leaves its event."""

    words: Callable[[Event], str]
    obstacle: Callable[[Context, Event, Scene], Awaitable[str | None]]
    perform: Callable[[Context, Event, Scene], Awaitable[bool]]


def reversal_of(event: Event) -> Reversal | None:
    """None for what cannot be taken back."""
    return REVERSALS.get(_root_action(event))


def puts_away(event: Event) -> bool:
    return event.action == "created"


def _root_action(event: Event) -> str:
    """What an undo did shows in its fields: a comment, a work log or a link; else it wrote fields of the item."""
    if event.action != "undone":
        return event.action
    return next((action for name, action in MARKS.items() if name in event.changes), "updated")


def _field_words(event: Event) -> str:
    if "archived_at" in event.changes:
        return "restores it" if event.changes["archived_at"][1] else "archives it"
    shown = {name: pair for name, pair in event.changes.items() if name not in INTERNAL} or event.changes
    return "; ".join(
        f"{name}: {as_word(after, GLIMPSE) or 'none'} -> {as_word(before, GLIMPSE) or 'none'}"
        for name, (before, after) in shown.items()
    )


async def _field_obstacle(context: Context, event: Event, scene: Scene) -> str | None:
    state = scene.states.get(event.subject)
    if state is None:
        return f"Event {event.id}: {event.key or event.kind} is not there any more."
    for name, (_, after) in event.changes.items():
        if name not in state or not _same(name, state[name], after):
            return await _overwrites(context, event, name, state)
    state.update({name: before for name, (before, _) in event.changes.items()})
    return None


def _same(name: str, present: object, after: object) -> bool:
    if name in UNORDERED and isinstance(present, list) and isinstance(after, list):
        return sorted(map(str, present)) == sorted(map(str, after))
    return present == after


async def _overwrites(context: Context, event: Event, name: str, state: State) -> str:
    later = await last_change(context, event, name)
    by = f"event {later.id} ({later.said()}) changed it since" if later else "it was changed since"
    return f"{event.key} {name} is {as_word(state.get(name), GLIMPSE) or 'none'} now: {by}, after event {event.id}."


async def _write_fields(context: Context, event: Event, scene: Scene) -> bool:
    async def wanted(_present: State) -> State:
        return {name: before for name, (before, _) in event.changes.items()}

    return bool((await revise(context, scene.of(event), wanted, "undone", undoes=event.id)).changes)


async def _creation_obstacle(context: Context, event: Event, scene: Scene) -> str | None:
    state = scene.states.get(event.subject)
    if state is None or state["archived_at"]:
        return f"{event.key} is archived already, so event {event.id} has nothing to take back."
    if others := scene.later.get(event.subject):
        last = others[0]
        return f"{event.key} is not only its maker's any more: event {last.id} ({last.said()}) {last.action} it."
    ask = context.kinds[event.kind].dependants
    if hanging := scene.hanging_on(event.key, await ask(context, event.subject_id) if ask else []):
        return f"{event.key} has {', '.join(hanging[:5])} in it or waiting for it: move or archive that first."
    if linked := await _linked(context, event, scene):
        return f"{', '.join(linked[:5])} is linked to {event.key}: take the link away first (link_items, remove=true)."
    state["archived_at"] = as_iso(context.now)
    return None


async def _linked(context: Context, event: Event, scene: Scene) -> list[str]:
    """What will still be linked to the item, and in sight, after the steps that are planned so far."""
    found = scene.of(event)
    links = await links_to(context, found, MOST_LINKS)
    return [other.key for kind, other in links if not scene.has_undone_link(found, kind, other)]


async def _archive(context: Context, event: Event, scene: Scene) -> bool:
    async def wanted(_present: State) -> State:
        return {"archived_at": as_iso(context.now)}

    return bool((await revise(context, scene.of(event), wanted, "undone", undoes=event.id)).changes)


async def _nothing_in_the_way(_context: Context, _event: Event, _scene: Scene) -> str | None:
    """An entry that was added can be put away, and brought back, whatever came after it."""
    return None


def _entry_words(noun: str, mark: str) -> Callable[[Event], str]:
    def words(event: Event) -> str:
        _, after = event.changes[mark]
        text = event.changes.get("text", (None, None))[1]
        shown = f": {as_word(text, GLIMPSE)}" if text else ""
        return f"{'puts away' if after else 'brings back'} the {noun}{shown}"

    return words


def _entry(noun: str, mark: str, put_away: Callable[..., Awaitable[bool]]) -> Reversal:
    """Of what adds an entry to an item: its id stands in the event as `mark`."""

    async def perform(context: Context, event: Event, scene: Scene) -> bool:
        before, after = event.changes[mark]
        if not await put_away(context, int(str(after or before)), away=after is not None):
            return False
        await record(context, scene.of(event), "undone", {mark: (after, before)}, undoes=event.id)
        return True

    return Reversal(_entry_words(noun, mark), _nothing_in_the_way, perform)


def _link_words(event: Event) -> str:
    link = _link(event)
    return f"{'takes away' if event.changes['link'][1] else 'brings back'} the link: {link['type']} {link['to']}"


async def _link_obstacle(context: Context, event: Event, scene: Scene) -> str | None:
    """The link must be as the event left it."""
    before, after = event.changes["link"]
    link = _link(event)
    place = (event.subject, link["type"], link["to"])
    if place not in scene.links:
        scene.links[place] = await has_link(context, scene.of(event), link)
    if scene.links[place] != bool(after):
        later = await last_change(context, event, "link", link)
        by = f"event {later.id} ({later.said()}) {later.action} it since" if later else "it was changed since"
        return f"The link {event.key} {link['type']} {link['to']} is not as event {event.id} left it: {by}."
    scene.links[place] = bool(before)
    return None


async def _set_link(context: Context, event: Event, scene: Scene) -> bool:
    before, after = event.changes["link"]
    found = scene.of(event)
    if not await set_link(context, found, _link(event), present=bool(before)):
        return False
    await record(context, found, "undone", {"link": (after, before)}, undoes=event.id)
    return True


def _link(event: Event) -> dict[str, Any]:
    before, after = event.changes["link"]
    link: dict[str, Any] = after or before  # type: ignore[assignment]
    return link


FIELDS = Reversal(_field_words, _field_obstacle, _write_fields)
CREATION = Reversal(lambda _event: "archives it", _creation_obstacle, _archive)
LINK = Reversal(_link_words, _link_obstacle, _set_link)
REVERSALS: dict[str, Reversal] = {
    "updated": FIELDS,
    "archived": FIELDS,
    "restored": FIELDS,
    "finished": FIELDS,
    "handed_back": FIELDS,
    "asked": FIELDS,
    "created": CREATION,
    "linked": LINK,
    "unlinked": LINK,
    "commented": _entry("comment", "comment", put_comment_away),
    "logged": _entry("work log", "work_log", put_work_away),
}
# By which field of its changes an undone event tells what it took back, where that is not a field of the item.
MARKS = {"comment": "commented", "work_log": "logged", "link": "linked"}
# What no undo touches, and what to do instead.
NOT_UNDOABLE = {
    "claimed": "a claim is handed back, not undone",
    "access_changed": "who sees a project is set anew, by an owner",
    "released": "a claim that ended is taken anew, not undone",
    "questioned": "what a mentor was asked stays; archive_item puts the conversation away",
    "answered": "what was answered stays; archive_item puts the conversation away",
    "decided": "what was decided on a proposal stays; undo what it did",
}
