"""search: everything that was written, found by its words."""

from datetime import UTC
from typing import Annotated

from pydantic import Field

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.decode import as_moment
from turbo_server.kit.errors import InvalidArguments
from turbo_server.kit.fields import Cursor, Limit, Line
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.kind import Found
from turbo_server.kit.paging import Position, fingerprint, read_cursor, write_cursor
from turbo_server.kit.schema import Arguments, to_seconds
from turbo_server.kit.text import clip_bytes
from turbo_server.kit.tool import Effect, tool

from . import store
from .asking import TAG, Query, Tags, read_query
from .candidates import Scope
from .entry import kind_mark
from .matching import matches
from .snippet import needles, snippet
from .types import Hit, Hits, KindName, StateName

TITLE_ROOM = 72  # bytes of a list row
Rank = tuple[int, str, int]


class Search(Arguments):
    query: Annotated[Line, Field(description='Words that must all stand there; "exact words", -without, or a key')]
    kind: KindName | None = None
    project: ProjectKey | None = None
    status: Annotated[StateName | None, Field(description="Default: open and closed")] = None
    limit: Limit = 10
    cursor: Cursor | None = None


@tool("Search everything", Effect.READ, may_lag=True)
async def search(context: Context, arguments: Search) -> Hits:
    """Finds items of every kind, best first, by words in title, text, comments and work logs, with the words around the
    hit. Knows beginnings of words, slips of the pen in titles, and code such as create_issue."""
    query = read_query(arguments.query)
    if query is None:
        raise InvalidArguments(
            f"search: there is no word to look for in {arguments.query!r}.",
            "Give at least one word that must be there; -word alone only leaves out. list_issues lists by filters.",
        )
    of = fingerprint(context.actor.workspace_id, *arguments.model_dump(exclude={"limit", "cursor"}).values())
    after = read_cursor(arguments.cursor, of, (int, str, int)) if arguments.cursor else None
    found = await matches(context, query, arguments.query, await _scope(context, arguments), arguments.project)
    rows = await _put_away(context, found.rows) if arguments.status == "archived" else found.rows
    ranked = sorted(_best_of_each_item(rows).values(), key=_rank, reverse=True)
    total = after.total if after else len(ranked)
    rest = [row for row in ranked if after is None or _rank(row) < after.values]
    shown = rest[: arguments.limit]
    more = write_cursor(Position(total, _rank(shown[-1])), of) if len(rest) > len(shown) else None
    return Hits(
        items=await _hits(context, found.query, shown),
        total=total,
        total_is_capped=found.is_capped or None,
        searched_for=found.searched_for,
        without=list(found.without) or None,
        next_cursor=more,
    )


async def _scope(context: Context, arguments: Search) -> Scope:
    """Tags that most entries have are the dearest: so `not archived` in place of open or closed, and the workspace's
    only where it tells entries apart."""
    latest, is_shared = await store.extent(context.db, context.actor.workspace_id)
    projects = await store.archived_projects(context.db, context.actor.workspace_id)
    states = [arguments.status] if arguments.status else ["open", "closed"]
    workspace = context.actor.workspace_id
    groups = [[f"w{workspace}"]] if is_shared else []
    if arguments.status == "archived":  # or with its project, in whatever state it is itself: see _put_away
        groups.append(["sarchived", "sitem", *(f"p{project}" for project in projects)])
        states = ["open", "closed", "archived"]
    elif arguments.status:
        groups.append([f"s{arguments.status}", "sitem"])
    if arguments.project:
        groups.append([f"p{(await context.find(arguments.project)).project_id}"])
    if arguments.kind:
        groups.append([kind_mark(arguments.kind)])
    wanted = tuple(tuple(TAG + mark for mark in group) for group in groups)
    tags = Tags(wanted, _unwanted(arguments, projects))
    return Scope(workspace, tags, list(states), latest)


def _unwanted(arguments: Search, archived_projects: list[int]) -> tuple[str, ...]:
    """What was put away is found only by asking for it, or for its project."""
    if arguments.status == "archived":
        return ()
    projects = [] if arguments.project else archived_projects
    items = () if arguments.status else (f"{TAG}sarchived",)
    return (*items, *(f"{TAG}p{project}" for project in projects))


async def _put_away(context: Context, rows: list[Row]) -> list[Row]:
    """Those whose item is archived, by itself or with its project: what is said on an item does not know that."""
    projects = set(await store.archived_projects(context.db, context.actor.workspace_id))
    items = await _items(context, rows)
    away = {place for place, item in items.items() if item.is_archived or item.project_id in projects}
    return [row for row in rows if (row["item_kind"], row["item_id"]) in away]


def _best_of_each_item(rows: list[Row]) -> dict[tuple[str, int], Row]:
    best: dict[tuple[str, int], Row] = {}
    for row in rows:
        item = (row["item_kind"], row["item_id"])
        if item not in best or _rank(row) > _rank(best[item]):
            best[item] = row
    return best


def _rank(row: Row) -> Rank:
    """Newer first where the score is the same; never undecided."""
    return row["score"], as_moment(row["at"]).astimezone(UTC).isoformat(timespec="microseconds"), row["id"]


async def _hits(context: Context, query: Query, rows: list[Row]) -> list[Hit]:
    items = await _items(context, rows)
    longest = next((word for word in needles(query)), "")
    texts = await store.texts(context.db, [row["id"] for row in rows], longest) if rows else {}
    return [
        _hit(items[place], row, snippet(texts.get(row["id"], ""), query))
        for row in rows
        if (place := (row["item_kind"], row["item_id"])) in items
    ]


async def _items(context: Context, rows: list[Row]) -> dict[tuple[str, int], Found]:
    """One look-up for each kind among the rows."""
    found: dict[tuple[str, int], Found] = {}
    for name in sorted({row["item_kind"] for row in rows} & set(context.kinds)):
        ids = [row["item_id"] for row in rows if row["item_kind"] == name]
        found |= {(name, item.id): item for item in await context.kinds[name].find_by_id(context, ids)}
    return found


def _hit(item: Found, row: Row, words: str) -> Hit:
    shown = Hit(key=item.key, kind=item.kind, title=clip_bytes(item.title, TITLE_ROOM), at=to_seconds(row["at"]))
    if item.status:
        shown["status"] = item.status
    if words:
        shown["snippet"] = words
    if row["kind"] != item.kind:
        shown["in"], shown["id"] = row["kind"], row["subject_id"]
    return shown
