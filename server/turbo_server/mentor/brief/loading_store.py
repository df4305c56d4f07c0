"""The statements that read the texts of what was chosen for a brief: one for each kind."""

import json
from collections.abc import Sequence

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import Statement, sql

SAID_LATELY = 12  # of what was said about the item itself

_LIVE = "t.workspace_id = $1 and t.id {among} $2 {end_among} and t.archived_at is null and p.archived_at is null"
_NUMBERED = "p.key as project, t.number, t.project_id, t.title, t.status, c.name as author, t.updated_at"
_OF_PROJECT = "join projects p on p.id = t.project_id join accounts c on c.id = t.created_by"
_ISSUE = f"""
    select t.id, {_NUMBERED}, t.type, t.priority, a.name as assignee, t.due, t.finished_at, t.description as text,
           t.handoff, t.criteria, t.question
    from issues t {_OF_PROJECT} left join accounts a on a.id = t.assignee_id where {_LIVE}
"""  # noqa: S608 - our own parts, as below
_DECISION = """
    select t.id, p.key as project, t.number, t.project_id, t.title, t.status, c.name as author, t.updated_at,
           t.context, t.options, t.outcome, t.reason, t.impact, t.paths, t.decided_at,
           'DEC-' || s.number as superseded_by
    from decisions t join accounts c on c.id = t.created_by left join projects p on p.id = t.project_id
    left join decisions s on s.id = t.superseded_by_id
    where t.workspace_id = $1 and t.id {among} $2 {end_among} and t.archived_at is null and p.archived_at is null
"""
_DOCUMENT = f"select t.id, {_NUMBERED}, t.version, t.text from documents t {_OF_PROJECT} where {_LIVE}"  # noqa: S608
_PLAN = f"""
    select t.id, {_NUMBERED}, o.name as owner, t.due, t.description as text
    from {{table}} t {_OF_PROJECT} left join accounts o on o.id = t.owner_id where {_LIVE}
"""  # noqa: S608
_PROJECT = """
    select p.id, p.key as project, p.id as project_id, p.name as title, p.description as text, p.updated_at
    from projects p where p.workspace_id = $1 and p.id {among} $2 {end_among} and p.archived_at is null
"""
_CONVERSATION = """
    select t.id, t.number, t.project_id, t.title, t.status, m.handle as author, t.updated_at, n.question,
           n.answer as text
    from conversations t join mentors m on m.id = t.mentor_id
    join turns n on n.conversation_id = t.id and n.number = (
        select max(l.number) from turns l where l.conversation_id = t.id and l.answer is not null)
    where t.workspace_id = $1 and t.id {among} $2 {end_among} and t.archived_at is null
"""
_BY_KIND: dict[str, Statement] = {
    "issue": sql(_ISSUE),
    "decision": sql(_DECISION),
    "document": sql(_DOCUMENT),
    "initiative": sql(_PLAN.replace("{table}", "initiatives")),
    "milestone": sql(_PLAN.replace("{table}", "milestones")),
    "project": sql(_PROJECT),
    "conversation": sql(_CONVERSATION),
}
KINDS = tuple(_BY_KIND)
_COMMENT = """
    select c.id, c.subject_kind as item_kind, c.subject_id as item_id, c.text, a.name as author, c.created_at
    from comments c join accounts a on a.id = c.author_id
    where c.workspace_id = $1 and c.archived_at is null
"""
_COMMENTS = sql(f"""
    select * from (
        {_COMMENT} and c.subject_kind = $3 and c.subject_id = $4 order by c.id desc limit {SAID_LATELY}) as own
    union select * from ({_COMMENT} and c.id {{among}} $2 {{end_among}}) as found
""")  # noqa: S608 - our own parts, as below
_WORK = """
    select w.id, 'issue' as item_kind, w.issue_id as item_id, w.text, a.name as author, w.created_at, w.minutes
    from work_logs w join accounts a on a.id = w.author_id
    where w.workspace_id = $1 and w.archived_at is null and w.issue_id is not null
"""
_WORKED = sql(f"""
    select * from ({_WORK} and w.issue_id = $3 order by w.id desc limit {SAID_LATELY}) as own
    union select * from ({_WORK} and w.id {{among}} $2 {{end_among}}) as found
""")  # noqa: S608


async def rows_of(db: Connection, workspace_id: int, kind: str, ids: list[int]) -> list[Row]:
    """Of what is not archived, by itself or with its project. Asked for none too: a brief takes one number of them."""
    return await db.fetch(_BY_KIND[kind], workspace_id, ids)


def globs(row: Row) -> list[str]:
    """Of a decision that is bound to paths."""
    found: list[str] = json.loads(row["paths"])
    return found


async def comments(db: Connection, workspace_id: int, ids: Sequence[int], about: tuple[str, int]) -> list[Row]:
    """These, and the latest on that item."""
    return await db.fetch(_COMMENTS, workspace_id, list(ids), *about)


async def work(db: Connection, workspace_id: int, ids: Sequence[int], issue_id: int) -> list[Row]:
    """These, and the latest on that issue."""
    return await db.fetch(_WORKED, workspace_id, list(ids), issue_id)
