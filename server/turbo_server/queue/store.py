"""Claims: the table and every statement on it.

A claim holds while its lease lasts and its issue is in progress or in review: to move the issue elsewhere ends it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Column, Index, Table, Text

from turbo_server.kit.context import Actor
from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Dialect, sql
from turbo_server.kit.tables import Time, metadata, reference

MOST_SHOWN = 200

claims = Table(
    "claims",
    metadata,
    reference("issue_id", "issues", primary_key=True),
    reference("workspace_id", "workspaces"),
    reference("account_id", "accounts"),
    Column("machine", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("claimed_at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    Index("ix_claims_holder", "account_id", "machine", "session"),
    Index("ix_claims_lease", "workspace_id", "expires_at"),
)

_WORKED_ON = "i.status in ('in_progress', 'in_review') and i.archived_at is null"
_OWN = "account_id = $1 and machine = $2 and session = $3"
_TAKE = sql(f"""
    insert into claims (issue_id, workspace_id, account_id, machine, session, claimed_at, expires_at)
    values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (issue_id) do update
    set account_id = excluded.account_id, machine = excluded.machine, session = excluded.session,
        claimed_at = excluded.claimed_at, expires_at = excluded.expires_at
    where claims.expires_at <= excluded.claimed_at
       or (claims.account_id = excluded.account_id and claims.machine = excluded.machine
           and claims.session = excluded.session and excluded.session <> '')
       or not exists (select 1 from issues i where i.id = claims.issue_id and {_WORKED_ON})
    returning issue_id
""")  # noqa: S608 - all parts of these are ours
_FIRST = """
    select i.id from issues i
    where i.id {among} $1 {end_among} and (i.assignee_id = $3 or i.assignee_id is null) and i.archived_at is null
      and (i.status in ('backlog', 'ready') or (i.status = 'in_progress' and i.id {among} $2 {end_among}))
      and not exists (select 1 from claims c where c.issue_id = i.id and c.expires_at > $4 and i.status = 'in_progress')
    order by array_position($1, i.id) limit 1 {for_update}"""
_OFFERED = "locks one of those that were offered"
_PICK = sql(_FIRST, sees_all=_OFFERED)
_PICK_UNLOCKED = sql(f"{_FIRST} skip locked", sees_all=_OFFERED)
_HOLDER = sql(f"""
    select c.account_id, c.machine, c.session, c.expires_at, a.name as person
    from claims c join issues i on i.id = c.issue_id join accounts a on a.id = c.account_id
    where c.issue_id = $1 and c.expires_at > $2 and {_WORKED_ON}
""")  # noqa: S608
_HELD = sql(f"""
    select c.issue_id, c.expires_at from claims c join issues i on i.id = c.issue_id
    where c.account_id = $1 and c.machine = $2 and c.session = $3 and c.expires_at > $4 and {_WORKED_ON}
    order by c.claimed_at, c.issue_id
""")  # noqa: S608
_LIVE = sql(f"""
    select c.account_id, c.machine, c.session, c.claimed_at, c.expires_at, a.name as person, i.title, i.status,
           p.key || '-' || i.number as key
    from claims c join issues i on i.id = c.issue_id join projects p on p.id = i.project_id
    join accounts a on a.id = c.account_id
    where c.workspace_id = $1 and c.expires_at > $3 and {_WORKED_ON} and ($2 = 0 or i.project_id = $2)
    order by c.claimed_at, c.issue_id limit $4
""")  # noqa: S608
_END = sql("delete from claims where issue_id = $1 returning issue_id")
_END_ALL = sql(f"delete from claims where {_OWN} returning issue_id")  # noqa: S608
_RENEW = sql(f"""
    update claims set expires_at = $4
    where {_OWN} and exists (select 1 from issues i where i.id = claims.issue_id and {_WORKED_ON})
    returning issue_id
""")  # noqa: S608


async def take(db: Connection, actor: Actor, issue_id: int, now: datetime, until: datetime) -> bool:
    """Whether the issue is the caller's session's now; the issue itself must be locked."""
    holder = (actor.account_id, actor.machine or "", actor.session or "")
    return await db.fetch_one(_TAKE, issue_id, actor.workspace_id, *holder, now, until) is not None


async def pick(
    db: Connection, account_id: int, ids: Sequence[int], started: Sequence[int], now: datetime, *, patient: bool
) -> int | None:
    """The first of these that is still to be had, locked. `patient` waits for those that another call has locked.

    SQLite has one writer at a time: what this transaction read still holds.
    """
    if db.dialect is Dialect.SQLITE:
        return next(iter(ids), None)
    row = await db.fetch_one(_PICK if patient else _PICK_UNLOCKED, list(ids), list(started), account_id, now)
    return row["id"] if row else None


async def holder(db: Connection, issue_id: int, now: datetime) -> Row | None:
    """Who holds a live claim on the issue."""
    return await db.fetch_one(_HOLDER, issue_id, now)


async def held(db: Connection, actor: Actor, now: datetime) -> list[Row]:
    """The live claims of the caller's session, the oldest first; a caller without a session has none to return to."""
    return await db.fetch(_HELD, *_session(actor), now) if actor.session else []


async def live(db: Connection, workspace_id: int, project_id: int, now: datetime) -> list[Row]:
    """Of one project or, with 0, of all: the oldest first, and one more than are shown."""
    return await db.fetch(_LIVE, workspace_id, project_id, now, MOST_SHOWN + 1)


async def end(db: Connection, issue_id: int) -> None:
    await db.fetch(_END, issue_id)


async def end_all(db: Connection, actor: Actor) -> int:
    return len(await db.fetch(_END_ALL, *_session(actor))) if actor.session else 0


async def renew(db: Connection, actor: Actor, until: datetime) -> int:
    """How many claims of the session hold on. One that has lapsed, but that nobody took since, holds again."""
    return len(await db.fetch(_RENEW, *_session(actor), until)) if actor.session else 0


def _session(actor: Actor) -> tuple[int, str, str]:
    return actor.account_id, actor.machine or "", actor.session or ""
