"""How a plan is made and changed; the tools of each kind call this."""

from turbo_server.account.tools import person_name
from turbo_server.activity.record import record_creation, revise
from turbo_server.activity.types import as_changes
from turbo_server.comment.tools import write_comment
from turbo_server.issue.progress import Progress, progress_of
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.kind import Found, State
from turbo_server.kit.schema import Arguments
from turbo_server.project.tools import take_number

from .shape import Shape
from .state import as_columns, find_plan
from .types import PlanChange, PlanReceipt


async def create_plan(context: Context, shape: Shape, project: str, arguments: Arguments) -> PlanReceipt:
    """`arguments` has the fields of a plan, and project."""
    state = await _named(context, arguments.model_dump(exclude={"project"}, mode="json"))
    values = await as_columns(context, state)  # first: the counter stays locked from then on
    project_id, number = await take_number(context, project, shape.name)
    place = {"workspace_id": context.actor.workspace_id, "project_id": project_id, "number": number}
    written = {**context.actor.author, "created_at": context.now, "updated_at": context.now}
    plan_id = await shape.store.records.insert(context.db, {**place, **values, **written})
    key = shape.key(project, number)
    found = Found(shape.name, plan_id, key, state["title"], state["status"], project_id, is_archived=False)
    await record_creation(context, found, state)
    return PlanReceipt(
        key=key, title=found.title, status=state["status"], version=1, created=True, url=context.page_of(key)
    )


async def update_plan(context: Context, shape: Shape, arguments: PlanChange) -> PlanReceipt:
    """`arguments` has the fields of a plan besides."""
    key, note = arguments.key, arguments.note
    if arguments.model_fields_set <= {"key", "version"}:
        raise InvalidArguments(
            f"update_{shape.name}: nothing to change was given.", "Give at least one field, or a note."
        )

    async def wanted(_before: State) -> State:
        given = arguments.model_fields_set - PlanChange.model_fields.keys()
        return await _named(context, arguments.model_dump(include=given, mode="json"))

    found = await find_plan(context, shape, key)
    revision = await revise(context, found, wanted, seen=arguments.version)
    if note:
        await write_comment(context, found, note)
    progress = (await progress_of(context, shape.name, [found.id]))[found.id]
    after = {name: str(value) for name, (_, value) in revision.changes.items()}
    return PlanReceipt(
        key=key,
        title=after.get("title", found.title),
        status=after.get("status", str(found.status)),
        version=revision.version,
        changed=as_changes(revision.changes),
        note="added as a comment" if note else None,
        progress=progress,
        still_open=_still_open(shape, key, progress) if after.get("status") in shape.over else None,
        url=context.page_of(key),
    )


async def _named(context: Context, state: State) -> State:
    """With the owner as the person is spelled."""
    if name := state.get("owner"):
        is_none = name.strip().lower() == "none"
        state["owner"] = None if is_none else await person_name(context, name)
    return state


def _still_open(shape: Shape, key: str, progress: Progress) -> str | None:
    if not progress.open:
        return None
    stay = "1 issue stays open" if progress.open == 1 else f"{progress.open} issues stay open"
    return f"{stay}: list_issues({shape.name}={key}, status=open)"
