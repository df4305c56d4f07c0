"""What the server's answers used and cost, and the budgets of a day: the tables and every statement on them.

Money is in millionths of a dollar. Of a day (in UTC) each subject has one row: a mentor, a person, the workspace. What
a request may cost is reserved in these rows before it is made, by one statement that refuses what goes beyond the cap:
so machines that ask at the same time cannot overspend together.
"""

from datetime import date, datetime

from sqlalchemy import BigInteger, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from turbo_server.kit.database import Connection, Row
from turbo_server.kit.sql import sql
from turbo_server.kit.tables import Bytewise, Day, Time, metadata, reference

from .prices import Tokens


def _counts() -> list[Column[int]]:
    names = ("input_tokens", "output_tokens", "cache_write_tokens", "cache_read_tokens")
    return [Column(name, BigInteger, nullable=False, server_default="0") for name in names]


# One for each turn that the server answers itself.
answers = Table(
    "answers",
    metadata,
    reference("turn_id", "turns", primary_key=True),
    reference("workspace_id", "workspaces"),
    reference("account_id", "accounts"),  # who asked
    Column("model", Text),
    *_counts(),
    Column("micros", BigInteger, nullable=False, server_default="0"),
    Column("rounds", Integer, nullable=False, server_default="0"),
    Column("reserved", BigInteger, nullable=False, server_default="0"),  # for the round under way
    Column("reserved_day", Day),
    Column("least", BigInteger, nullable=False, server_default="0"),  # what that round has cost so far, as is known
    Column("phase", Text),  # what it is doing, in words
    Column("so_far", Text),  # the last of its words, while it is under way
    Column("code", Text),  # of the problem that ended it
    Column("updated_at", Time, nullable=False),
)
Index("ix_answers_account", answers.c.account_id)

spending = Table(
    "mentor_spending",
    metadata,
    reference("workspace_id", "workspaces"),
    Column("day", Day, nullable=False),
    Column("subject", Bytewise, nullable=False),  # mentor:ID, person:ID or workspace
    Column("spent", BigInteger, nullable=False, server_default="0"),
    Column("reserved", BigInteger, nullable=False, server_default="0"),
    Column("answers", Integer, nullable=False, server_default="0"),
    *_counts(),
    PrimaryKeyConstraint("workspace_id", "day", "subject"),
)

_BEGIN = sql("""
    insert into answers (turn_id, workspace_id, account_id, model, phase, updated_at) values ($1, $2, $3, $4, $5, $6)
    on conflict (turn_id) do update
    set model = excluded.model, phase = excluded.phase, so_far = null, code = null, updated_at = excluded.updated_at
    returning turn_id
""")
_OF_TURN = sql("""
    select turn_id, account_id, model, input_tokens, output_tokens, cache_write_tokens, cache_read_tokens, micros,
           rounds, reserved, reserved_day, least, phase, so_far, code, updated_at
    from answers where workspace_id = $1 and turn_id {among} $2 {end_among}
""")
_RESERVE = sql("""
    insert into mentor_spending as s (workspace_id, day, subject, reserved)
    select $1, $2{as_date}, $3, cast($4 as bigint) where cast($4 as bigint) <= cast($5 as bigint)
    on conflict (workspace_id, day, subject) do update set reserved = s.reserved + excluded.reserved
    where s.spent + s.reserved + excluded.reserved <= cast($5 as bigint)
    returning reserved
""")
_NOTE_RESERVATION = sql("""
    update answers set reserved = $3, reserved_day = $4, least = 0 where workspace_id = $1 and turn_id = $2
    returning turn_id
""")
_SETTLE = sql("""
    update mentor_spending set spent = spent + $4, reserved = case when reserved > $5 then reserved - $5 else 0 end,
           input_tokens = input_tokens + $6, output_tokens = output_tokens + $7,
           cache_write_tokens = cache_write_tokens + $8, cache_read_tokens = cache_read_tokens + $9
    where workspace_id = $1 and day = $2 and subject = $3 returning spent
""")
_ADD = sql("""
    update answers set micros = micros + $3, rounds = rounds + $4, input_tokens = input_tokens + $5,
           output_tokens = output_tokens + $6, cache_write_tokens = cache_write_tokens + $7,
           cache_read_tokens = cache_read_tokens + $8, reserved = 0, least = 0
    where workspace_id = $1 and turn_id = $2 returning turn_id
""")
_COUNT = sql("""
    update mentor_spending set answers = answers + 1 where workspace_id = $1 and day = $2 and subject = $3
    returning answers
""")
_TELL = sql("""
    update answers set phase = $3, so_far = $4, least = $5, updated_at = $6 where workspace_id = $1 and turn_id = $2
    returning turn_id
""")
_END = sql("""
    update answers set phase = null, so_far = null, code = $3, updated_at = $4 where workspace_id = $1 and turn_id = $2
    returning turn_id
""")
_OF_DAY = sql("""
    select spent, reserved from mentor_spending where workspace_id = $1 and day = $2 and subject = $3
""")
_SUBJECTS_OF_DAY = sql("""
    select subject, spent, reserved, answers from mentor_spending where workspace_id = $1 and day = $2
""")
_DAYS = sql("""
    select day, subject, spent, reserved, answers, input_tokens, output_tokens, cache_write_tokens, cache_read_tokens
    from mentor_spending where workspace_id = $1 and day >= $2 order by day desc, subject limit $3
""")
_PEOPLE = sql("select id, name from accounts where workspace_id = $1 and id {among} $2 {end_among}")
_MENTOR_BUDGETS = sql("""
    select handle, daily_cents from mentors
    where workspace_id = $1 and daily_cents is not null and archived_at is null order by handle
""")
_MENTORS = sql("select id, handle as name from mentors where workspace_id = $1 and id {among} $2 {end_among}")


async def begin(
    db: Connection, workspace_id: int, turn: tuple[int, int], model: str, phase: str, now: datetime
) -> None:
    """`turn` is (its id, who asked). One that is begun again keeps what it has cost."""
    turn_id, account_id = turn
    await db.fetch_one(_BEGIN, turn_id, workspace_id, account_id, model, phase, now)


async def of_turns(db: Connection, workspace_id: int, turn_ids: list[int]) -> dict[int, Row]:
    return {row["turn_id"]: row for row in await db.fetch(_OF_TURN, workspace_id, turn_ids)}


async def reserve(db: Connection, workspace_id: int, day: date, subject: str, micros: int, cap: int) -> bool:
    """False where it would go beyond the cap."""
    return await db.fetch_one(_RESERVE, workspace_id, day, subject, micros, cap) is not None


async def note_reservation(db: Connection, workspace_id: int, turn_id: int, micros: int, day: date) -> None:
    await db.fetch_one(_NOTE_RESERVATION, workspace_id, turn_id, micros, day)


async def settle(
    db: Connection, workspace_id: int, day: date, subject: str, money: tuple[int, int], tokens: Tokens
) -> None:
    """`money` is (spent, reserved before)."""
    await db.fetch_one(_SETTLE, workspace_id, day, subject, *money, *_in_order(tokens))


async def add(db: Connection, workspace_id: int, turn_id: int, micros: int, rounds: int, tokens: Tokens) -> None:
    await db.fetch_one(_ADD, workspace_id, turn_id, micros, rounds, *_in_order(tokens))


async def count(db: Connection, workspace_id: int, day: date, subject: str) -> None:
    await db.fetch_one(_COUNT, workspace_id, day, subject)


async def tell(
    db: Connection, workspace_id: int, turn_id: int, words: tuple[str, str | None], least: int, now: datetime
) -> None:
    """`words` are (phase, the answer so far)."""
    await db.fetch_one(_TELL, workspace_id, turn_id, *words, least, now)


async def end(db: Connection, workspace_id: int, turn_id: int, code: str | None, now: datetime) -> None:
    await db.fetch_one(_END, workspace_id, turn_id, code, now)


async def of_day(db: Connection, workspace_id: int, day: date, subject: str) -> tuple[int, int]:
    """(spent, reserved)."""
    row = await db.fetch_one(_OF_DAY, workspace_id, day, subject)
    return (row["spent"], row["reserved"]) if row else (0, 0)


async def subjects_of_day(db: Connection, workspace_id: int, day: date) -> dict[str, Row]:
    """spent, reserved and answers of each."""
    return {row["subject"]: row for row in await db.fetch(_SUBJECTS_OF_DAY, workspace_id, day)}


async def days(db: Connection, workspace_id: int, since: date, limit: int) -> list[Row]:
    return await db.fetch(_DAYS, workspace_id, since, limit)


async def people(db: Connection, workspace_id: int, ids: list[int]) -> dict[int, str]:
    return {row["id"]: row["name"] for row in await db.fetch(_PEOPLE, workspace_id, ids)}


async def mentor_budgets(db: Connection, workspace_id: int) -> list[Row]:
    return await db.fetch(_MENTOR_BUDGETS, workspace_id)


async def mentors(db: Connection, workspace_id: int, ids: list[int]) -> dict[int, str]:
    return {row["id"]: f"@{row['name']}" for row in await db.fetch(_MENTORS, workspace_id, ids)}


def _in_order(tokens: Tokens) -> tuple[int, int, int, int]:
    return tokens.input, tokens.output, tokens.cache_write, tokens.cache_read
