"""A plan in full: its fields, how far it is, and its issues by where they stand."""

from datetime import date

from turbo_server.issue.progress import Progress, members_of, progress_of
from turbo_server.issue.types import key_of
from turbo_server.item.types import Item, Member
from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_day
from turbo_server.kit.kind import Description, Found
from turbo_server.kit.text import clip

from .shape import Shape
from .state import plan_row

SHOWN_MEMBERS = 20
PLAIN = (
    "title",
    "version",
    "status",
    "owner",
    "due",
    "created_by",
    "machine",
    "session",
    "created_at",
    "updated_at",
    "archived_at",
)


async def describe_plan(context: Context, shape: Shape, found: Found) -> Description:
    row = await plan_row(context, shape, found.id)
    progress = (await progress_of(context, shape.name, [found.id]))[found.id]
    members = await members_of(context, shape.name, found.id, SHOWN_MEMBERS)
    is_over = row["status"] in shape.over
    item = Item(
        key=found.key,
        kind=shape.name,
        project=row["project_key"],
        time_left=time_left(as_day(row["due"]), context.today) if row["due"] and not is_over else None,
        progress=progress,
        members=_by_place(members) or None,
        left_out=_left_out(shape, found.key, progress, len(members)),
        **{name: row[name] for name in PLAIN},
    )
    return Description(item, row["description"])


def time_left(due: date, today: date) -> str:
    days = (due - today).days
    match days:
        case 0:
            return "due today"
        case 1 | -1:
            return "1 day left" if days > 0 else "1 day overdue"
        case _:
            return f"{days} days left" if days > 0 else f"{-days} days overdue"


def _by_place(rows: list[Row]) -> dict[str, list[Member]]:
    places: dict[str, list[Member]] = {}
    for row in rows:
        places.setdefault(row["place"], []).append(_member(row))
    return places


def _member(row: Row) -> Member:
    title = clip(row["title"], 80)
    return Member(key=key_of(row), title=title, status=row["status"], assignee=row["assignee"], due=row["due"])


def _left_out(shape: Shape, key: str, progress: Progress, shown: int) -> str | None:
    more = progress.total + (progress.cancelled or 0) - shown
    return f"{more} more issues: list_issues({shape.name}={key}) shows all" if more > 0 else None
