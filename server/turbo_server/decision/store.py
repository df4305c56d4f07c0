"""Decisions: the table and every statement on it."""

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.tables import Time, change_columns, id_column, metadata, newest_first, partial_index, reference

decisions = Table(
    "decisions",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects", required=False),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("options", Text, nullable=False),  # JSON
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("impact", Text, nullable=False),
    Column("paths", Text),  # JSON: globs
    reference("superseded_by_id", "decisions", required=False),
    Column("decided_at", Time),
    *change_columns(),
    UniqueConstraint("workspace_id", "number"),
    sqlite_autoincrement=True,
)
newest_first(decisions)
partial_index("ix_decisions_paths", decisions.c.workspace_id, decisions.c.id, where="paths is not null")
