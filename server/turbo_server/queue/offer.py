"""What the queue offers a caller, best first, and the words for why it offers nothing."""

from turbo_server.activity.record import subjects_of_session
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row

from . import pool_store
from .rank import Ranked, ranked

HANDED_BACK = "handed_back"


async def queue_of(context: Context, project_id: int | None) -> list[Ranked]:
    """Of one project or all: what waits for nothing, is the caller's or nobody's, and held by no other session."""
    rows = await pool_store.candidates(context.db, context.actor, project_id, context.now)
    return ranked(rows, context.today, context.now)


async def offered(context: Context, project_id: int | None) -> list[Ranked]:
    """The queue without what this session handed back: it would only hand it back again."""
    back = set(await subjects_of_session(context, "issue", HANDED_BACK))
    return [each for each in await queue_of(context, project_id) if each.row["id"] not in back]


async def why_nothing(context: Context, project: Row | None) -> str:
    """`project` is the one that was asked for."""
    if project and project["archived_at"]:
        return f"{project['key']} is archived: restore_item(key={project['key']}) brings it back."
    project_id = project["id"] if project else None
    row = await pool_store.obstacles(context.db, context.actor, project_id, context.now)
    if not row["open"]:
        return "Nothing is open. create_issue writes down what comes next."
    back = len(await queue_of(context, project_id))
    parts = [f"{count} {words}" for count, words in ((back, "handed back by this session"), *_parts(row)) if count]
    many = "over 1,000" if row["open"] >= pool_store.COUNTED else str(row["open"])
    return f"Nothing can be taken up: of {many} open, {', '.join(parts)}. {_advice(row)}"


def _parts(row: Row) -> tuple[tuple[int, str], ...]:
    return (
        (row["claimed"], "claimed by other sessions"),
        (row["blocked"], "blocked or waiting for another"),
        (row["in_review"], "in review"),
        (row["others"], "assigned to others"),
    )


def _advice(row: Row) -> str:
    if row["blocked"]:
        return "list_issues(blocked=true) shows what stands in the way, get_status the open questions."
    if row["claimed"]:
        return "Ask again later, or create_issue for work that is not written down yet."
    return "list_issues(status=open) shows them; update_issue(key, assignee=me) takes one over."
