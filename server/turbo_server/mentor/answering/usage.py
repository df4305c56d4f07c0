"""GET /v1/usage: what the mentors' answers have used and cost, by day: of the workspace, its people and its mentors."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_day
from turbo_server.kit.fields import WholeOnly
from turbo_server.kit.schema import Arguments, Moment, Result
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import store
from .budget import WORKSPACE, day_of, end_of_day
from .prices import MILLION

MOST_DAYS = 90
MOST_ROWS = 5_000


class Used(Result):
    """Dollars to the millionth. `reserved` is what answers under way may still cost."""

    answers: int
    usd: float
    reserved: float | None = None
    input_tokens: int
    output_tokens: int
    cache_write_tokens: int
    cache_read_tokens: int


class DayUsed(Result):
    """Of one day in UTC. Who asked is under `people`, who answered under `mentors`."""

    day: str
    total: Used
    people: dict[str, Used]
    mentors: dict[str, Used]


class Budgets(Result):
    """What a day may cost, in dollars."""

    workspace: Annotated[float, Field(description="Of all answers together")]
    person: Annotated[float, Field(description="Of what one person asks")]
    mentors: Annotated[dict[str, float], Field(description="Of those that have a budget of their own")]


class Usage(Result):
    days: list[DayUsed]
    budgets: Budgets
    today: Annotated[str, Field(description="The day that the budgets are of, in UTC")]
    resets_at: Annotated[Moment, Field(description="When it ends and they begin anew")]
    answers_itself: Annotated[bool, Field(description="Whether this server has a key to answer with")]


class ShowUsage(Arguments):
    days: Annotated[int, Field(ge=1, le=MOST_DAYS, description="So many, and today"), WholeOnly] = 30


@tool("Show what answers cost", Effect.READ)
async def show_usage(context: Context, arguments: ShowUsage) -> Usage:
    """What the mentors' answers of each day have used and cost, in all, by person and by mentor, and what a day may
    cost. Days are UTC's."""
    workspace = context.actor.workspace_id
    since = day_of(context.now) - timedelta(days=arguments.days)
    rows = await store.days(context.db, workspace, since, MOST_ROWS)
    people = await store.people(context.db, workspace, _ids(rows, "person"))
    mentors = await store.mentors(context.db, workspace, _ids(rows, "mentor"))
    by_day: dict[str, list[Row]] = {}
    for row in rows:
        by_day.setdefault(str(as_day(row["day"])), []).append(row)
    return Usage(
        days=[_day(day, found, people, mentors) for day, found in by_day.items()],
        budgets=await _budgets(context),
        today=str(day_of(context.now)),
        resets_at=end_of_day(context.now),
        answers_itself=context.traits.mentors_answer,
    )


async def _budgets(context: Context) -> Budgets:
    own = await store.mentor_budgets(context.db, context.actor.workspace_id)
    return Budgets(
        workspace=context.traits.workspace_budget / MILLION,
        person=context.traits.person_budget / MILLION,
        mentors={f"@{row['handle']}": row["daily_cents"] / 100 for row in own},
    )


def _day(day: str, rows: list[Row], people: dict[int, str], mentors: dict[int, str]) -> DayUsed:
    of = {row["subject"]: _used(row) for row in rows}
    return DayUsed(
        day=day,
        total=of[WORKSPACE],
        people={name: of[f"person:{each}"] for each, name in people.items() if f"person:{each}" in of},
        mentors={name: of[f"mentor:{each}"] for each, name in mentors.items() if f"mentor:{each}" in of},
    )


def _used(row: Row) -> Used:
    counts: dict[str, Any] = {name: row[name] for name in Used.model_fields if name.endswith("_tokens")}
    return Used(
        answers=row["answers"], usd=row["spent"] / MILLION, reserved=row["reserved"] / MILLION or None, **counts
    )


def _ids(rows: list[Row], kind: str) -> list[int]:
    return sorted({int(row["subject"].partition(":")[2]) for row in rows if row["subject"].startswith(f"{kind}:")})


ENDPOINT = Endpoint("GET", "/v1/usage", show_usage)
