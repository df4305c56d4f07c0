"""A database with rows in every table, and what it holds: for tests that copy, back up and restore."""

import asyncio
from collections.abc import Callable, Coroutine
from subprocess import CompletedProcess
from typing import Any, TypeVar

from tests.server.filled import NOW, fill
from tests.server.harness import Person, Turbo
from turbo_server.account.grants import NEVER, Grant
from turbo_server.cli.connected import connected
from turbo_server.kit.database import Connection
from turbo_server.kit.scope import Scope
from turbo_server.kit.sql import sql
from turbo_server.settings import Settings
from turbo_server.transfer.move import Contents, contents_of
from turbo_server.transfer.moved import moved_tables

T = TypeVar("T")
Maker = Callable[[str], str]  # of a database, from its kind
Copy = Callable[..., CompletedProcess[str]]  # from one URL to another
KINDS = ("sqlite", "postgres")


_JOB = sql("""
    insert into jobs (workspace_id, kind, payload, state, attempts, due_at, error, created_at)
    values (1, 'mentor.answer', '["é"]', 'dead', 3, $1, 'It broke.', $1) returning id
""")
_DELIVERY = sql("""
    insert into webhook_deliveries (workspace_id, webhook_id, event_id, message, state, attempts, status, created_at)
    values (1, 1, 1, 'msg_1', 'dead', 2, 500, $1) returning id
""")
_SESSION = sql("""
    insert into web_sessions (workspace_id, key_id, hash, created_at, used_at, expires_at)
    values (1, 1, 'a hash', $1, $1, $1) returning id
""")
_SPENDING = sql("""
    insert into mentor_spending (workspace_id, day, subject, spent, reserved, answers, input_tokens, output_tokens,
                                 cache_write_tokens, cache_read_tokens)
    values (1, $1, 'person é', 5, 0, 1, 2, 3, 4, 5) returning 1
""")


def fill_everything(turbo: Turbo) -> None:
    fill(turbo)
    turbo.person("guest", Grant(Scope.READ, NEVER), projects=("OTHER",))
    turbo.ada.ask("POST", "/v1/invitations", name="carla")
    turbo.ada.ask("POST", "/v1/session/link")
    turbo.ada.with_key("once").call("create_issue", project="TURBO", title="Done once")
    turbo.call("next_issue", claim=True, key="TURBO-3")
    turbo.ada.ask("POST", "/v1/views", name="é\\", page="issues", query="project=TURBO", shared=True)
    turbo.ada.ask("POST", "/v1/webhooks", name="é\\", url="https://example.com/hook")
    turbo.run(turbo.with_database(_add_what_no_tool_adds))


async def _add_what_no_tool_adds(db: Connection) -> None:
    await db.fetch(sql("insert into allowances (subject, full_at) values ($1, 5), ($2, 6) returning 1"), "{é", "Z\\.")
    # Numbers that were given out and are not there any more are not given out again.
    added = "insert into labels (workspace_id, name, folded) values (1, 'gone', 'gone') returning id"
    for row in await db.fetch(sql(added)):
        await db.fetch(sql("delete from labels where id = $1 returning 1"), row["id"])
    await db.fetch(_JOB, NOW)
    await db.fetch(_DELIVERY, NOW)
    await db.fetch(_SESSION, NOW)
    await db.fetch(_SPENDING, NOW.date())
    await db.fetch(sql("update accounts set created_at = $1 where id = 1 returning 1"), NOW)


def contents(url: str) -> Contents:
    async def read(db: Connection) -> Contents:
        async with db.snapshot():
            return await contents_of(db, moved_tables(), lambda *_: None)

    return at(url, read)


def at(url: str, work: Callable[[Connection], Coroutine[Any, Any, T]]) -> T:
    """Without a server, which would make itself a key."""

    async def run() -> T:
        async with connected(Settings(database_url=url)) as db:
            return await work(db)

    return asyncio.run(run())


def same_person(turbo: Turbo, person: Person) -> Person:
    """Who comes with the key, the machine and the session that he had elsewhere."""
    return Person(turbo, person.token, person.caller)
