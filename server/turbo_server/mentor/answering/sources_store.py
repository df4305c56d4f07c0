"""Of which projects a text tells: whoever does not see all of these shall not read an answer that was made from it."""

import re

from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql

_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]{1,9}(?![A-Za-z0-9])")
_NUMBERED = re.compile(r"(?<![A-Za-z0-9])(DEC|ASK)-([1-9][0-9]{0,8})")

_WHY_ALL = "asks what a text tells of, for those who see less"
_PROJECTS = sql("select id from projects where workspace_id = $1 and key {among} $2 {end_among}", sees_all=_WHY_ALL)
_OF_DECISIONS = sql(
    """
    select project_id as id from decisions
    where workspace_id = $1 and number {among} $2 {end_among} and project_id is not null
    """,
    sees_all=_WHY_ALL,
)
_OF_CONVERSATIONS = sql(
    """
    select t.project_id as id from conversations c join conversation_projects t on t.conversation_id = c.id
    where c.workspace_id = $1 and c.number {among} $2 {end_among}
    """,
    sees_all=_WHY_ALL,
)


async def projects_told_of(db: Connection, workspace_id: int, text: str) -> set[int]:
    """Rather one too many: a project whose key only stands in it counts too."""
    words, numbers = sorted(set(_WORD.findall(text))), _numbers(text)
    rows = [
        *await db.fetch(_PROJECTS, workspace_id, words),
        *(await db.fetch(_OF_DECISIONS, workspace_id, numbers["DEC"]) if numbers["DEC"] else ()),
        *(await db.fetch(_OF_CONVERSATIONS, workspace_id, numbers["ASK"]) if numbers["ASK"] else ()),
    ]
    return {row["id"] for row in rows}


def _numbers(text: str) -> dict[str, list[int]]:
    found: dict[str, set[int]] = {"DEC": set(), "ASK": set()}
    for prefix, number in _NUMBERED.findall(text):
        found[prefix].add(int(number))
    return {prefix: sorted(numbers) for prefix, numbers in found.items()}
