"""Relations: the table and every statement on it."""

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from turbo_server.kit.tables import BigId, author_columns, id_column, metadata, reference

relations = Table(
    "relations",
    metadata,
    id_column(),
    reference("workspace_id", "workspaces"),
    Column("type", Text, nullable=False),
    Column("from_kind", Text, nullable=False),
    Column("from_id", BigId, nullable=False),
    Column("to_kind", Text, nullable=False),
    Column("to_id", BigId, nullable=False),
    *author_columns(),
    UniqueConstraint("from_kind", "from_id", "type", "to_kind", "to_id"),
    Index("ix_relations_to", "to_kind", "to_id"),
    sqlite_autoincrement=True,
)
