"""Column kinds shared by every entity's Core table. Alembic's drift check compares these with the migrations."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Identity, Index, Integer, MetaData, Table, Text
from sqlalchemy import text as sql_text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows itself only in an INTEGER primary key
Time = DateTime(timezone=True)
Day = Date()
Bytewise = Text().with_variant(Text(collation="C"), "postgresql")  # compared as SQLite compares: byte by byte


def id_column() -> Column[Any]:
    return Column("id", BigId, Identity(), primary_key=True)


def reference(name: str, target: str, *, required: bool = True, primary_key: bool = False) -> Column[Any]:
    return Column(name, BigId, ForeignKey(f"{target}.id"), nullable=not required, primary_key=primary_key)


def author_columns(name: str = "created_by") -> list[Column[Any]]:
    """Who wrote the row, through which machine and agent session, and when."""
    return [reference(name, "accounts"), Column("machine", Text), Column("session", Text),
            Column("created_at", Time, nullable=False)]  # fmt: skip


def version_column() -> Column[Any]:
    """How often the row was written, counted by what changes it."""
    return Column("version", Integer, nullable=False, server_default="1")


def change_columns() -> list[Column[Any]]:
    return [*author_columns(), Column("updated_at", Time, nullable=False), Column("archived_at", Time)]


def newest_first(table: Table) -> Index:
    return Index(f"ix_{table.name}_updated", table.c.workspace_id, table.c.updated_at.desc(), table.c.id.desc())


_waiting: list[Callable[[], Index]] = []


def index_when_needed(make: Callable[[], Index]) -> None:
    """For an index in the words of one database: SQLAlchemy reads all of its dialect for that, at every start."""
    _waiting.append(make)


def declare_waiting() -> None:
    """Migrations and their comparison need all indexes; a server needs none."""
    while _waiting:
        _waiting.pop(0)()


def partial_index(name: str, *columns: Any, where: str) -> None:
    index_when_needed(lambda: Index(name, *columns, postgresql_where=sql_text(where), sqlite_where=sql_text(where)))
