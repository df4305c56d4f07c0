"""create_decision and update_decision."""

from typing import Any

from turbo_server.activity.record import record_creation, revise
from turbo_server.activity.types import Changes, as_changes
from turbo_server.comment.tools import write_comment
from turbo_server.kit.context import Context
from turbo_server.kit.decode import as_iso
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import SeenVersion, Text
from turbo_server.kit.keys import DecisionKey
from turbo_server.kit.kind import Found, State
from turbo_server.kit.schema import Arguments
from turbo_server.kit.tool import Effect, tool

from . import store
from .state import as_columns, found_decision, key_of, require_decision
from .types import (
    MOVES,
    DecisionReceipt,
    FirstStatus,
    MoveRefused,
    Note,
    Options,
    OutcomeMissing,
    Paths,
    Project,
    Reason,
    ReopeningUnexplained,
    Situation,
    Status,
    Title,
)


class CreateDecision(Arguments):
    title: Title
    context: Situation = ""
    options: Options = []
    outcome: Text = ""
    reason: Reason = ""
    impact: Text = ""
    status: FirstStatus = "proposed"
    project: Project = None
    paths: Paths = []


@tool("Record a decision", Effect.CREATE)
async def create_decision(context: Context, arguments: CreateDecision) -> DecisionReceipt:
    """Records a decision (ADR) and returns its key, such as DEC-4: what asked for it, the options with pros and cons,
    the outcome and why. accepted when it is made, proposed while it is open."""
    if arguments.status == "accepted":
        _require_outcome(arguments.outcome)
    state: State = {
        **arguments.model_dump(mode="json", exclude={"options"}),
        "options": [option.as_state() for option in arguments.options],
        "decided_at": as_iso(context.now) if arguments.status != "proposed" else None,
    }
    values = await as_columns(context, state)
    number = await store.take_number(context.db, context.actor.workspace_id)
    decision_id = await store.RECORDS.insert(
        context.db,
        {
            "workspace_id": context.actor.workspace_id, "number": number, **values, **context.actor.author,
            "created_at": context.now, "updated_at": context.now,
        },
    )  # fmt: skip
    key, project_id = key_of(number), values["project_id"]
    found = Found("decision", decision_id, key, arguments.title, arguments.status, project_id, is_archived=False)
    await record_creation(context, found, state)
    return DecisionReceipt(
        key=key, title=arguments.title, status=arguments.status, version=1, created=True, url=context.page_of(key)
    )


class UpdateDecision(Arguments):
    key: DecisionKey
    title: Title | None = None
    context: Situation | None = None
    options: Options | None = None
    outcome: Text | None = None
    reason: Reason | None = None
    impact: Text | None = None
    status: Status | None = None
    superseded_by: DecisionKey | None = None
    project: Project = None
    paths: Paths | None = None
    note: Note | None = None
    version: SeenVersion | None = None


@tool("Update a decision", Effect.UPDATE, toolset="plan")
async def update_decision(context: Context, arguments: UpdateDecision) -> DecisionReceipt:
    """Changes any fields of a decision, or decides it: status accepted needs an outcome; superseded_by names the
    decision that takes its place. A rejected or superseded one is reopened (status proposed) with a note."""
    if arguments.model_fields_set <= {"key", "version"}:
        raise InvalidArguments("update_decision: nothing to change was given.", "Give at least one field, or a note.")
    found = found_decision(await require_decision(context, arguments.key))
    revision = await revise(
        context, found, lambda before: _wanted(context, found, arguments, before), seen=arguments.version
    )
    if arguments.note:
        await write_comment(context, found, arguments.note)
    after: dict[str, Any] = {name: value for name, (_, value) in revision.changes.items()}
    freed = await _no_longer_superseded(context, found) if after.get("status") == "rejected" else None
    return DecisionReceipt(
        key=found.key,
        title=after.get("title", found.title),
        status=str(after.get("status", found.status)),
        version=revision.version,
        changed=as_changes(revision.changes),
        note="added as a comment" if arguments.note else None,
        no_longer_superseded=freed or None,
        next=await _advice(context, after.get("superseded_by")),
        url=context.page_of(found.key),
    )


async def _wanted(context: Context, found: Found, arguments: UpdateDecision, before: State) -> State:
    """The state that the call asks for; what it leaves open is not in it."""
    wanted: State = arguments.model_dump(
        include=arguments.model_fields_set - {"key", "note", "version", "options", "status"}, mode="json"
    )
    if arguments.options is not None:
        wanted["options"] = [option.as_state() for option in arguments.options]
    status = _asked_status(before, arguments)
    if status and status != before["status"]:
        _refuse_move(found, before["status"], status, has_note=arguments.note is not None)
        wanted |= _moved(context, status)
    if wanted.get("superseded_by"):
        await _refuse_rejected(context, found, wanted["superseded_by"])
    if wanted.get("status", before["status"]) == "accepted":
        _require_outcome(str(wanted.get("outcome", before["outcome"])))
    return wanted


def _asked_status(before: State, arguments: UpdateDecision) -> str | None:
    """The status that status and superseded_by ask for together."""
    if arguments.superseded_by is None:
        if arguments.status == "superseded" and before["status"] != "superseded":
            raise InvalidArguments(
                "update_decision: superseded needs the decision that takes the place of this one.",
                "Give superseded_by, such as DEC-4, instead of status.",
            )
        return arguments.status
    if arguments.status not in (None, "superseded"):
        raise InvalidArguments(
            f"update_decision: superseded_by does not go with status {arguments.status}.", "Give one of the two."
        )
    return "superseded"


def _refuse_move(found: Found, before: str, after: str, *, has_note: bool) -> None:
    if after not in MOVES[before]:
        raise MoveRefused(found.key, before, after)
    if after == "proposed" and not has_note:
        raise ReopeningUnexplained(found.key, before)


def _moved(context: Context, status: str) -> State:
    """The part of a state that a move changes: a superseded decision keeps the day on which it was made."""
    if status == "superseded":
        return {"status": status}
    return {
        "status": status,
        "superseded_by": None,
        "decided_at": None if status == "proposed" else as_iso(context.now),
    }


async def _refuse_rejected(context: Context, found: Found, newer: str) -> None:
    if (await require_decision(context, newer))["status"] == "rejected":
        raise MoveRefused(newer, "rejected", f"what takes the place of {found.key}")


def _require_outcome(outcome: str) -> None:
    if not outcome.strip():
        raise OutcomeMissing


async def _advice(context: Context, newer: str | None) -> str | None:
    if newer is None or (await require_decision(context, newer))["status"] != "proposed":
        return None
    return f"{newer} is only proposed: update_decision(key={newer}, status=accepted) lets it hold"


async def _no_longer_superseded(context: Context, rejected: Found) -> list[str]:
    """What the rejected decision took the place of holds again: a path must not be left without the decision it had."""
    freed = []
    for row in await store.live_superseded(context.db, context.actor.workspace_id, rejected.id):
        older = found_decision(row)
        changes = await set_superseded(context, older, rejected.key, present=False)
        freed.append(f"{older.key}: {changes['status'][1]}")
    return freed


async def set_superseded(context: Context, older: Found, newer: str, *, present: bool) -> Changes:
    """For verbs that link; not `present`, the older one is again what it was. Raises what update_decision raises."""

    async def wanted(before: State) -> State:
        if not present:
            if before["superseded_by"] != newer:
                return {}
            return {"status": "accepted" if before["decided_at"] else "proposed", "superseded_by": None}
        arguments = UpdateDecision.model_validate({"key": older.key, "superseded_by": newer})
        return await _wanted(context, older, arguments, before)

    return (await revise(context, older, wanted)).changes
