"""GET and POST /v1/mentors: who they are, what waits with each, what each has cost today; and how one is changed."""

from typing import Annotated, Any, Literal

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.fields import Line, SeenVersion
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool
from turbo_server.mentor.answering import store as answering
from turbo_server.mentor.answering.budget import day_of, mentor_subject
from turbo_server.mentor.answering.deciding import KEPT_FOR
from turbo_server.mentor.answering.prices import MILLION
from turbo_server.mentor.persona.edit import edit_mentor
from turbo_server.mentor.persona.seeds import SEEDS, Seed
from turbo_server.mentor.persona.state import in_dollars
from turbo_server.mentor.persona.types import Budget, Handle, Instructions, MentorReceipt, Watches

from . import store
from .types import MentorList, MentorShown


class ListMentors(Arguments):
    archived: Annotated[bool, Field(description="Those that were put away, instead of the others")] = False


@tool("List mentors", Effect.READ)
async def list_mentors(context: Context, arguments: ListMentors) -> MentorList:
    """All mentors, with what waits with each and what each has cost today. Those that Turbo comes with are shown before
    the first is asked for, and so made."""
    workspace, traits = context.actor.workspace_id, context.traits
    rows = await store.mentors(context.db, workspace)
    figures = await _figures(context)
    shown = [_shown(context, row, figures) for row in rows if bool(row["archived_at"]) == arguments.archived]
    if not rows and not arguments.archived:
        shown = [_shown(context, _unmade(seed), figures) for seed in SEEDS]
    return MentorList(items=shown, answers_itself=traits.mentors_answer, model=traits.mentor_model)


async def _figures(context: Context) -> dict[str, Any]:
    workspace, today = context.actor.workspace_id, day_of(context.now)
    return {
        "talks": await store.talks(context.db, workspace),
        "to_decide": await store.to_decide(context.db, workspace, context.now - KEPT_FOR),
        "spending": await answering.subjects_of_day(context.db, workspace, today),
    }


def _shown(context: Context, row: Row, figures: dict[str, Any]) -> MentorShown:
    talks, spent = figures["talks"].get(row["id"]), figures["spending"].get(mentor_subject(row["id"]))
    return MentorShown(
        key=f"@{row['handle']}",
        name=row["handle"],
        role=row["role"],
        watches=row["watches"],
        model=row["model"] or context.traits.mentor_model,
        has_own_model=row["model"] is not None,
        may_propose=bool(row["may_propose"]),
        daily_budget=in_dollars(row["daily_cents"]),
        spent_today=(spent["spent"] + spent["reserved"]) / MILLION if spent else 0,
        answers_today=spent["answers"] if spent else 0,
        conversations=talks["talks"] if talks else 0,
        unanswered=talks["unanswered"] if talks else 0,
        to_decide=figures["to_decide"].get(row["id"], 0),
        is_made=row["id"] != 0,
        archived_at=row["archived_at"],
    )


def _unmade(seed: Seed) -> Row:
    return {"id": 0, "handle": seed.handle, "role": seed.role, "watches": seed.watches, "model": None,
            "daily_cents": None, "may_propose": seed.may_propose, "archived_at": None}  # fmt: skip


class EditMentor(Arguments):
    name: Handle
    role: Line | None = None
    watches: Watches | None = None
    instructions: Instructions | None = None
    model: Annotated[Line | None, Field(description="none: the server's own")] = None
    daily_budget: Annotated[
        Budget | Literal["none"] | None, Field(description="Dollars; none: only the server's limits")
    ] = None
    may_propose: Annotated[bool | None, Field(description="Changes, for a person to accept")] = None
    version: SeenVersion | None = None


@tool("Save a mentor", Effect.UPDATE)
async def save_mentor(context: Context, arguments: EditMentor) -> MentorReceipt:
    """As create_mentor, and with the version that was read: what somebody else changed meanwhile is not overwritten."""
    given = arguments.model_dump(exclude_unset=True, exclude={"name", "version"})
    return await edit_mentor(context, arguments.name, given, arguments.version)
