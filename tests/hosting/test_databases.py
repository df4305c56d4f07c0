"""A database that served one test serves another only if that one can find nothing of the first."""

import asyncio
import os
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from tests.databases import PostgresDatabases
from tests.server.filled import fill
from tests.server.harness import Turbo

ROWS = """
select string_agg(format('%s %s', tablename, (xpath('/row/c/text()',
    query_to_xml(format('select count(*) as c from %I', tablename), false, true, '')))[1]), ', ' order by tablename)
from pg_tables where schemaname = 'public'
"""
NUMBERS = "select string_agg(format('%s %s', sequencename, last_value), ', ' order by sequencename) from pg_sequences"


@pytest.fixture(scope="module")
def own(postgres_admin: str) -> Iterator[PostgresDatabases]:
    made = PostgresDatabases(postgres_admin, f"turbo_own_{os.getpid()}")
    yield made
    made.close()


def ask(url: str, *statements: str) -> list[Any]:
    async def connected() -> list[Any]:
        db = await asyncpg.connect(url)
        try:
            return [await db.fetchval(statement) for statement in statements]
        finally:
            await db.close()

    return asyncio.run(connected())


def test_an_emptied_database_is_like_a_new_one(own: PostgresDatabases) -> None:
    url = own.take()
    new = ask(url, ROWS, NUMBERS)
    with Turbo(url) as turbo:
        fill(turbo)
    assert ask(url, ROWS, NUMBERS) != new
    own.give_back(url)
    assert own.take() == url
    assert ask(url, ROWS, NUMBERS) == new


@pytest.mark.parametrize(
    "change",
    [
        "create table more ()", "drop table search_words", "drop index ix_issues_parent", "create schema other",
        "alter table issues drop column title", "alter table issues alter column title drop not null",
        "create function one() returns int language sql as 'select 1'", "analyze alembic_version",
        "update alembic_version set version_num = '0001'",
    ],
)  # fmt: skip
def test_one_that_is_no_longer_the_same_is_not_used_again(own: PostgresDatabases, change: str) -> None:
    url = own.take()
    ask(url, change)
    own.give_back(url)
    assert own.take() != url


def test_one_that_somebody_still_works_on_is_not_used_again(own: PostgresDatabases) -> None:
    url = own.take()

    async def at_work() -> None:
        db = await asyncpg.connect(url)
        await db.execute("begin; delete from issues")
        own.give_back(url)
        db.terminate()

    asyncio.run(at_work())
    assert own.take() != url


def test_who_only_forgot_to_leave_is_thrown_out(own: PostgresDatabases) -> None:
    url = own.take()

    async def forgotten() -> None:
        db = await asyncpg.connect(url)
        await db.execute("delete from issues")
        own.give_back(url)
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
            await db.execute("select 1")
        db.terminate()

    asyncio.run(forgotten())
    assert own.take() == url
