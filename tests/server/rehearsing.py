"""A database in which everything is done and nothing stays: for tests that try every verb on the same data."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from turbo_server.kit.database import Connection, Database
from turbo_server.kit.patience import Patience


class Rehearsing:
    """A database in which nothing that is done is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.dialect = database.dialect

    async def connect(self) -> None:
        await self._database.connect()

    async def disconnect(self) -> None:
        await self._database.disconnect()

    @contextlib.asynccontextmanager
    async def connection(self, patience: Patience | None = None) -> AsyncIterator[Connection]:
        async with self._database.connection(patience) as db:
            db.transaction = _rehearsed(db)  # type: ignore[method-assign]
            yield db


class _Enough(Exception):
    """Undoes the transaction that it leaves."""


def _rehearsed(db: Connection) -> Any:
    begin = db.transaction

    @contextlib.asynccontextmanager
    async def transaction() -> AsyncIterator[None]:
        with contextlib.suppress(_Enough):
            async with begin():
                yield
                raise _Enough

    return transaction
