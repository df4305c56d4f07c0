"""undo: takes back one change, or all changes of one agent session, after showing them."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from turbo_server.activity.past import Event, event_of, events_of_session, in_effect, sessions_like
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments, TurboError
from turbo_server.kit.fields import LARGEST_ID, Line, WholeOnly
from turbo_server.kit.schema import Arguments
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, tool

from .reversals import NOT_UNDOABLE, puts_away, reversal_of
from .scene import Scene, set_scene
from .types import CannotUndo, EventNotFound, SessionNotFound, UndoReport, UndoStep

MINE = "mine"
MOST = 2_000  # changes of a session that are taken back at once
SHOWN_STEPS = 30
SHOWN_OBSTACLES = 10
SHOWN_WORDS = 300
SHORTEST_BEGINNING = 6


class Undo(Arguments):
    event: Annotated[int, Field(ge=1, le=LARGEST_ID, description="Of history"), WholeOnly] | None = None
    session: Annotated[
        Line | None, Field(description="All changes of this agent session, or how its name begins; mine is this one")
    ] = None
    confirm: Annotated[bool, Field(description="Do it; else only shown")] = False


@dataclass(frozen=True)
class Plan:
    """`steps` are newest first."""

    steps: list[Event]
    obstacles: list[str]
    left: list[str]
    scene: Scene


@tool("Undo changes", Effect.UPDATE, toolset="care")
async def undo(context: Context, arguments: Undo) -> UndoReport:
    """Takes back one change, by its event (get_item include=history shows them), or all changes of an agent session at
    once. Shows first what it would do; confirm=true does it, all or nothing. Never overwrites somebody's later change.
    Undoing an undo does it again."""
    plan = await _plan(context, *await _chosen(context, arguments))
    if not arguments.confirm:
        return _report(plan, arguments, done=False)
    if plan.obstacles:
        raise CannotUndo(plan.obstacles, _advice(plan, arguments))
    for event in plan.steps:
        await _take_back(context, event, plan.scene)
    return _report(plan, arguments, done=True)


async def _chosen(context: Context, arguments: Undo) -> tuple[list[Event], list[str], list[str]]:
    """(events to take back, obstacles, what is left as it is). Raises EventNotFound or SessionNotFound."""
    if (arguments.event is None) == (arguments.session is None):
        raise InvalidArguments(
            "undo: exactly one of `event` and `session` is needed.",
            "get_item(key=..., include=history) shows events and sessions; session=mine is this one.",
        )
    if arguments.event is not None:
        return await _single(context, arguments.event)
    return await _of_session(context, _session(context, str(arguments.session)))


async def _single(context: Context, event_id: int) -> tuple[list[Event], list[str], list[str]]:
    event = await event_of(context, event_id)
    if event is None:
        raise EventNotFound(event_id)
    if event.undone_by is not None:
        by = f"Event {event.id} is undone already, by {event.undone_by_name} in event {event.undone_by}"
        return [], [f"{by}: undo(event={event.undone_by}) brings it back."], []
    if reversal_of(event) is None:
        return [], [f"Event {event.id}: {_why_not(event)}."], []
    return [event], [], []


def _session(context: Context, name: str) -> str:
    if name.strip().lower() != MINE:
        return name
    if context.actor.session is None:
        raise InvalidArguments("undo: this call belongs to no agent session.", "Give the session, or one event.")
    return context.actor.session


async def _of_session(context: Context, session: str) -> tuple[list[Event], list[str], list[str]]:
    events = await events_of_session(context, session, MOST + 1)
    events = events or await events_of_session(context, await _in_full(context, session), MOST + 1)
    if len(events) > MOST:
        return [], [f"The session has more than {MOST:,} changes: undo single events."], []
    todo = in_effect(events)
    left = [f"event {event.id} {event.key}: {_why_not(event)}" for event in todo if reversal_of(event) is None]
    return [event for event in todo if reversal_of(event)], [], left


async def _in_full(context: Context, beginning: str) -> str:
    """The one session that begins so. Raises SessionNotFound and InvalidArguments."""
    found = await sessions_like(context, beginning) if len(beginning) >= SHORTEST_BEGINNING else []
    if not found:
        raise SessionNotFound(beginning)
    if len(found) > 1:
        raise InvalidArguments(
            f"undo: more than one session begins with {beginning}.", f"Give more of it: {', '.join(found)}, ..."
        )
    return found[0]


def _why_not(event: Event) -> str:
    return NOT_UNDOABLE.get(event.action, f"{event.action!r} cannot be undone")


async def _plan(context: Context, events: list[Event], obstacles: list[str], left: list[str]) -> Plan:
    scene = await set_scene(context, events, [event for event in events if puts_away(event)])
    for event in events:
        reversal = reversal_of(event)
        if reversal and (obstacle := await reversal.obstacle(context, event, scene)):
            obstacles = [*obstacles, obstacle]
        if len(obstacles) > SHOWN_OBSTACLES:
            break
    return Plan(events, obstacles, left, scene)


async def _take_back(context: Context, event: Event, scene: Scene) -> None:
    """Raises CannotUndo: the transaction then takes back what was done before."""
    reversal = reversal_of(event)
    assert reversal is not None  # noqa: S101 - the plan holds no other
    advice = "get_item(include=history) shows what happened meanwhile."
    try:
        has_changed = await reversal.perform(context, event, scene)
    except TurboError as error:  # a name that is gone, a circle that would close: what the item's own tool would say
        said = f"Event {event.id} on {event.key or event.kind}: {error.message}"
        raise CannotUndo([said], error.hint or advice) from error
    if not has_changed:
        raise CannotUndo([f"Event {event.id} on {event.key or event.kind} is undone already."], advice)


def _report(plan: Plan, arguments: Undo, *, done: bool) -> UndoReport:
    total = len(plan.steps)
    return UndoReport(
        undone=total if done else None,
        would_undo=None if done else total,
        steps=[_step(event) for event in plan.steps[:SHOWN_STEPS]],
        in_the_way=[clip(each, SHOWN_WORDS) for each in plan.obstacles[:SHOWN_OBSTACLES]] or None,
        left_as_it_is=[clip(each, 100) for each in plan.left[:SHOWN_OBSTACLES]] or None,
        next=_next(plan, arguments, done=done),
    )


def _step(event: Event) -> UndoStep:
    reversal = reversal_of(event)
    assert reversal is not None  # noqa: S101 - the plan holds no other
    return UndoStep(
        event=event.id,
        key=event.key or None,
        by=event.person,
        at=event.at,
        action=event.action,
        what=clip(reversal.words(event), SHOWN_WORDS),
    )


def _next(plan: Plan, arguments: Undo, *, done: bool) -> str | None:
    if plan.obstacles:
        return "nothing of it can be undone while that stands in the way"
    if not plan.steps:
        return "nothing is left to undo"
    if not done:
        return f"undo({_said(arguments)}, confirm=true) does it"
    return None if arguments.event is None else "get_item(include=history) shows the new event; undoing that redoes it"


def _advice(plan: Plan, arguments: Undo) -> str:
    if len(plan.obstacles) > 1:
        return f"undo({_said(arguments)}) without confirm shows all that stands in the way."
    key = plan.steps[0].key if len(plan.steps) == 1 else "..."
    return f"get_item(key={key or '...'}, include=history) shows what happened since."


def _said(arguments: Undo) -> str:
    return f"event={arguments.event}" if arguments.event is not None else f"session={arguments.session}"
