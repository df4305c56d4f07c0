"""The statements on the manual order of the queue: whose place is where. Only the issue that moves is ever written."""

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql

_ALL = "from issues i where i.workspace_id = $1 and i.rank is not null"
# One order for all: a place that somebody takes must not be that of an issue which he does not see.
_TELLS_NOTHING = "a rank tells nothing of the issue that has it"
_HIGHEST = sql(f"select i.rank {_ALL} and i.id <> $2 order by i.rank limit 1", sees_all=_TELLS_NOTHING)
_LOWEST = sql(f"select i.rank {_ALL} and i.id <> $2 order by i.rank desc limit 1", sees_all=_TELLS_NOTHING)
_OVER = sql(
    f"select i.rank {_ALL} and i.id <> $2 and i.rank < $3 order by i.rank desc limit 1", sees_all=_TELLS_NOTHING
)
_UNDER = sql(f"select i.rank {_ALL} and i.id <> $2 and i.rank > $3 order by i.rank limit 1", sees_all=_TELLS_NOTHING)
_NUMBER = sql(f"""
    select (select count(*) {_ALL} and i.rank <= (select rank from issues where id = $2)) as number,
           (select count(*) {_ALL}) as total
""")  # noqa: S608


async def highest(db: Connection, workspace_id: int, but: int) -> str | None:
    return _rank(await db.fetch_one(_HIGHEST, workspace_id, but))


async def lowest(db: Connection, workspace_id: int, but: int) -> str | None:
    return _rank(await db.fetch_one(_LOWEST, workspace_id, but))


async def next_over(db: Connection, workspace_id: int, but: int, rank: str) -> str | None:
    return _rank(await db.fetch_one(_OVER, workspace_id, but, rank))


async def next_under(db: Connection, workspace_id: int, but: int, rank: str) -> str | None:
    return _rank(await db.fetch_one(_UNDER, workspace_id, but, rank))


async def number(db: Connection, workspace_id: int, issue_id: int) -> tuple[int, int]:
    """(which place the issue has, 0 for none; how many places there are)."""
    row = await db.fetch_one(_NUMBER, workspace_id, issue_id)
    return (row["number"], row["total"]) if row else (0, 0)


def _rank(row: Row | None) -> str | None:
    return row["rank"] if row else None
