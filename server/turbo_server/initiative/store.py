"""Initiatives: the table and every statement on it."""

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.tables import Day, change_columns, id_column, metadata, newest_first, reference, version_column

initiatives = Table(
    "initiatives",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("status", Text, nullable=False),
    reference("owner_id", "accounts", required=False),
    Column("due", Day),
    *change_columns(),
    version_column(),
    UniqueConstraint("project_id", "number"),
    sqlite_autoincrement=True,
)
newest_first(initiatives)
