"""How far a set of issues has come: always counted from the issues, never typed."""

from collections.abc import Sequence

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.schema import Result

from . import progress_store


class Progress(Result):
    """Cancelled issues are not part of the total. `in_progress` counts those in review too."""

    total: int
    done: int
    percent: int | None = None
    in_progress: int | None = None
    overdue: int | None = None
    blocked: int | None = None
    cancelled: int | None = None

    @property
    def open(self) -> int:
        return self.total - self.done


def percent_of(done: int, total: int) -> int | None:
    """Rounded down: 100 means that all is done."""
    return done * 100 // total if total else None


async def progress_of(context: Context, group: str, ids: Sequence[int]) -> dict[int, Progress]:
    """`group` is initiative or milestone; an id without issues has the progress of none."""
    rows = await progress_store.progress(context.db, group, ids, context.today) if ids else []
    return dict.fromkeys(ids, Progress(total=0, done=0)) | {row["group_id"]: _progress(row) for row in rows}


def _progress(row: Row) -> Progress:
    counts = {name: row[name] or None for name in ("in_progress", "overdue", "blocked", "cancelled")}
    percent = percent_of(row["done"], row["total"])
    return Progress(total=row["total"], done=row["done"], percent=percent, **counts)


async def members_of(context: Context, group: str, group_id: int, limit: int) -> list[Row]:
    """Rows of its issues with the `place` in which each stands: what is worked on first, what is over last."""
    return await progress_store.members(context.db, group, group_id, limit)
