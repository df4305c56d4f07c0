"""The statements that let an item have the number it had elsewhere: they look at, and set, what counts on."""

from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql

_COUNTERS = {
    "issue": ("projects", "next_number"),
    "initiative": ("projects", "next_initiative"),
    "milestone": ("projects", "next_milestone"),
    "document": ("projects", "next_document"),
    "decision": ("workspaces", "next_decision"),
}
NUMBERED = frozenset(_COUNTERS)
_NEXT = {
    kind: sql(
        f"select {counter} as next from {table} where id = $1 {{for_update}}",  # noqa: S608 - our own names
        sees_all="locks the counter of what the importer has found",
    )
    for kind, (table, counter) in _COUNTERS.items()
}
_SET_NEXT = {
    kind: sql(f"update {table} set {counter} = $2 where id = $1 returning id")  # noqa: S608 - our own names
    for kind, (table, counter) in _COUNTERS.items()
}
_TAKEN = {
    "issue": sql("select number from issues where project_id = $1"),
    "initiative": sql("select number from initiatives where project_id = $1"),
    "milestone": sql("select number from milestones where project_id = $1"),
    "document": sql("select number from documents where project_id = $1"),
    "decision": sql("select number from decisions where workspace_id = $1"),
}


async def next_number(db: Connection, kind: str, place_id: int) -> int:
    """Of the project, or for decisions of the workspace; the counter stays locked until the transaction ends."""
    row = await db.fetch_one(_NEXT[kind], place_id)
    assert row is not None  # noqa: S101 - of a place that was found
    return int(row["next"])


async def set_next_number(db: Connection, kind: str, place_id: int, number: int) -> None:
    await db.fetch(_SET_NEXT[kind], place_id, number)


async def taken_numbers(db: Connection, kind: str, place_id: int) -> set[int]:
    return {row["number"] for row in await db.fetch(_TAKEN[kind], place_id)}
