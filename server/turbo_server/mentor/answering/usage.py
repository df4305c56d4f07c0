"""GET /v1/usage: what the mentors' answers have used and cost, by day: of the workspace, its people and its mentors."""

from datetime import timedelta
from typing import Annotated, Any

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_day
from turbo_server.kit.fields import WholeOnly
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import store
from .budget import WORKSPACE, day_of
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
    """Of one day in UTC. Who asked is under `people`, who answered under `mentors` where these have budgets of their
    own."""

    day: str
    total: Used
    people: dict[str, Used]
    mentors: dict[str, Used]


class Usage(Result):
    days: list[DayUsed]


class ShowUsage(Arguments):
    days: Annotated[int, Field(ge=1, le=MOST_DAYS, description="So many, and today"), WholeOnly] = 30


@tool("Show what answers cost", Effect.READ)
async def show_usage(context: Context, arguments: ShowUsage) -> Usage:
    """What the mentors' answers of each day have used and cost: in all, and by person. Days are UTC's."""
    workspace = context.actor.workspace_id
    since = day_of(context.now) - timedelta(days=arguments.days)
    rows = await store.days(context.db, workspace, since, MOST_ROWS)
    people = await store.people(context.db, workspace, _ids(rows, "person"))
    mentors = await store.mentors(context.db, workspace, _ids(rows, "mentor"))
    by_day: dict[str, list[Row]] = {}
    for row in rows:
        by_day.setdefault(str(as_day(row["day"])), []).append(row)
    return Usage(days=[_day(day, found, people, mentors) for day, found in by_day.items()])


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
