"""The statements that read what a caller does not see, so that no answer names it: the only ones that do."""

from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql

_WHY = "asks for what must not be named"
# By whether the ids are those that are seen, or those that are not.
_HIDDEN = {True: "not (project_id {among} $2 {end_among})", False: "project_id {among} $2 {end_among}"}
_PROJECTS = {
    by_list: sql(
        f"select key from (select workspace_id, key, id as project_id from projects) as p"  # noqa: S608 - ours, as below
        f" where workspace_id = $1 and {hidden}",
        sees_all=_WHY,
    )
    for by_list, hidden in _HIDDEN.items()
}
_DECISIONS = {
    by_list: sql(f"select number from decisions where workspace_id = $1 and {hidden}", sees_all=_WHY)  # noqa: S608
    for by_list, hidden in _HIDDEN.items()
}


async def project_keys(db: Connection, workspace_id: int, ids: list[int], *, by_list: bool) -> list[str]:
    return [row["key"] for row in await db.fetch(_PROJECTS[by_list], workspace_id, ids)]


async def decision_numbers(db: Connection, workspace_id: int, ids: list[int], *, by_list: bool) -> list[int]:
    return [row["number"] for row in await db.fetch(_DECISIONS[by_list], workspace_id, ids)]
