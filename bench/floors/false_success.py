"""`turbo-server serve` that acknowledges some writes and keeps none of them: what a proof against that has to find."""

import contextlib
import itertools
import sys
from collections.abc import AsyncIterator
from typing import Any

from turbo_server.cli import run
from turbo_server.kit.postgres import PostgresConnection
from turbo_server.kit.sqlite import SqliteConnection

LOSES_EVERY = 7


class Lost(Exception):
    """Raised where the commit should be."""


def make_careless(connection: Any) -> None:
    careful = connection.transaction
    numbers = itertools.count(1)

    @contextlib.asynccontextmanager
    async def transaction(self: Any) -> AsyncIterator[None]:
        with contextlib.suppress(Lost):
            async with careful(self):
                yield
                if next(numbers) % LOSES_EVERY == 0:
                    raise Lost

    connection.transaction = transaction


if __name__ == "__main__":
    make_careless(PostgresConnection)
    make_careless(SqliteConnection)
    sys.exit(run(["serve"]))
