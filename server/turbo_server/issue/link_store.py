"""The statements on what issues hang together by: labels, dependencies, parents."""

from turbo_server.kit.database import Connection
from turbo_server.kit.sql import sql

_LABEL_NAMES = sql("""
    select l.name from issue_labels il join labels l on l.id = il.label_id where il.issue_id = $1 order by l.name
""")
_ADD_LABEL = sql("""
    insert into labels (workspace_id, name, folded) values ($1, $2, $3) on conflict do nothing returning id
""")
_SPELLINGS = sql("select name, folded from labels where workspace_id = $1 and folded {among} $2 {end_among}")
_CLEAR_LABELS = sql("delete from issue_labels where issue_id = $1 returning label_id")
_PUT_LABELS = sql("""
    insert into issue_labels (issue_id, label_id)
    select $1, l.id from labels l where l.workspace_id = $2 and l.folded {among} $3 {end_among} returning label_id
""", sees_all="a label is carried by nothing that is seen, until it is put there")  # fmt: skip

# What somebody does not see he cannot clear: of his issue's blockers those stay.
_CLEAR_BLOCKERS = sql("""
    delete from issue_blocks
    where blocked_id = $1 and exists (select 1 from issues i where i.id = issue_blocks.blocker_id) returning blocker_id
""")
_PUT_BLOCKERS = sql("""
    insert into issue_blocks (blocked_id, blocker_id)
    select $1, i.id from issues i where i.id {among} $2 {end_among} order by i.id returning blocker_id
""")
_WAITING_FOR = sql("""
    select b.blocker_id, b.blocked_id from issue_blocks b where b.blocker_id {among} $1 {end_among}
""")
_WAITS_ALREADY = sql("""
    with recursive waiting (id) as (
        select blocked_id from issue_blocks where blocker_id = $1
        union
        select b.blocked_id from issue_blocks b join waiting w on w.id = b.blocker_id
    )
    select id from waiting where id {among} $2 {end_among}
""")
_LOCK_WORKSPACE = sql("select id from workspaces where id = $1 {for_update}")
_KEYS_OF = sql("""
    select i.id, p.key as project_key, i.number from issues i join projects p on p.id = i.project_id
    where i.id {among} $1 {end_among}
""")
_ABOVE = sql("""
    with recursive above (id, parent_id, depth) as (
        select id, parent_id, 1 from issues where id = $1
        union all
        select i.id, i.parent_id, a.depth + 1 from issues i join above a on i.id = a.parent_id where a.depth < $2
    )
    select id from above order by depth
""", sees_all="a circle is one, also where it leads through what is not seen")  # fmt: skip


async def label_names(db: Connection, issue_id: int) -> list[str]:
    return [row["name"] for row in await db.fetch(_LABEL_NAMES, issue_id)]


async def spellings(db: Connection, workspace_id: int, names: list[str]) -> dict[str, str]:
    """Folded name to the spelling that is kept, for the labels that exist."""
    folded = [name.casefold() for name in names]
    return {row["folded"]: row["name"] for row in await db.fetch(_SPELLINGS, workspace_id, folded)}


async def set_labels(db: Connection, workspace_id: int, issue_id: int, names: list[str]) -> None:
    """A label is the same in any letter case; the spelling that came first stays."""
    await db.fetch(_CLEAR_LABELS, issue_id)
    await put_labels(db, workspace_id, issue_id, names)


async def put_labels(db: Connection, workspace_id: int, issue_id: int, names: list[str]) -> None:
    """On an issue that has none."""
    folded = {name.casefold(): name for name in reversed(names)}
    known = await spellings(db, workspace_id, names)
    for fold in sorted(
        folded.keys() - known
    ):  # in one order everywhere: two writers never wait for each other in a circle
        await db.fetch(_ADD_LABEL, workspace_id, folded[fold], fold)
    await db.fetch(_PUT_LABELS, issue_id, workspace_id, list(folded))


async def set_blockers(db: Connection, issue_id: int, blockers: list[int]) -> None:
    await db.fetch(_CLEAR_BLOCKERS, issue_id)
    await put_blockers(db, issue_id, blockers)


async def put_blockers(db: Connection, issue_id: int, blockers: list[int]) -> None:
    """On an issue that has none."""
    await db.fetch(_PUT_BLOCKERS, issue_id, blockers)


async def lock_graph(db: Connection, workspace_id: int) -> None:
    """One writer of dependencies or parents at a time: two could otherwise close a circle between them."""
    await db.fetch(_LOCK_WORKSPACE, workspace_id)


async def waits_already(db: Connection, issue_id: int, others: list[int]) -> bool:
    """Whether one of the others waits for the issue, over however many between them."""
    return bool(await db.fetch(_WAITS_ALREADY, issue_id, others))


async def waiting_for(db: Connection, blockers: list[int]) -> list[tuple[int, int]]:
    """(blocker, blocked) pairs of everything that waits directly for one of these."""
    return [(row["blocker_id"], row["blocked_id"]) for row in await db.fetch(_WAITING_FOR, blockers)]


async def keys_by_id(db: Connection, ids: list[int]) -> dict[int, str]:
    return {row["id"]: f"{row['project_key']}-{row['number']}" for row in await db.fetch(_KEYS_OF, ids)}


async def line_above(db: Connection, issue_id: int, limit: int) -> list[int]:
    """The issue itself, its parent, and so on up, at most `limit` of them."""
    return [row["id"] for row in await db.fetch(_ABOVE, issue_id, limit)]
