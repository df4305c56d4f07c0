"""Who holds which issue until when, and what the queue offers: docs/concepts/queue.md, as rules on a World."""

from datetime import timedelta
from typing import Any

from .world import CLOSED, Claim, Refused, World, Writer, number

WORKED_ON = ("in_progress", "in_review")
PRIORITIES = ("urgent", "high", "medium", "low", "none")
LEASE = timedelta(minutes=15)
NEVER = "9999"


def is_live(world: World, key: str) -> bool:
    claim, item = world.claims.get(key), world.items[key]
    return bool(claim and claim.until > world.now and item["status"] in WORKED_ON and not item["archived_at"])


def held_by(world: World, by: Writer) -> list[str]:
    held = [key for key, claim in world.claims.items() if claim.by == by and is_live(world, key)]
    return sorted(held, key=lambda key: (world.claims[key].at, number(key)))


def renew(world: World, by: Writer) -> int:
    """Also what has lapsed, when nobody took it since."""
    kept = [key for key, claim in world.claims.items() if claim.by == by
            and world.items[key]["status"] in WORKED_ON and not world.items[key]["archived_at"]]  # fmt: skip
    for key in kept:
        world.claims[key].until = world.now + LEASE
    return len(kept)


def end_claims(world: World, by: Writer) -> None:
    world.claims = {key: claim for key, claim in world.claims.items() if claim.by != by}


def claim_issue(world: World, by: Writer, key: str) -> None:
    item = world.items[key]
    if item["archived_at"] or item["status"] in CLOSED or item["assignee"] not in (None, by.person):
        raise Refused("not_takeable")
    if is_live(world, key) and world.claims[key].by != by:
        raise Refused("issue_claimed")
    world.claims[key] = Claim(by, world.now, world.now + LEASE)
    if not world.change(by, key, {**world.moved("in_progress", item), "assignee": by.person}, "claimed"):
        world.record(by, key, "claimed", {})


def take_next(world: World, by: Writer, *, claim: bool) -> str | None:
    """What the queue gives: the session's own first."""
    if held := held_by(world, by):
        renew(world, by)
        return held[0]
    best = next(iter(queue(world, by)), None)
    if best and claim:
        claim_issue(world, by, best)
    return best


def queue(world: World, by: Writer) -> list[str]:
    if world.items[world.project]["archived_at"]:
        return []
    back = {event.key for event in world.events if event.by.session == by.session and event.action == "handed_back"}
    fits = [key for key in world.issues if key not in back and _can_take(world, by, key)]
    return sorted(fits, key=lambda key: _order(world, key))


def _can_take(world: World, by: Writer, key: str) -> bool:
    item = world.items[key]
    if item["archived_at"] or world.waits(key) or item["assignee"] not in (None, by.person):
        return False
    if item["status"] == "in_progress":
        return not (is_live(world, key) and world.claims[key].by != by)
    return item["status"] in ("backlog", "ready")


def _order(world: World, key: str) -> tuple[Any, ...]:
    item, today = world.items[key], world.now.date().isoformat()
    waiting = [each for each in world.waiting_for(key) if world.is_open(each)]
    pull = min(PRIORITIES.index(world.items[each]["priority"]) for each in (key, *waiting))
    due = item["due"] or NEVER
    return (item["status"] != "in_progress", due > today, pull, -len(waiting), due, item["status"] != "ready",
            number(key))  # fmt: skip


def release(world: World, by: Writer, key: str, outcome: str, text: str) -> None:
    item = world.items[key]
    if item["status"] in CLOSED and outcome != "done":
        raise Refused("not_takeable")
    if is_live(world, key) and world.claims[key].by.person != by.person:
        raise Refused("issue_claimed")
    if outcome == "done":
        world.change(by, key, world.moved("done", item), "finished")
    elif outcome == "handed_back":
        world.change(by, key, {**world.moved("ready", item), "assignee": None}, "handed_back")
    else:
        world.change(by, key, {**world.moved("blocked", item), "question": text}, "asked")
    if outcome != "done":
        world.comment(by, key, text)
    world.claims.pop(key, None)
