"""The statements that read events: as a feed, as one item's history, and for undo.

A feed is in the order (tx, id). An event is settled when no transaction that is older than its own still runs: then
nothing can come to stand before it any more, and a reader may pass it. On SQLite everything is settled.
"""

from collections.abc import Mapping

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Conditions, sql

Place = tuple[int, int]  # (tx, id)
WALK = 5_000  # so many events are looked at for one page of those that are wanted

_COLUMNS = """
    e.id, e.tx, e.action, e.subject_kind, e.subject_id, e.key, e.project_id, p.key as project_key, e.undoes_id,
    e.author_id, a.name as author, e.machine, e.session, e.created_at
"""
_SOURCE = "events e join accounts a on a.id = e.author_id left join projects p on p.id = e.project_id"
_UNDONE = """
    (select u.id from events u where u.undoes_id = e.id limit 1) as undone_by,
    (select b.name from events u join accounts b on b.id = u.author_id
     where u.undoes_id = e.id limit 1) as undone_by_name
"""
_LATEST = sql("""
    select id, tx, created_at from events where workspace_id = $1 and tx < {oldest_running_tx}
    order by tx desc, id desc limit 1
""")
_RECENT = sql("""
    select id, tx, created_at from events where workspace_id = $1 and tx < {oldest_running_tx}
    order by tx desc, id desc limit 1 offset 200
""")
_FOREIGN = sql("""
    select tx from events where workspace_id = $1 and tx >= {next_tx} order by tx desc limit 1
""")
_UNSETTLED = sql("select id from events where workspace_id = $1 and tx >= {oldest_running_tx} limit 1")
_NEXT_TX = sql("select {next_tx} as next_tx")
_FORGET_TX = sql("update events set tx = 0 where workspace_id = $1 and tx > 0 returning id")
_AT = sql(
    "select id, tx, created_at from events where workspace_id = $1 and id = $2",
    sees_all="only says whether a reader's own cursor is of this database",
)
_HISTORY = sql(f"""
    select {_COLUMNS}, {_UNDONE}, e.changes from {_SOURCE}
    where e.workspace_id = $1 and e.subject_kind = $2 and e.subject_id = $3 order by e.id desc limit $4
""")  # noqa: S608 - all parts of these are ours
_ONE = sql(f"select {_COLUMNS}, {_UNDONE}, e.changes from {_SOURCE} where e.workspace_id = $1 and e.id = $2")  # noqa: S608
_SESSION = sql(f"""
    select {_COLUMNS}, {_UNDONE}, e.changes from {_SOURCE} where e.workspace_id = $1 and e.session = $2
    order by e.id desc limit $3
""")  # noqa: S608
_SESSION_FROM = sql("select session from events where workspace_id = $1 and session >= $2 order by session limit 1")
_SESSION_AFTER = sql("select session from events where workspace_id = $1 and session > $2 order by session limit 1")
_LATER = sql(f"""
    select {_COLUMNS}, {_UNDONE}, null as changes from {_SOURCE}
    where e.workspace_id = $1 and e.subject_kind = $2 and e.subject_id {{among}} $3 {{end_among}} and e.id > $4
    order by e.id desc
""")  # noqa: S608
_CHANGED = sql(f"""
    select {_COLUMNS}, {_UNDONE}, e.changes from {_SOURCE}
    where e.workspace_id = $1 and e.subject_kind = $2 and e.subject_id = $3 and e.id > $4
      and {{find}}(e.changes, $5) > 0
    order by e.id desc limit 20
""")  # noqa: S608


async def feed(db: Connection, where: Conditions, after: Place, limit: int) -> list[Row]:
    """Settled events beyond that place, in order."""
    tx, event = where.bind(after[0]), where.bind(after[1])
    statement = sql(
        f"select {_COLUMNS}, e.changes from {_SOURCE} where {where} and (e.tx, e.id) > ({tx}, {event}) "  # noqa: S608
        f"and e.tx < {{oldest_running_tx}} order by e.tx, e.id limit {where.bind(limit)}"
    )
    return await db.fetch(statement, *where.parameters)


async def look_back(
    db: Connection, walked: Conditions, wanted: Mapping[str, object], limit: int
) -> tuple[list[Row], Row | None]:
    """Newest first, of the newest `WALK` that fulfil `walked`, which an index has in order: those that are wanted, and
    where that walk ended, if it did not come to the end of all."""
    order = "order by e.created_at desc, e.id desc"
    last = sql(f"select e.id, e.created_at from events e where {walked} {order} limit 1 offset {WALK - 1}")  # noqa: S608
    end = await db.fetch_one(last, *walked.parameters)
    kept = " and ".join(f"e.{column} = {walked.bind(value)}" for column, value in wanted.items()) or "true"
    statement = sql(
        f"select {_COLUMNS}, {_UNDONE}, e.changes "  # noqa: S608 - all parts of these are ours
        f"from (select * from events e where {walked} {order} limit {WALK}) e "
        f"join accounts a on a.id = e.author_id left join projects p on p.id = e.project_id "
        f"where {kept} {order} limit {walked.bind(limit)}"
    )
    return await db.fetch(statement, *walked.parameters), end


async def places(db: Connection, where: Conditions, after: Place, limit: int) -> list[Row]:
    """As `feed`, and only which events they are."""
    tx, event = where.bind(after[0]), where.bind(after[1])
    statement = sql(
        f"select e.id, e.tx from events e where {where} and (e.tx, e.id) > ({tx}, {event}) "  # noqa: S608 - all ours
        f"and e.tx < {{oldest_running_tx}} order by e.tx, e.id limit {where.bind(limit)}"
    )
    return await db.fetch(statement, *where.parameters)


async def has_unsettled(db: Connection, workspace_id: int) -> bool:
    return await db.fetch_one(_UNSETTLED, workspace_id) is not None


async def next_tx(db: Connection) -> int:
    """The first transaction number that this database has not given out yet."""
    row = await db.fetch_one(_NEXT_TX)
    return row["next_tx"] if row else 1


async def latest(db: Connection, workspace_id: int) -> Row | None:
    """The last settled event."""
    return await db.fetch_one(_LATEST, workspace_id)


async def recent(db: Connection, workspace_id: int) -> Row | None:
    """The settled event that has two hundred after it."""
    return await db.fetch_one(_RECENT, workspace_id)


async def has_foreign(db: Connection, workspace_id: int) -> bool:
    """Whether events carry transaction numbers that this database has not given out yet."""
    return await db.fetch_one(_FOREIGN, workspace_id) is not None


async def forget_transactions(db: Connection, workspace_id: int) -> None:
    await db.fetch(_FORGET_TX, workspace_id)


async def at(db: Connection, workspace_id: int, event_id: int) -> Row | None:
    return await db.fetch_one(_AT, workspace_id, event_id)


async def history(db: Connection, workspace_id: int, subject: tuple[str, int], limit: int) -> list[Row]:
    """Newest first."""
    return await db.fetch(_HISTORY, workspace_id, *subject, limit)


async def one(db: Connection, workspace_id: int, event_id: int) -> Row | None:
    return await db.fetch_one(_ONE, workspace_id, event_id)


async def of_session(db: Connection, workspace_id: int, session: str, limit: int) -> list[Row]:
    """Newest first."""
    return await db.fetch(_SESSION, workspace_id, session, limit)


async def sessions_like(db: Connection, workspace_id: int, beginning: str) -> list[str]:
    """The first two, or fewer, that begin so."""
    found: list[str] = []
    for statement in (_SESSION_FROM, _SESSION_AFTER):
        row = await db.fetch_one(statement, workspace_id, found[0] if found else beginning)
        if row is None or not row["session"].startswith(beginning):
            break
        found.append(row["session"])
    return found


async def later(db: Connection, workspace_id: int, kind: str, ids: list[int], after: int) -> list[Row]:
    """What happened to these items after that event, without the changes themselves."""
    return await db.fetch(_LATER, workspace_id, kind, ids, after)


async def changed_later(
    db: Connection, workspace_id: int, subject: tuple[str, int], field: str, after: int
) -> list[Row]:
    """Later events in which the field's name stands, newest first; whether it is their field, their changes tell."""
    return await db.fetch(_CHANGED, workspace_id, *subject, after, f'"{field}":')
