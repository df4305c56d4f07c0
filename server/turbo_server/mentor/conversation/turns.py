"""What happens in a conversation: a question is asked, and answered, each with its event and found by search."""

import json
from dataclasses import replace

from turbo_server.activity.record import record, record_creation
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Found
from turbo_server.kit.text import clip
from turbo_server.relation import tools as relation  # the module: it shows items in its turn, and may be half loaded
from turbo_server.search.indexing import index_item

from . import store
from .state import found_conversation, key_of, read_state, require_conversation
from .types import NothingWaits, StateName, Turn

TITLE = 100


async def open_conversation(context: Context, mentor: Row, question: str, about: Found | None) -> Found:
    """The one with that mentor about that item, or a new one, called as its first question begins."""
    workspace = context.actor.workspace_id
    if about and (row := await store.about(context.db, workspace, (about.kind, about.id), mentor["id"])):
        return found_conversation(row)
    title, project_id = title_of(question), about.project_id if about else None
    number = await store.take_number(context.db, workspace)
    values = {
        "workspace_id": workspace, "project_id": project_id, "number": number, "mentor_id": mentor["id"],
        "title": title,
        "about_kind": about.kind if about else None, "about_id": about.id if about else None, "status": "waiting",
        **context.actor.author, "created_at": context.now, "updated_at": context.now,
    }  # fmt: skip
    conversation_id = await store.RECORDS.insert(context.db, values)
    found = Found("conversation", conversation_id, key_of(number), title, "waiting", project_id, is_archived=False)
    await record_creation(context, found, {"title": title, "mentor": f"@{mentor['handle']}", "said": ""})
    if about:
        await _link(context, found, about)
    return found


def title_of(question: str) -> str:
    """Its first sentence, or the beginning of that."""
    line = " ".join(question.split())
    ends = [place + 1 for sign in ".?!" if (place := line.find(f"{sign} ")) > 0]
    return clip(line[: min(ends)] if ends else line, TITLE)


async def _link(context: Context, found: Found, about: Found) -> None:
    link = {"type": "relates", "to": about.key}
    if await relation.set_link(context, found, link, present=True):
        await record(context, found, "linked", {"link": (None, link)})


async def ask(context: Context, found: Found, question: str, state: StateName) -> int:
    """The new turn's number."""
    workspace, actor = context.actor.workspace_id, context.actor
    await store.RECORDS.lock(context.db, found.id)
    author = (actor.account_id, actor.machine, actor.session, context.now)
    row = await store.add_turn(context.db, workspace, found.id, (state, question), author)
    await store.set_status(context.db, workspace, found.id, state, context.now)
    await record(context, found, "questioned", {"turn": (None, row["number"]), "text": (None, question)})
    await index_conversation(context, found, state)
    return int(row["number"])


async def answer(
    context: Context, found: Found, number: int | None, text: str, *, model: str | None, cited: list[str]
) -> Row:
    """Of the latest turn that waits or has failed, or of that one, which may have been answered by a model at hand
    already: an answer can be corrected. Raises NothingWaits."""
    workspace = context.actor.workspace_id
    await store.RECORDS.lock(context.db, found.id)
    turn = await _waiting(context, found, number)
    values = {
        "state": "done", "answer": text, "answered_by": context.actor.account_id, "model": model,
        "cited": json.dumps(cited) if cited else None, "answered_at": context.now, "error": None,
    }  # fmt: skip
    await store.TURNS.update(context.db, turn["id"], values)
    await store.set_status(context.db, workspace, found.id, "done", context.now)
    await record(context, found, "answered", {"turn": (None, turn["number"]), "text": (None, text)})
    await index_conversation(context, found, "done")
    return turn


async def _waiting(context: Context, found: Found, number: int | None) -> Row:
    turns = await store.all_turns(context.db, context.actor.workspace_id, found.id)
    for turn in reversed(turns):
        if number == turn["number"] and turn["state"] != "working" and (turn["recorded_by"] or not turn["answer"]):
            return turn
        if number is None and turn["state"] in ("waiting", "failed"):
            return turn
    raise NothingWaits(found.key, number)


async def index_conversation(context: Context, found: Found, status: StateName) -> None:
    await index_item(context, replace(found, status=status), await read_state(context, found.id))


def as_turn(row: Row, cost: str | None = None) -> Turn:
    return Turn(
        turn=row["number"],
        by=row["author"],
        machine=row["machine"],
        session=row["session"],
        at=row["created_at"],
        state=row["state"],
        question=row["question"],
        answer=row["answer"],
        recorded_by=row["recorded_by"],
        model=row["model"],
        answered_at=row["answered_at"],
        cited=json.loads(row["cited"]) if row["cited"] else None,
        cost=cost,
        error=row["error"],
    )


__all__ = ["answer", "as_turn", "ask", "index_conversation", "open_conversation", "require_conversation", "title_of"]
