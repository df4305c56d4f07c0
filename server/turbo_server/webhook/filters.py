"""What a webhook wants to be told, and for whom it is told it."""

import json
from typing import Any

from turbo_server.account.acting import standing_of
from turbo_server.activity.following import Wanted
from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.scope import Scope

PAUSED = "{} is no owner of this workspace any more: whoever is makes a new one"


def wanted_by(webhook: Row) -> Wanted:
    return Wanted(*(_list(webhook[name]) for name in ("kinds", "actions", "project_ids")))


async def told_to(db: Connection, webhook: Row) -> Actor | None:
    """Whoever made it, with what he sees at this moment; None where he may not have webhooks any more."""
    projects = _list(webhook["project_ids"])
    only = None if projects is None else frozenset(projects)
    standing = await standing_of(db, webhook["workspace_id"], webhook["account_id"], only)
    if standing is None or not standing.actor.scope.includes(Scope.ADMIN):
        return None
    return standing.actor


def _list(text: str | None) -> Any:
    return None if text is None else json.loads(text)
