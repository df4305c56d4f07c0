"""The statements that every table of editable rows needs, written from its Core table."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Date, DateTime, Table

from .database import Connection
from .sql import sql


class Records:
    """Values are by column name; an ISO text is taken for a day or a moment."""

    def __init__(self, table: Table) -> None:
        self._name = table.name
        self._kinds = {column.name: column.type for column in table.columns}
        self._counted = ", version = version + 1" if "version" in self._kinds else ""
        self._lock = sql(f"select id from {table.name} where id = $1 {{for_update}}", sees_all="locks what was found")  # noqa: S608

    async def insert(self, db: Connection, values: Mapping[str, object]) -> int:
        """The new id."""
        marks = ", ".join(f"${number}" for number in range(1, len(values) + 1))
        statement = sql(f"insert into {self._name} ({', '.join(values)}) values ({marks}) returning id")  # noqa: S608
        row = await db.fetch_one(statement, *self.in_order(values))
        assert row is not None  # noqa: S101 - an insert answers its id
        return int(row["id"])

    async def update(self, db: Connection, row_id: int, values: Mapping[str, object]) -> None:
        """One change, and one more in the row's version."""
        if not values:
            return
        settings = ", ".join(f"{name} = ${number}" for number, name in enumerate(values, 2)) + self._counted
        await db.fetch(sql(f"update {self._name} set {settings} where id = $1 returning id"),  # noqa: S608
                       row_id, *self.in_order(values))  # fmt: skip

    async def lock(self, db: Connection, row_id: int) -> None:
        """Holds the row for this transaction: what is read after it is what an update replaces."""
        await db.fetch(self._lock, row_id)

    def in_order(self, values: Mapping[str, object]) -> list[object]:
        return [self._typed(name, value) for name, value in values.items()]

    def _typed(self, name: str, value: object) -> object:
        if not isinstance(value, str):
            return value
        match self._kinds[name]:
            case Date():
                return date.fromisoformat(value)
            case DateTime():
                return datetime.fromisoformat(value)
            case _:
                return value
