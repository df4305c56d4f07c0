"""Documents and their versions: the tables and every statement on them."""

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint

from turbo_server.kit.tables import author_columns, change_columns, id_column, metadata, newest_first, reference

documents = Table(
    "documents",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("project_id", "projects"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("version", Integer, nullable=False),
    *change_columns(),
    UniqueConstraint("project_id", "number"),
    sqlite_autoincrement=True,
)
newest_first(documents)

document_versions = Table(
    "document_versions",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    reference("document_id", "documents"),
    Column("version", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("note", Text),
    *author_columns("author_id"),
    UniqueConstraint("document_id", "version"),
    sqlite_autoincrement=True,
)
