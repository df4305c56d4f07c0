"""GET /v1/burn-up: how the scope of an initiative or a milestone grew day by day, and how much of it was done."""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.keys import PlanKey
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import burn_up_store as store

MOST_ISSUES = 20_000
MOST_MOVES = 50_000
MOST_DAYS = 400


class BurnDay(Result):
    day: Annotated[date, Field(description="In the caller's time zone")]
    scope: Annotated[int, Field(description="Issues that were in it at the day's end, without cancelled ones")]
    done: Annotated[int, Field(description="Those of them that were done")]


class BurnUp(Result):
    key: Annotated[str, Field(description="The initiative or milestone")]
    days: Annotated[list[BurnDay], Field(description="Every day from the first issue on, at most 400, until today")]
    left_out: Annotated[str | None, Field(description="What the days do not show, in words")] = None


class ShowBurnUp(Arguments):
    key: PlanKey


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an issue stands toward the plan at some moment."""

    status: str
    is_in: bool
    is_archived: bool

    @property
    def counts(self) -> tuple[int, int]:
        """What it adds to scope and done."""
        is_counted = self.is_in and not self.is_archived and self.status != "cancelled"
        return int(is_counted), int(is_counted and self.status == "done")


@tool("Show a burn-up", Effect.READ)
async def show_burn_up(context: Context, arguments: ShowBurnUp) -> BurnUp:
    """For every day, how many issues an initiative or a milestone had and how many of them were done: told from the
    events, so that issues count from the day on which they came in, and no longer once they left or were archived."""
    found = await context.find(arguments.key)
    plan = (found.kind, found.id, found.key)
    workspace = context.actor.workspace_id
    gone = await store.left(context.db, workspace, plan, MOST_ISSUES)
    issues = await store.issues(context.db, workspace, plan, gone, MOST_ISSUES + 1)
    if len(issues) > MOST_ISSUES:
        return BurnUp(key=found.key, days=[], left_out=f"It has more than {MOST_ISSUES:,} issues: no day is counted.")
    moves = await store.moves(context.db, workspace, found.kind, [row["id"] for row in issues], MOST_MOVES + 1)
    days = _days(_steps(context, issues, moves[:MOST_MOVES], (found.kind, found.key)), context.today)
    if len(moves) > MOST_MOVES:
        first = _day(context, moves[MOST_MOVES - 1]["created_at"])
        days = [each for each in days if each.day > first]
    shown = days[-MOST_DAYS:]
    is_whole = len(moves) <= MOST_MOVES and len(shown) == len(days)
    return BurnUp(key=found.key, days=shown, left_out=None if is_whole else "What was before the first day.")


Steps = dict[date, Counter[str]]


def _steps(context: Context, issues: list[Row], moves: list[Row], plan: tuple[str, str]) -> Steps:
    """What each day adds to scope and done. An issue is followed back from what it is now: that is known even of one
    whose events were left behind by an import."""
    steps: Steps = defaultdict(Counter)
    standing = {
        row["id"]: Standing(row["status"], bool(row["is_in"]), row["archived_at"] is not None) for row in issues
    }
    were_moved: set[int] = set()
    for move in moves:
        issue, after = move["subject_id"], standing[move["subject_id"]]
        before = standing[issue] = _before(after, move, plan)
        if move["status"]:
            were_moved.add(issue)
        _step(steps, _day(context, move["created_at"]), before.counts, after.counts)
    for row in issues:
        scope, done = standing[row["id"]].counts
        end = row["finished_at"] if row["id"] not in were_moved else None
        created = _day(context, row["created_at"])
        finished = max(created, _day(context, end)) if end and done else created
        _step(steps, created, (0, 0), (scope, 0))
        _step(steps, finished, (0, 0), (0, done))
    return steps


def _before(after: Standing, move: Row, plan: tuple[str, str]) -> Standing:
    group, key = plan
    before = after
    if move["status"]:
        before = replace(before, status=json.loads(move["status"])[0])
    if move[group]:
        before = replace(before, is_in=json.loads(move[group])[0] == key)
    if move["archived_at"]:
        before = replace(before, is_archived=json.loads(move["archived_at"])[0] is not None)
    return before


def _step(steps: Steps, day: date, before: tuple[int, int], after: tuple[int, int]) -> None:
    steps[day].update(scope=after[0] - before[0], done=after[1] - before[1])


def _day(context: Context, moment: datetime | str) -> date:
    return (as_moment(moment) + context.utc_offset).date()


def _days(steps: Steps, today: date) -> list[BurnDay]:
    counted = sorted(day for day, step in steps.items() if any(step.values()))
    if not counted:
        return []
    days: list[BurnDay] = []
    scope = done = 0
    for number in range((max(today, counted[-1]) - counted[0]).days + 1):
        day = counted[0] + timedelta(days=number)
        step = steps.get(day, Counter())
        scope, done = scope + step["scope"], done + step["done"]
        days.append(BurnDay(day=day, scope=scope, done=done))
    return days


ENDPOINT = Endpoint("GET", "/v1/burn-up", show_burn_up)
