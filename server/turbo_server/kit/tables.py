"""Column kinds shared by every entity's Core table. Alembic's drift check compares these with the migrations."""

from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, ForeignKey, Identity, Integer, MetaData

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


def id_column() -> Column[Any]:
    return Column("id", BigId, Identity(), primary_key=True)


def reference(name: str, target: str, *, required: bool = True, primary_key: bool = False) -> Column[Any]:
    return Column(name, BigId, ForeignKey(f"{target}.id"), nullable=not required, primary_key=primary_key)
