"""Pages of decisions, and the lookup of those that govern a path."""

from typing import Any, get_args

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.kind import Page, PageRequest
from turbo_server.kit.listing import leave_out_archived, newest_page
from turbo_server.kit.schema import to_seconds
from turbo_server.kit.sql import Conditions
from turbo_server.kit.text import clip_bytes

from . import store
from .paths import NoSuchPath, checked_path, first_covering
from .state import key_of
from .types import StatusName

STATUSES: tuple[str, ...] = get_args(StatusName)
SELECT = (
    "t.number, t.title, t.status, t.outcome, t.decided_at, p.key as project, s.number as superseded_by",
    "decisions t left join projects p on p.id = t.project_id left join decisions s on s.id = t.superseded_by_id",
)


async def page_of_decisions(context: Context, request: PageRequest) -> Page:
    """With a path: the accepted ones whose globs cover it, unless a status is asked for; of a project, and those of
    the whole workspace."""
    if request.path is not None:
        return await _governing(context, request, request.path)
    where = _conditions(context, request, _statuses(request))
    if request.project_id is not None:
        where.add("t.project_id = $?", request.project_id)
    return await newest_page(context, request, SELECT, where, lambda row: _row(row, None))


async def _governing(context: Context, request: PageRequest, path: str) -> Page:
    """The globs are compared here and not by the database: there are few decisions with paths, and one set of rules."""
    try:
        checked = checked_path(path)
    except NoSuchPath as error:
        raise InvalidArguments(
            f"`path` {error}.", "Decisions name the files of a repository, not of a machine."
        ) from error
    statuses = _statuses(request) or ["accepted"]
    bound = await store.with_paths(context.db, context.actor.workspace_id, statuses, request.project_id)
    governing = {each: glob for each, globs in bound if (glob := first_covering(globs, checked))}
    where = _conditions(context, request, statuses)
    where.add("t.id {among} $? {end_among}", list(governing))
    return await newest_page(context, request, SELECT, where, lambda row: _row(row, governing[row["id"]]))


def _statuses(request: PageRequest) -> list[str]:
    wrong = [name for name in request.status if name not in (*STATUSES, "archived")]
    if wrong:
        raise InvalidArguments(
            f"A decision is never {wrong[0]}.",
            f"status may be {', '.join(STATUSES)}; archived shows what was put away.",
        )
    return [name for name in request.status if name != "archived"]


def _conditions(context: Context, request: PageRequest, statuses: list[str]) -> Conditions:
    where = Conditions(context.actor.workspace_id)
    where.add("t.workspace_id = $1")
    leave_out_archived(where, request)
    if statuses:
        where.add("t.status {among} $? {end_among}", statuses)
    if request.text:
        part = where.bind(request.text.lower())
        where.add(" or ".join(f"{{find}}({{fold}}(t.{name}), {part}) > 0" for name in ("title", "context", "outcome")))
    return where


def _row(row: Row, glob: str | None) -> dict[str, Any]:
    """At most 350 bytes."""
    shown = {
        "key": key_of(row["number"]),
        "title": clip_bytes(row["title"], 84),
        "status": row["status"],
        "project": row["project"],
        "outcome": clip_bytes(row["outcome"], 50),
        "glob": clip_bytes(glob, 32) if glob else None,
        "superseded_by": key_of(row["superseded_by"]) if row["superseded_by"] else None,
        "decided_at": to_seconds(row["decided_at"])[:10] if row["decided_at"] else None,
        "updated_at": to_seconds(row["updated_at"]),
    }
    return {name: value for name, value in shown.items() if value}
