"""GET /v1/decisions/line: the decisions that took each other's place, from the first to the one that holds."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.keys import DecisionKey
from turbo_server.kit.schema import Arguments, Moment, Result
from turbo_server.kit.tool import Effect, Endpoint, tool

from . import line_store as store
from .state import key_of, require_decision

MOST = 100


class DecisionInLine(Result):
    key: str
    title: str
    status: str
    decided_at: Moment | None = None
    superseded_by: Annotated[str | None, Field(description="The decision in this line that took its place")] = None
    archived: bool | None = None


class DecisionLine(Result):
    items: Annotated[list[DecisionInLine], Field(description="The oldest first; one that was never superseded is last")]
    left_out: Annotated[str | None, Field(description="What found no room, in words")] = None


class ShowDecisionLine(Arguments):
    key: DecisionKey


@tool("Show a line of decisions", Effect.READ)
async def show_decision_line(context: Context, arguments: ShowDecisionLine) -> DecisionLine:
    """The decisions that a decision superseded, at any distance, itself, and those that superseded it. Several may have
    been superseded by one. A decision that stands alone is a line of one."""
    decision = await require_decision(context, arguments.key)
    steps = await store.steps(context.db, decision["id"], MOST + 1)
    rows = {row["id"]: row for row in await store.seen(context.db, context.actor.workspace_id, list(steps)[:MOST])}
    ordered = sorted(rows.values(), key=lambda row: (-steps[row["id"]], row["number"]))
    return DecisionLine(
        items=[
            DecisionInLine(
                key=key_of(row["number"]),
                title=row["title"],
                status=row["status"],
                decided_at=_moment(row["decided_at"]),
                superseded_by=key_of(newer["number"]) if (newer := rows.get(row["superseded_by_id"])) else None,
                archived=row["archived_at"] is not None or None,
            )
            for row in ordered
        ],
        left_out=f"The line goes on: {MOST} decisions of it are shown." if len(steps) > MOST else None,
    )


def _moment(value: datetime | str | None) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


ENDPOINT = Endpoint("GET", "/v1/decisions/line", show_decision_line)
