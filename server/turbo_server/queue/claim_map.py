"""GET /v1/claims: which machine, session and person holds which issue, since when and until when."""

from typing import Annotated

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.schema import Arguments, Moment, Result
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, tool
from turbo_server.project.tools import require_project

from . import store


class ListClaims(Arguments):
    project: Annotated[ProjectKey | None, Field(description="Of one project only")] = None


class ClaimShown(Result):
    """`until` moves on while the session lives. `mine`: it is the caller's, who may let go of it with release_issue."""

    key: str
    title: str
    status: str
    by: str
    machine: str | None = None
    session: str | None = None
    since: Moment
    until: Moment
    mine: bool


class Claims(Result):
    """The oldest first; `more`: there are others than these."""

    items: list[ClaimShown]
    more: bool


@tool("List claims", Effect.READ)
async def list_claims(context: Context, arguments: ListClaims) -> Claims:
    """Every issue that somebody's session holds right now."""
    project = (await require_project(context, arguments.project))["id"] if arguments.project else 0
    rows = await store.live(context.db, context.actor.workspace_id, project, context.now)
    items = [
        ClaimShown(
            key=row["key"], title=clip(row["title"], 300), status=row["status"], by=row["person"],
            machine=row["machine"] or None, session=row["session"] or None, since=row["claimed_at"],
            until=row["expires_at"], mine=row["account_id"] == context.actor.account_id,
        )
        for row in rows[: store.MOST_SHOWN]
    ]  # fmt: skip
    return Claims(items=items, more=len(rows) > store.MOST_SHOWN)
