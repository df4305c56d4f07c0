"""GET /v1/graph: how a project's items hang together, for drawing."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import ConfigDict, Field

from turbo_server.kit.context import Context
from turbo_server.kit.database import Row
from turbo_server.kit.keys import ProjectKey
from turbo_server.kit.kind import Found
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.text import clip
from turbo_server.kit.tool import Effect, Endpoint, tool
from turbo_server.project.tools import require_project

from . import graph_store as store
from .store import End
from .tools import items_by_end

MOST_NODES = 500
ROOM_FOR_OTHERS = 100  # nodes that open issues never take from what they hang together with
MOST_EDGES = 2_000
SHOWN_TITLE = 100
CLOSED = ("done", "cancelled")
Line = tuple[End, str, End]


class Node(Result):
    key: str
    kind: str
    title: str
    status: str | None = None


class Edge(Result):
    """Reads as a sentence, such as `from` blocks `to`; of parent, initiative, milestone: `from` is a part of `to`."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    start: Annotated[str, Field(serialization_alias="from")]
    type: str
    to: str


class Graph(Result):
    project: str
    nodes: list[Node]
    edges: list[Edge]
    left_out: str | None = None


class ShowGraph(Arguments):
    project: ProjectKey


@tool("Show a project's graph", Effect.READ)
async def show_graph(context: Context, arguments: ShowGraph) -> Graph:
    """Open issues of a project, and what they and its initiatives, milestones, decisions and documents are linked to:
    at most 500 nodes, with the edges between them."""
    project = await require_project(context, arguments.project)
    issues = await store.open_issues(context.db, project["id"], MOST_NODES)
    lines = await _lines(context, project["id"], {row["id"]: row for row in issues})
    open_ends: list[End] = [("issue", row["id"]) for row in issues]
    found = await items_by_end(context, {*open_ends, *(end for start, _, to in lines for end in (start, to))})
    others = _linked(lines, {end: item for end, item in found.items() if not item.is_archived}, set(open_ends))
    kept = open_ends[: max(MOST_NODES - len(others), MOST_NODES - ROOM_FOR_OTHERS)]
    shown = [*kept, *others[: MOST_NODES - len(kept)]]
    total = await store.count_open(context.db, project["id"]) if len(issues) == MOST_NODES else len(issues)
    return Graph(
        project=arguments.project,
        nodes=[_node(found[end]) for end in shown],
        edges=_edges(lines, found, set(shown)),
        left_out=_left_out(total - len(kept), len(kept) + len(others) - len(shown), len(lines)),
    )


async def _lines(context: Context, project_id: int, issues: dict[int, Row]) -> list[Line]:
    """All that may become an edge, each once."""
    db, ids, limit = context.db, list(issues), MOST_EDGES + 1
    lines: list[Line] = [
        (("issue", row["id"]), name, (kind, row[f"{name}_id"]))
        for row in issues.values()
        for name, kind in (("parent", "issue"), ("initiative", "initiative"), ("milestone", "milestone"))
        if row[f"{name}_id"]
    ]
    parts = await store.parts(db, ids, limit)
    lines += [(("issue", row["id"]), "parent", ("issue", row["parent_id"])) for row in parts]
    blocks = await store.blocks(db, ids, limit)
    lines += [(("issue", row["blocker_id"]), "blocks", ("issue", row["blocked_id"])) for row in blocks]
    superseded = await store.superseded(db, project_id, limit)
    lines += [(("decision", row["superseded_by_id"]), "supersedes", ("decision", row["id"])) for row in superseded]
    relations = await store.relations(db, context.actor.workspace_id, project_id, ids, limit)
    lines += [((row["from_kind"], row["from_id"]), row["type"], (row["to_kind"], row["to_id"])) for row in relations]
    return list(dict.fromkeys(lines))


def _linked(lines: list[Line], found: dict[End, Found], own: set[End]) -> list[End]:
    """What is drawn beside the project's open issues: of closed issues those that an open one is linked to."""
    pairs = [pair for start, _, to in lines if start in found and to in found for pair in ((start, to), (to, start))]
    open_issues = own | {end for end, item in found.items() if end[0] == "issue" and item.status not in CLOSED}
    closed = {end for end, other in pairs if end[0] == "issue" and other in open_issues} - open_issues
    issues = open_issues | closed
    rest = {end for end, other in pairs if end[0] != "issue" and (other[0] != "issue" or other in issues)}
    return [*sorted(rest), *sorted(issues - own)]


def _node(item: Found) -> Node:
    return Node(key=item.key, kind=item.kind, title=clip(item.title, SHOWN_TITLE), status=item.status)


def _edges(lines: list[Line], found: dict[End, Found], shown: Iterable[End]) -> list[Edge]:
    drawn = [(start, kind, to) for start, kind, to in lines if start in shown and to in shown]
    return [Edge(start=found[start].key, type=kind, to=found[to].key) for start, kind, to in drawn[:MOST_EDGES]]


def _left_out(issues: int, others: int, lines: int) -> str | None:
    parts = [f"{issues} open issues"] if issues else []
    parts += [f"{others} linked items"] if others else []
    parts += ["some links"] if lines > MOST_EDGES else []
    return ", ".join(parts) or None


GRAPH = Endpoint("GET", "/v1/graph", show_graph)
