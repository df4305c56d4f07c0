"""The statements of a brief: what fits a question, what hangs together with that, and the texts of what is chosen.

Each reads a whole set at once, so that a brief takes the same number of them however much there is.
"""

from collections.abc import Sequence

from pydantic_core import to_json

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Dialect, Statement, sql

MOST_HITS = 300  # of one lookup: a word that more than so many entries have says little
MOST_ENTRIES = 240
MOST_NEIGHBOURS = 400
COUNTED = 2_000

Item = tuple[str, int]  # kind and id

_PLACE = sql(
    f"""
    select exists (select 1 from workspaces where id <> $1) as is_shared,
           (select count(*) from (
               select 1 from search_entries where workspace_id = $1 limit {COUNTED}) as c) as entries
""",  # noqa: S608 - a number of ours
    sees_all="numbers to weigh words by, and whether there are other workspaces: nobody is shown either",
)
_ENTRY = "e.id, e.kind, e.subject_id, e.item_kind, e.item_id, length(e.text) as size"
_HELD = "e.workspace_id = $1 and e.state <> 'archived'"
_SCORED = f"""
    counted as (select n, count(*) as times from hits group by n)
    select h.id, h.kind, h.subject_id, h.item_kind, h.item_id, h.size, {{found}} as found,
           (select {{all}} from counted) as counts
    from hits h join counted c on c.n = h.n
    group by h.id, h.kind, h.subject_id, h.item_kind, h.item_id, h.size
    order by sum(1.0 / (3 + c.times)) desc, h.id desc limit {MOST_ENTRIES}
"""  # noqa: S608 - our own parts, as everywhere here
_FITTING = Statement(
    f"""
    with hits as (
        select l.n, e.* from unnest($2::text[]) with ordinality as l(asked, n) cross join lateral (
            select {_ENTRY} from search_entries e where e.words @@ l.asked::tsquery and {_HELD} limit {MOST_HITS}) as e
    ), {_SCORED.format(found="string_agg(h.n::text, ',')", all="string_agg(n || ':' || times, ',')")}
""",  # noqa: S608
    "",
)
_RESOLVE = sql("""
    select id, kind, subject_id, key from search_entries where workspace_id = $1 and key {among} $2 {end_among}
""")
_SAID = sql("""
    select e.item_kind, e.item_id, substr(e.text, 1, 6000) as text from search_entries e
    where e.id {among} $1 {end_among}
""")
_SEEDS = {
    Dialect.POSTGRES: "select s.kind, s.id from json_to_recordset($2::json) as s(kind text, id bigint)",
    Dialect.SQLITE: "select value ->> 'kind' as kind, value ->> 'id' as id from json_each($2)",
}
# (what of the seed's it is, how to find it from a seed s)
_WAYS = (
    ("issue", "i.parent_id", "parent", "issues i on s.kind = 'issue' and i.id = s.id where i.parent_id is not null"),
    ("issue", "i.id", "sub-issue", "issues i on s.kind = 'issue' and i.parent_id = s.id where true"),
    ("issue", "b.blocker_id", "blocks it", "issue_blocks b on s.kind = 'issue' and b.blocked_id = s.id where true"),
    ("issue", "b.blocked_id", "waits for it", "issue_blocks b on s.kind = 'issue' and b.blocker_id = s.id where true"),
    ("initiative", "i.initiative_id", "initiative",
     "issues i on s.kind = 'issue' and i.id = s.id where i.initiative_id is not null"),
    ("milestone", "i.milestone_id", "milestone",
     "issues i on s.kind = 'issue' and i.id = s.id where i.milestone_id is not null"),
    ("issue", "i.id", "in it",
     "issues i on s.kind = 'initiative' and i.initiative_id = s.id where i.archived_at is null"),
    ("issue", "i.id", "in it",
     "issues i on s.kind = 'milestone' and i.milestone_id = s.id where i.archived_at is null"),
    ("decision", "d.superseded_by_id", "superseded by",
     "decisions d on s.kind = 'decision' and d.id = s.id where d.superseded_by_id is not null"),
    ("decision", "d.id", "superseded", "decisions d on s.kind = 'decision' and d.superseded_by_id = s.id where true"),
)  # fmt: skip
_LINK = "join relations r on r.{end}_kind = s.kind and r.{end}_id = s.id where r.workspace_id = $1"
_LINKS = (
    f"select s.kind as of_kind, s.id as of_id, r.to_kind as kind, r.to_id as id, r.type as way from seeds s {_LINK}",  # noqa: S608
    f"select s.kind, s.id, r.from_kind, r.from_id, r.type from seeds s {_LINK}",  # noqa: S608
)
_ENDS = ("from", "to")  # from a link's one end to the other, and back
_HANGING = " union all ".join(
    (*(link.replace("{end}", end) for link, end in zip(_LINKS, _ENDS, strict=True)),
     *(f"select s.kind, s.id, '{kind}', {found}, '{way}' from seeds s join {source}"  # noqa: S608
                for kind, found, way, source in _WAYS))
)  # fmt: skip
_NEIGHBOURS = Statement(
    *(
        f"with seeds as ({_SEEDS[dialect]}) select * from ({_HANGING}) as n limit {MOST_NEIGHBOURS}"  # noqa: S608
        for dialect in (Dialect.POSTGRES, Dialect.SQLITE)
    )
)
_WITH_PATHS = sql("""
    select id, paths from decisions
    where workspace_id = $1 and paths is not null and status = 'accepted' and archived_at is null
      and (project_id is null or project_id = $2 or $2 = 0)
    order by id limit 1000
""")


async def place(db: Connection, workspace_id: int) -> tuple[bool, int]:
    """Whether there are other workspaces, and how many entries there are to search, up to COUNTED."""
    row = await db.fetch_one(_PLACE, workspace_id)
    return (bool(row["is_shared"]), int(row["entries"])) if row else (False, 0)


async def fitting(db: Connection, workspace_id: int, asked: Sequence[str]) -> list[Row]:
    """The entries that most of the lookups found, rare ones counting most.

    `found` are the numbers of these lookups, from 1, with commas; `counts` how often each lookup found something,
    as 1:20,2:3.
    """
    if db.dialect is Dialect.POSTGRES:
        return await db.fetch(_FITTING, workspace_id, list(asked))
    return await db.fetch(_sqlite_fitting(len(asked)), workspace_id, *asked)


def _sqlite_fitting(count: int) -> Statement:
    """SQLite has no lateral join: one part a lookup."""
    parts = " union all ".join(
        f"""select * from (
            select {n} as n, {_ENTRY} from search_index f cross join search_entries e on e.id = f.rowid
            where f.search_index match ${n + 1} and {_HELD} order by f.rowid desc limit {MOST_HITS})"""  # noqa: S608
        for n in range(1, count + 1)
    )
    scored = _SCORED.format(found="group_concat(h.n, ',')", all="group_concat(n || ':' || times, ',')")
    return sql(f"with hits as ({parts}), {scored}")


async def resolve(db: Connection, workspace_id: int, keys: list[str]) -> dict[str, tuple[Item, int]]:
    """Key to the item and its entry, of those that there are."""
    rows = await db.fetch(_RESOLVE, workspace_id, keys)
    return {row["key"]: ((row["kind"], row["subject_id"]), row["id"]) for row in rows}


async def said(db: Connection, entries: list[int]) -> list[Row]:
    """item_kind, item_id and the beginning of each entry's text."""
    return await db.fetch(_SAID, entries)


async def neighbours(db: Connection, workspace_id: int, seeds: Sequence[Item]) -> list[Row]:
    """of_kind and of_id, one of the seeds; kind, id and way of what hangs together with it."""
    given = to_json([{"kind": kind, "id": item_id} for kind, item_id in seeds]).decode()
    return await db.fetch(_NEIGHBOURS, workspace_id, given)


async def with_paths(db: Connection, workspace_id: int, project_id: int | None) -> list[Row]:
    """id and paths, JSON, of the decisions that hold and are bound to paths."""
    return await db.fetch(_WITH_PATHS, workspace_id, project_id or 0)
