"""Pages of documents."""

from typing import Any, get_args

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.kind import Page, PageRequest
from turbo_server.kit.listing import leave_out_archived, newest_page
from turbo_server.kit.schema import to_seconds
from turbo_server.kit.sql import Conditions
from turbo_server.kit.text import clip_bytes

from .types import StatusName

STATUSES: tuple[str, ...] = get_args(StatusName)
SELECT = (
    "p.key as project_key, t.number, t.title, t.status, t.version, t.characters",
    "documents t join projects p on p.id = t.project_id",
)


async def page_of_documents(context: Context, request: PageRequest) -> Page:
    """What is archived is left out, or asked for by the status `archived`. `text` stands in the title."""
    where = Conditions(context.actor.workspace_id)
    where.add("t.workspace_id = $1")
    leave_out_archived(where, request)
    if statuses := _statuses(request):
        where.add("t.status {among} $? {end_among}", statuses)
    if request.project_id is not None:
        where.add("t.project_id = $?", request.project_id)
    if request.text:
        where.add("{find}({fold}(t.title), $?) > 0", request.text.lower())
    return await newest_page(context, request, SELECT, where, _row)


def _statuses(request: PageRequest) -> list[str]:
    wrong = [name for name in request.status if name not in (*STATUSES, "archived")]
    if wrong:
        raise InvalidArguments(f"A document is never {wrong[0]}.", "status may be draft, published or archived.")
    return sorted({name for name in request.status if name != "archived"})


def _row(row: Row) -> dict[str, Any]:
    """At most 350 bytes."""
    return {
        "key": f"{row['project_key']}-D{row['number']}",
        "title": clip_bytes(row["title"], 160),
        "status": row["status"],
        "version": row["version"],
        "characters": row["characters"],
        "updated_at": to_seconds(row["updated_at"]),
    }
