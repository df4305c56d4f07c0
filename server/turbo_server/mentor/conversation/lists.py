"""Pages of conversations."""

from typing import Any, get_args

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.kind import Page, PageRequest
from turbo_server.kit.listing import leave_out_archived, newest_page, require_states
from turbo_server.kit.schema import to_seconds
from turbo_server.kit.sql import Conditions
from turbo_server.kit.text import clip_bytes

from .state import key_of
from .types import StateName

STATUSES: tuple[str, ...] = get_args(StateName)
_TURNS = "select count(*) from turns n where n.conversation_id = t.id"
SELECT = (
    f"t.number, t.title, t.status, m.handle as mentor, ({_TURNS}) as turns",
    "conversations t join mentors m on m.id = t.mentor_id left join projects p on p.id = t.project_id",
)


async def page_of_conversations(context: Context, request: PageRequest) -> Page:
    """Of a project: those about something in it. `text` stands in the title."""
    return await newest_page(context, request, SELECT, conditions(context, request), _row)


def conditions(context: Context, request: PageRequest) -> Conditions:
    statuses = require_states(request, STATUSES, "conversation")
    where = Conditions(context.actor.workspace_id)
    where.add("t.workspace_id = $1")
    leave_out_archived(where, request)
    if statuses:
        where.add("t.status {among} $? {end_among}", statuses)
    if request.project_id is not None:
        where.add("t.project_id = $?", request.project_id)
    if request.text:
        where.add("{find}({fold}(t.title), $?) > 0", request.text.lower())
    return where


def _row(row: Row) -> dict[str, Any]:
    """At most 350 bytes."""
    return {
        "key": key_of(row["number"]),
        "title": clip_bytes(row["title"], 160),
        "mentor": f"@{row['mentor']}",
        "status": row["status"],
        "turns": row["turns"],
        "updated_at": to_seconds(row["updated_at"]),
    }
