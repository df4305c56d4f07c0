"""Finding the things an issue names: other issues, labels, and the circles that must not close."""

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import Conflict
from turbo_server.kit.keys import require_key
from turbo_server.project.tools import require_project

from . import link_store, store
from .types import DependencyCycle, IssueNotFound, MilestoneElsewhere, ParentCycle

DEEPEST = 20


async def require_issue(context: Context, key: str) -> Row:
    """The issue's row by a key that is well formed. Raises ProjectNotFound or IssueNotFound with the nearest keys."""
    parsed = require_key(key)
    row = await store.by_key(context.db, context.actor.workspace_id, parsed.project, parsed.number or 0)
    if row is None:
        raise await _not_found(context, key)
    return row


async def _not_found(context: Context, key: str) -> IssueNotFound:
    name, _, number = key.rpartition("-")
    project = await require_project(context, name)
    near = await store.nearest_numbers(context.db, context.actor.workspace_id, name, int(number))
    return IssueNotFound(key, project["next_number"] - 1, [f"{name}-{each}" for each in near])


async def require_issue_ids(context: Context, keys: list[str]) -> list[int]:
    """Raises IssueNotFound for the first key that is not there."""
    found = await known_issues(context, keys)
    for key in keys:
        if key not in found:
            raise await _not_found(context, key)
    return [found[key] for key in keys]


async def known_issues(context: Context, keys: list[str]) -> dict[str, int]:
    """Key to id, of those that are there."""
    if not keys:
        return {}
    parsed = [(key.rpartition("-")[0], int(key.rpartition("-")[2])) for key in keys]
    return await store.ids_by_key(context.db, context.actor.workspace_id, parsed)


def refuse_milestone_elsewhere(project: str, milestone: str | None) -> None:
    """A milestone is a day of one project. Raises MilestoneElsewhere."""
    if milestone and require_key(milestone).project != project:
        raise MilestoneElsewhere(milestone, project)


async def refuse_dependency_cycle(context: Context, issue_id: int, blockers: list[int]) -> None:
    """A new blocker that waits for the issue closes a circle. Raises DependencyCycle."""
    if issue_id in blockers or await link_store.waits_already(context.db, issue_id, blockers):
        raise DependencyCycle(await _circle(context, issue_id, blockers))


async def _circle(context: Context, issue_id: int, blockers: list[int]) -> list[str]:
    """The shortest one, found step by step: only when there is one to tell of."""
    cause: dict[int, int] = {}  # an issue -> the one it waits for, on the way back to ours
    level = [issue_id]
    wanted = set(blockers)
    while level:
        if met := wanted.intersection(level):
            return await _path(context, min(met), issue_id, cause)
        pairs = await link_store.waiting_for(context.db, level)
        level = []
        for blocker, blocked in pairs:
            if blocked not in cause:
                cause[blocked] = blocker
                level.append(blocked)
    raise AssertionError("no circle")


async def _path(context: Context, start: int, issue_id: int, cause: dict[int, int]) -> list[str]:
    ids = [issue_id, start]
    while ids[-1] != issue_id:
        ids.append(cause[ids[-1]])
    names = await link_store.keys_by_id(context.db, ids)
    return [names[each] for each in ids if each in names]  # what the caller does not see has no name here


async def refuse_parent_cycle(context: Context, issue_id: int, key: str, parent_id: int) -> None:
    """Looks up the line above the new parent. Raises ParentCycle."""
    above = await link_store.line_above(context.db, parent_id, DEEPEST + 1)
    if issue_id in above:
        names = await link_store.keys_by_id(context.db, [parent_id])
        raise ParentCycle(key, names[parent_id])
    _refuse_too_deep(above)


async def require_parent(context: Context, key: str) -> int:
    """The id of a new issue's parent: nothing lies below a new one, so that only its depth can be wrong."""
    parent_id = int((await require_issue(context, key))["id"])
    _refuse_too_deep(await link_store.line_above(context.db, parent_id, DEEPEST + 1))
    return parent_id


def _refuse_too_deep(above: list[int]) -> None:
    if len(above) > DEEPEST:
        raise Conflict(f"Issues nest at most {DEEPEST} levels deep.", "Choose a parent nearer to the top.")
