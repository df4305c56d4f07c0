"""Conversations with mentors and their turns: the tables and every statement on them."""

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from turbo_server.kit.records import Records
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
