"""Makes a mentor, or changes the one of that name."""

from typing import Any

from turbo_server.activity.record import record_creation, revise
from turbo_server.activity.types import as_changes
from turbo_server.kit.context import Context
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.kind import Found, State

from . import store
from .state import as_columns, found_mentor, key_of, make_seeds, require_mentor
from .types import MentorReceipt

NEEDED = ("role", "instructions")
PLAIN = ("watches", "instructions", "may_propose")


async def edit_mentor(context: Context, handle: str, given: dict[str, Any], seen: int | None = None) -> MentorReceipt:
    """`given` are create_mentor's arguments but the name; `seen` the version that was read. Raises VersionConflict."""
    await make_seeds(context)
    wanted = _as_state(given)
    row = await store.by_handle(context.db, context.actor.workspace_id, handle)
    if row is None:
        if made := await _make(context, handle, wanted):
            return made
        row = await require_mentor(context, handle)  # somebody was faster by a moment
    if not wanted:
        raise InvalidArguments(
            f"create_mentor: there is {key_of(handle)} already, and nothing to change was given.",
            f"get_item(key={key_of(handle)}) shows it; give what is to be different, or another name.",
        )
    found = found_mentor(row)

    async def as_wanted(_before: State) -> State:
        return wanted

    revision = await revise(context, found, as_wanted, seen=seen)
    return MentorReceipt(
        key=found.key,
        role=str(wanted.get("title", row["role"])),
        version=revision.version,
        changed=as_changes(revision.changes),
        url=context.page_of(found.key),
    )


def _as_state(given: dict[str, Any]) -> State:
    wanted: State = {name: given[name] for name in PLAIN if name in given}
    if "role" in given:
        wanted["title"] = given["role"]
    if "model" in given:
        wanted["model"] = None if given["model"].strip().lower() == "none" else given["model"]
    if "daily_budget" in given:
        wanted["daily_budget"] = None if given["daily_budget"] == "none" else given["daily_budget"]
    return wanted


async def _make(context: Context, handle: str, wanted: State) -> MentorReceipt | None:
    """None where there is one already."""
    missing = [name for name in NEEDED if not str(wanted.get("title" if name == "role" else name, "")).strip()]
    if missing:
        raise InvalidArguments(
            f"create_mentor: there is no {key_of(handle)} yet, and a new one needs {' and '.join(missing)}.",
            "role is one line on who it is; instructions say how it judges and answers; watches what it looks after.",
        )
    state: State = {"watches": "", "model": None, "daily_budget": None, "may_propose": False, **wanted}
    values = {"workspace_id": context.actor.workspace_id, "handle": handle, **as_columns(state), **context.actor.author,
              "created_at": context.now, "updated_at": context.now}  # fmt: skip
    mentor_id = await store.insert(context.db, values)
    if mentor_id is None:
        return None
    found = Found("mentor", mentor_id, key_of(handle), state["title"], None, None, is_archived=False)
    await record_creation(context, found, state)
    return MentorReceipt(
        key=found.key,
        role=state["title"],
        version=1,
        created=True,
        next=f"ask_mentor(mentor={handle}, question=...)",
        url=context.page_of(found.key),
    )
