"""The server's own answers: what each has used and cost, the budgets of a day, and what mentors propose to write."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
change = "expand"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BYTEWISE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "answers",
        sa.Column("turn_id", BIG, nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        *_counts(),
        _number("micros"),
        _number("rounds", sa.Integer()),
        _number("reserved"),
        sa.Column("reserved_day", sa.Date(), nullable=True),
        _number("least"),
        sa.Column("phase", sa.Text(), nullable=True),
        sa.Column("so_far", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("updated_at", TIME, nullable=False),
        *(_foreign("answers", *each) for each in (
            ("turn_id", "turns"), ("workspace_id", "workspaces"), ("account_id", "accounts"))),
        sa.PrimaryKeyConstraint("turn_id", name=op.f("pk_answers")),
    )  # fmt: skip
    op.create_index("ix_answers_account", "answers", ["account_id"])
    op.create_table(
        "mentor_spending",
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", BYTEWISE, nullable=False),
        _number("spent"),
        _number("reserved"),
        _number("answers", sa.Integer()),
        *_counts(),
        _foreign("mentor_spending", "workspace_id", "workspaces"),
        sa.PrimaryKeyConstraint("workspace_id", "day", "subject", name=op.f("pk_mentor_spending")),
    )
    _create_proposals()


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("turn_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("tool", "arguments", "reason", "risk", "state")),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        *(_foreign("proposals", *each) for each in (
            ("workspace_id", "workspaces"), ("conversation_id", "conversations"), ("turn_id", "turns"),
            ("decided_by", "accounts"))),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("conversation_id", "number", name=op.f("uq_proposals_conversation_id_number")),
        sqlite_autoincrement=True,
    )  # fmt: skip


def _number(name: str, kind: sa.types.TypeEngine[int] | None = None) -> sa.Column[int]:
    return sa.Column(name, kind or sa.BigInteger(), server_default="0", nullable=False)


def _counts() -> list[sa.Column[int]]:
    return [_number(name) for name in ("input_tokens", "output_tokens", "cache_write_tokens", "cache_read_tokens")]


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def downgrade() -> None:
    for table in ("proposals", "mentor_spending", "answers"):
        op.drop_table(table)
