"""Conversations with mentors and their turns: the tables and every statement on them."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.records import Records
from turbo_server.kit.sql import Statement, sql
from turbo_server.kit.tables import (
    BigId,
    Time,
    author_columns,
    change_columns,
    id_column,
    metadata,
    newest_first,
    reference,
    version_column,
)

conversations = Table(
    "conversations",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects", required=False),  # of what it is about
    Column("number", Integer, nullable=False),
    reference("mentor_id", "mentors"),
    Column("title", Text, nullable=False),
    Column("about_kind", Text),
    Column("about_id", BigId),
    Column("status", Text, nullable=False),  # of the latest turn
    Column("summary", Text),  # a model's, of the turns up to summarised_to
    Column("summarised_to", Integer, nullable=False, server_default="0"),
    *change_columns(),
    version_column(),
    UniqueConstraint("workspace_id", "number"),
    sqlite_autoincrement=True,
)
newest_first(conversations)
Index("ix_conversations_about", conversations.c.about_kind, conversations.c.about_id)
Index("ix_conversations_project", conversations.c.project_id)
Index("ix_conversations_mentor", conversations.c.mentor_id)

turns = Table(
    "turns",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("conversation_id", "conversations"),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("answer", Text),
    reference("answered_by", "accounts", required=False),  # who recorded it; none: the server's own answer
    Column("model", Text),
    Column("cited", Text),  # JSON: keys that stand in the answer
    Column("error", Text),
    Column("answered_at", Time),
    *author_columns(),
    UniqueConstraint("conversation_id", "number"),
    sqlite_autoincrement=True,
)

# From which projects' items its briefs and answers were made: who does not see all of these does not see it.
conversation_projects = Table(
    "conversation_projects",
    metadata,
    reference("conversation_id", "conversations"),
    reference("project_id", "projects"),
    PrimaryKeyConstraint("conversation_id", "project_id"),
)

RECORDS = Records(conversations)
TURNS = Records(turns)

_NEXT = sql("""
    update workspaces set next_conversation = next_conversation + 1 where id = $1
    returning next_conversation - 1 as number
""")
_FIND = """
    select t.id, t.number, t.project_id, p.key as project, t.mentor_id, m.handle as mentor, t.title, t.about_kind,
           t.about_id, t.status, t.summary, t.summarised_to, a.name as created_by, t.machine, t.session, t.created_at,
           t.updated_at, t.archived_at, t.version
    from conversations t
    join mentors m on m.id = t.mentor_id
    join accounts a on a.id = t.created_by
    left join projects p on p.id = t.project_id
"""
_BY_NUMBER = sql(f"{_FIND} where t.workspace_id = $1 and t.number = $2")
_BY_ID = sql(f"{_FIND} where t.workspace_id = $1 and t.id {{among}} $2 {{end_among}}")
_ABOUT = sql(f"""
    {_FIND} where t.workspace_id = $1 and t.about_kind = $2 and t.about_id = $3 and t.mentor_id = $4
      and t.archived_at is null
    order by t.id desc limit 1
""")
_LAST = sql("select max(number) as number from conversations where workspace_id = $1")
_NEAR = sql("""
    select number from conversations where workspace_id = $1 and number <= $2 order by number desc limit 3
""")
_TURNS = """
    select t.id, t.conversation_id, t.number, t.state, t.question, t.answer, b.name as recorded_by, t.model, t.cited,
           t.error, t.answered_at, t.created_by as asked_by, a.name as author, t.machine, t.session, t.created_at
    from turns t join accounts a on a.id = t.created_by left join accounts b on b.id = t.answered_by
"""
_ALL_TURNS = sql(f"{_TURNS} where t.workspace_id = $1 and t.conversation_id = $2 order by t.number")
_LATEST_TURNS = sql(f"{_TURNS} where t.workspace_id = $1 and t.conversation_id = $2 order by t.number desc limit $3")
_TURNS_BEFORE = sql(f"""
    {_TURNS} where t.workspace_id = $1 and t.conversation_id = $2 and t.number < $3 order by t.number desc limit $4
""")
_TEXTS = sql("""
    select conversation_id, question, answer from turns
    where workspace_id = $1 and conversation_id {among} $2 {end_among} order by conversation_id, number
""")
_NEW_TURN = sql("""
    insert into turns (workspace_id, conversation_id, number, state, question, created_by, machine, session, created_at)
    select $1, $2, coalesce(max(number), 0) + 1, $3, $4, $5, $6, $7, $8 from turns where conversation_id = $2
    returning id, number
""")
_SET_STATUS = sql("""
    update conversations set status = $3, updated_at = $4 where workspace_id = $1 and id = $2 returning id
""")
_DRAW = Statement(
    """
    insert into conversation_projects (conversation_id, project_id) select $1, unnest($2::bigint[])
    on conflict do nothing returning project_id
""",
    """
    insert into conversation_projects (conversation_id, project_id) select $1, value from json_each($2) where true
    on conflict do nothing returning project_id
""",
)


async def take_number(db: Connection, workspace_id: int) -> int:
    """The next one; the counter stays locked until the transaction ends."""
    row = await db.fetch_one(_NEXT, workspace_id)
    assert row is not None  # noqa: S101 - the caller's own workspace
    return int(row["number"])


async def by_number(db: Connection, workspace_id: int, number: int) -> Row | None:
    return await db.fetch_one(_BY_NUMBER, workspace_id, number)


async def by_id(db: Connection, workspace_id: int, ids: list[int]) -> list[Row]:
    return await db.fetch(_BY_ID, workspace_id, ids)


async def about(db: Connection, workspace_id: int, item: tuple[str, int], mentor_id: int) -> Row | None:
    """The latest with that mentor about that item."""
    return await db.fetch_one(_ABOUT, workspace_id, *item, mentor_id)


async def last_number(db: Connection, workspace_id: int) -> int:
    row = await db.fetch_one(_LAST, workspace_id)
    return (row["number"] or 0) if row else 0


async def nearest_numbers(db: Connection, workspace_id: int, number: int) -> list[int]:
    return [row["number"] for row in await db.fetch(_NEAR, workspace_id, number)]


async def all_turns(db: Connection, workspace_id: int, conversation_id: int) -> list[Row]:
    return await db.fetch(_ALL_TURNS, workspace_id, conversation_id)


async def latest_turns(db: Connection, workspace_id: int, conversation_id: int, limit: int) -> list[Row]:
    """Newest first."""
    return await db.fetch(_LATEST_TURNS, workspace_id, conversation_id, limit)


async def turns_before(db: Connection, workspace_id: int, conversation_id: int, number: int, limit: int) -> list[Row]:
    """The last of those before that number, oldest first."""
    return (await db.fetch(_TURNS_BEFORE, workspace_id, conversation_id, number, limit))[::-1]


async def texts(db: Connection, workspace_id: int, ids: list[int]) -> Mapping[int, str]:
    """All that was asked and answered in each."""
    parts: dict[int, list[str]] = {each: [] for each in ids}
    for row in await db.fetch(_TEXTS, workspace_id, ids):
        parts[row["conversation_id"]] += [text for text in (row["question"], row["answer"]) if text]
    return {each: "\n".join(found) for each, found in parts.items()}


async def add_turn(
    db: Connection, workspace_id: int, conversation_id: int, turn: tuple[str, str], author: tuple[object, ...]
) -> Row:
    """`turn` is (state, question), `author` (account id, machine, session, now). id and number; the conversation is
    locked."""
    row = await db.fetch_one(_NEW_TURN, workspace_id, conversation_id, *turn, *author)
    assert row is not None  # noqa: S101 - an insert answers its id
    return row


async def set_status(db: Connection, workspace_id: int, conversation_id: int, status: str, now: object) -> None:
    await db.fetch(_SET_STATUS, workspace_id, conversation_id, status, now)


async def draw_from(db: Connection, conversation_id: int, projects: Iterable[int]) -> None:
    """From now on it tells of these projects too."""
    if ids := sorted(set(projects)):
        await db.fetch(_DRAW, conversation_id, ids)
