"""What the items of an undo look like now, and what they will look like after each of its steps."""

from dataclasses import dataclass, field

from turbo_server.activity.past import Event, in_effect, later_events
from turbo_server.kit.context import Context
from turbo_server.kit.kind import Found, State

Subject = tuple[str, int]
REFERENCES = (
    "parent",
    "blocked_by",
    "initiative",
    "milestone",
    "superseded_by",
    "project",
)  # fields that hang an item on others


@dataclass(frozen=True)
class Scene:
    """`states` and `links` change as steps are planned; `later` is what others did to the items that were made."""

    found: dict[Subject, Found]
    states: dict[Subject, State]
    later: dict[Subject, list[Event]]
    links: dict[tuple[Subject, str, str], bool] = field(default_factory=dict)

    def of(self, event: Event) -> Found:
        """What happened to no item is its own subject."""
        return self.found.get(event.subject) or Found(
            event.kind, event.subject_id, event.key, "", None, event.project_id, is_archived=False
        )

    def hanging_on(self, key: str, known: list[str]) -> list[str]:
        """Of the keys that are known to hang on that item, and of the scene's own, those that will when it is planned
        so far: the others are archived, or moved away, by steps before."""
        own = {found.key: self.states[subject] for subject, found in self.found.items()}
        outside = [each for each in known if each not in own]
        inside = [
            each
            for each, state in own.items()
            if not state["archived_at"] and (each.startswith(f"{key}-") or _refers(state, key))
        ]
        return [*outside, *inside]

    def has_undone_link(self, found: Found, kind: str, other: Found) -> bool:
        """Whether the link from the other is taken away, or the other put away, by steps before."""
        subject, origin = (found.kind, found.id), (other.kind, other.id)
        if self.states.get(origin, {}).get("archived_at"):
            return True
        ways = [(origin, kind, found.key), (subject, kind, other.key)]  # relates may have been said from either end
        return any(self.links.get(way) is False for way in ways)


def _refers(state: State, key: str) -> bool:
    return any(key == value or (isinstance(value, list) and key in value) for value in map(state.get, REFERENCES))


async def set_scene(context: Context, events: list[Event], created: list[Event]) -> Scene:
    """Locks the items of the events: what is planned is what will be found."""
    found = {(each.kind, each.id): each for each in await _found(context, {event.subject for event in events})}
    states = {}
    for kind, item_id in sorted(found):  # in one order everywhere: two undos never wait for each other in a circle
        states[kind, item_id] = await context.kinds[kind].state(context, item_id)
    return Scene(found, states, await _later(context, created))


async def _found(context: Context, subjects: set[Subject]) -> list[Found]:
    """One statement a kind."""
    found = []
    for kind, ids in _by_kind(subjects).items():
        found += await context.kinds[kind].find_by_id(context, ids) if kind in context.kinds else []
    return found


async def _later(context: Context, created: list[Event]) -> dict[Subject, list[Event]]:
    """What others did to items since they were made, and was not taken back; newest first. One statement a kind."""
    if not created:
        return {}
    births = {event.subject: event for event in created}
    later: dict[Subject, list[Event]] = {subject: [] for subject in births}
    first = min(event.id for event in created)
    for kind, ids in _by_kind(set(births)).items():
        for event in in_effect(await later_events(context, kind, ids, first)):
            birth = births[event.subject]
            if event.id > birth.id and event.writer != birth.writer:
                later[event.subject].append(event)
    return later


def _by_kind(subjects: set[Subject]) -> dict[str, list[int]]:
    kinds: dict[str, list[int]] = {}
    for kind, item_id in sorted(subjects):
        kinds.setdefault(kind, []).append(item_id)
    return kinds
