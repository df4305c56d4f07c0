"""Who acts where no key came along: what a person asked for, and the server does later."""

import json
from dataclasses import dataclass, replace

from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.role import Role
from turbo_server.kit.sight import Sight

from . import store


@dataclass(frozen=True, slots=True)
class Standing:
    """A person as he is at this moment; `private` are the projects that not everybody sees."""

    actor: Actor
    private: frozenset[int]

    def answering_in(self, project_id: int | None) -> Actor:
        """For what everybody reads who sees that project: nothing that one of them might not see."""
        sight = self.actor.sight
        hidden = sight.hidden | (self.private - {project_id})
        return replace(self.actor, sight=replace(sight, hidden=frozenset(hidden)))


async def standing_of(
    db: Connection, workspace_id: int, account_id: int, only_projects: frozenset[int] | None = None
) -> Standing | None:
    """None for somebody who does not belong to the workspace any more."""
    row = await store.standing(db, workspace_id, account_id)
    if row is None:
        return None
    private = _ids(row["private"])
    sight = Sight(only_projects, private - _ids(row["member_of"]))
    return Standing(_actor(row, sight), private)


def _actor(row: Row, sight: Sight) -> Actor:
    role = Role(row["role"])
    return Actor(
        account_id=row["account_id"], name=row["name"], workspace_id=row["workspace_id"], workspace=row["workspace"],
        key_id=0, key_name="", key_last4="", machine=None, session=None, scope=role.scope,
        only_projects=sight.only, role=role, sight=sight,
    )  # fmt: skip


def _ids(array: str | None) -> frozenset[int]:
    return frozenset(json.loads(array or "[]"))
