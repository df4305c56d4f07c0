"""Mentors, and what they are asked: conversations, their turns, and from which projects they know what they say."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
change = "expand"

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("workspaces", sa.Column("next_conversation", sa.Integer(), server_default="1", nullable=False))
    _create_mentors()
    _create_conversations()
    _create_turns()
    op.create_table(
        "conversation_projects",
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=False),
        _foreign("conversation_projects", "conversation_id", "conversations"),
        _foreign("conversation_projects", "project_id", "projects"),
        sa.PrimaryKeyConstraint("conversation_id", "project_id", name=op.f("pk_conversation_projects")),
    )


def _create_mentors() -> None:
    op.create_table(
        "mentors",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("handle", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("watches", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("daily_cents", sa.Integer(), nullable=True),
        sa.Column("may_propose", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_by", BIG, nullable=True),
        *_changes(),
        _foreign("mentors", "workspace_id", "workspaces"),
        _foreign("mentors", "created_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentors")),
        sa.UniqueConstraint("workspace_id", "handle", name=op.f("uq_mentors_workspace_id_handle")),
        sqlite_autoincrement=True,
    )
    _index_newest("mentors")


def _create_conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("project_id", BIG, nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mentor_id", BIG, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about_kind", sa.Text(), nullable=True),
        sa.Column("about_id", BIG, nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=True),
        sa.Column("summarised_to", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        *_changes(),
        _foreign("conversations", "workspace_id", "workspaces"),
        _foreign("conversations", "project_id", "projects"),
        _foreign("conversations", "mentor_id", "mentors"),
        _foreign("conversations", "created_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_conversations_workspace_id_number")),
        sqlite_autoincrement=True,
    )
    _index_newest("conversations")
    op.create_index("ix_conversations_about", "conversations", ["about_kind", "about_id"])
    op.create_index("ix_conversations_project", "conversations", ["project_id"])
    op.create_index("ix_conversations_mentor", "conversations", ["mentor_id"])


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("id", BIG, sa.Identity(always=False), nullable=False),
        sa.Column("workspace_id", BIG, nullable=False),
        sa.Column("conversation_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_by", BIG, nullable=True),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("cited", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        _foreign("turns", "workspace_id", "workspaces"),
        _foreign("turns", "conversation_id", "conversations"),
        _foreign("turns", "answered_by", "accounts"),
        _foreign("turns", "created_by", "accounts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint("conversation_id", "number", name=op.f("uq_turns_conversation_id_number")),
        sqlite_autoincrement=True,
    )


def _changes() -> list[sa.Column[object]]:
    return [
        sa.Column("machine", sa.Text(), nullable=True),
        sa.Column("session", sa.Text(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("archived_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
    ]


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _index_newest(table: str) -> None:
    newest: list[Any] = ["workspace_id", sa.literal_column("updated_at DESC"), sa.literal_column("id DESC")]
    op.create_index(f"ix_{table}_updated", table, newest)


def downgrade() -> None:
    for table in ("conversation_projects", "turns", "conversations", "mentors"):
        op.drop_table(table)
    op.drop_column("workspaces", "next_conversation")
