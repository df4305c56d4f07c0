"""Pages of mentors."""

from typing import Any

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Page, PageRequest
from turbo_server.kit.listing import newest_page, require_states
from turbo_server.kit.sql import Conditions
from turbo_server.kit.text import clip_bytes

from . import store
from .seeds import SEEDS, Seed
from .state import key_of

SELECT = ("t.handle, t.role, t.watches, t.model, t.may_propose", "mentors t")


async def page_of_mentors(context: Context, request: PageRequest) -> Page:
    """Of no project: they know the whole workspace. `text` stands in handle or role. A list is only read, and perhaps
    from a replica: the mentors that Turbo comes with are shown before the first is asked for, and so made."""
    require_states(request, (), "mentor")
    where = Conditions(context.actor.workspace_id)
    where.add("t.workspace_id = $1")
    where.add(f"t.archived_at is {'not ' * ('archived' in request.status)}null")
    if request.text:
        part = where.bind(request.text.lower())
        where.add(f"{{find}}(t.handle, {part}) > 0 or {{find}}({{fold}}(t.role), {part}) > 0")
    page = await newest_page(context, request, SELECT, where, _row)
    if page.total or "archived" in request.status or await store.every_one(context.db, context.actor.workspace_id):
        return page
    rows = [_seed_row(seed) for seed in SEEDS if not request.text or _stands_in(request.text.lower(), seed)]
    return Page(rows[: request.limit], len(rows), None)


def _stands_in(text: str, seed: Seed) -> bool:
    return text in seed.handle or text in seed.role.lower()


def _seed_row(seed: Seed) -> dict[str, Any]:
    return _row({"handle": seed.handle, "role": seed.role, "watches": seed.watches, "model": None,
                 "may_propose": seed.may_propose})  # fmt: skip


def _row(row: Row) -> dict[str, Any]:
    """At most 350 bytes."""
    shown = {
        "key": key_of(row["handle"]),
        "role": clip_bytes(row["role"], 60),
        "watches": clip_bytes(row["watches"], 110),
        "model": clip_bytes(row["model"], 40) if row["model"] else None,
        "may_propose": True if row["may_propose"] else None,
    }
    return {name: value for name, value in shown.items() if value is not None}
