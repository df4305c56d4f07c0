"""How long the database is waited for, and when it is given up."""

import math
from dataclasses import dataclass

POOL_SIZE = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """All in seconds; the defaults are those of a call. None of them may be left out: each is somebody who waits."""

    room: float = 10.0  # until one of the connections is free
    connect: float = 5.0
    first: float = 3.0  # for the first answer of a connection that was used before: it may be dead without a word
    lock: float = 3.0  # for a row that another transaction holds
    statement: float = 6.0
    idle_in_transaction: float = 15.0  # after which Postgres lets go of what a stopped server holds
    call: float = 14.0  # in all: turbo-client waits 15 for one attempt, and 45 altogether
    # Shorter than the idle time after which a scaled-to-zero machine is stopped: it does not wake with old connections.
    idle: float = 45.0
    close: float = 3.0


OF_CALLS = Patience()
# One file of a person, written in one transaction while he waits for it; each statement is as short as any other.
OF_IMPORTS = Patience(call=300.0)
# A person who imports a file, and sees that it works.
OF_COMMANDS = Patience(room=60, lock=60, statement=600, idle_in_transaction=0, call=math.inf)
# One who moves a whole database, whatever its size: one statement carries a table.
OF_MOVES = Patience(room=60, lock=60, statement=86_400, idle_in_transaction=0, call=math.inf)


def milliseconds(seconds: float) -> str:
    return f"{int(seconds * 1000)}ms"
