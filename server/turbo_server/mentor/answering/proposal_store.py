"""What mentors propose to write: the table and every statement on it."""

from datetime import datetime

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Time, id_column, metadata, reference

proposals = Table(
    "proposals",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("conversation_id", "conversations"),
    reference("turn_id", "turns"),
    Column("number", Integer, nullable=False),
    Column("tool", Text, nullable=False),
    Column("arguments", Text, nullable=False),  # JSON
    Column("reason", Text, nullable=False),
    Column("risk", Text, nullable=False),  # by the server's own rules
    Column("state", Text, nullable=False),  # proposed, accepted, rejected; expired follows from created_at
    reference("decided_by", "accounts", required=False),
    Column("decided_at", Time),
    Column("outcome", Text),  # JSON: what the tool answered
    Column("created_at", Time, nullable=False),
    UniqueConstraint("conversation_id", "number"),
    sqlite_autoincrement=True,
)

_ADD = sql("""
    insert into proposals
        (workspace_id, conversation_id, turn_id, number, tool, arguments, reason, risk, state, created_at)
    select $1, $2, $3, coalesce(max(number), 0) + 1, $4, $5, $6, $7, 'proposed', $8
    from proposals where conversation_id = $2
    returning number
""")
_SELECT = """
    select p.id, p.conversation_id, p.turn_id, p.number, p.tool, p.arguments, p.reason, p.risk, p.state,
           a.name as decided_by, p.decided_at, p.outcome, p.created_at
    from proposals p left join accounts a on a.id = p.decided_by
"""
_OF_CONVERSATION = sql(f"{_SELECT} where p.workspace_id = $1 and p.conversation_id = $2 order by p.number")
_LOCK = sql(
    """
    select id from proposals where workspace_id = $1 and conversation_id = $2 order by number {for_update}
    """,
    sees_all="locks what was found through its conversation",
)
_DECIDE = sql("""
    update proposals set state = $3, decided_by = $4, decided_at = $5, outcome = $6
    where id = $1 and state = $2 returning id
""")
_DROP_OF_TURN = sql(
    "delete from proposals where workspace_id = $1 and turn_id = $2 and state = 'proposed' returning id"
)


async def add(
    db: Connection, workspace_id: int, place: tuple[int, int], action: tuple[str, str, str, str], now: datetime
) -> int:
    """`place` is (conversation, turn), `action` (tool, arguments, reason, risk). Its number in the conversation, which
    is locked."""
    row = await db.fetch_one(_ADD, workspace_id, *place, *action, now)
    assert row is not None  # noqa: S101 - an insert answers its number
    return int(row["number"])


async def of_conversation(db: Connection, workspace_id: int, conversation_id: int) -> list[Row]:
    return await db.fetch(_OF_CONVERSATION, workspace_id, conversation_id)


async def lock(db: Connection, workspace_id: int, conversation_id: int) -> None:
    """Two who decide at once do so one after the other."""
    await db.fetch(_LOCK, workspace_id, conversation_id)


async def decide(
    db: Connection, proposal_id: int, state: str, by: int, now: datetime, outcome: str | None = None
) -> bool:
    """False where somebody else has decided it."""
    return await db.fetch_one(_DECIDE, proposal_id, "proposed", state, by, now, outcome) is not None


async def drop_of_turn(db: Connection, workspace_id: int, turn_id: int) -> None:
    """The answer is made anew, and with it what it proposes."""
    await db.fetch(_DROP_OF_TURN, workspace_id, turn_id)
