"""What a call answers when the database is busy, slow, full, read-only or damaged; and that nothing of it was saved."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.server.harness import Turbo
from tests.server.keyed_calls import code_of, issue, rows, titles
from turbo_server.kit.database_errors import DatabaseProblem
from turbo_server.kit.patience import OF_CALLS, Patience
from turbo_server.kit.sql import sql

HASTY = replace(OF_CALLS, room=0.3, lock=0.3, statement=1, call=3)
CREATE = "create_issue"
# A sequence goes on counting when its transaction is undone: so many tries fail, and the next one does not.
FAILING = """
create sequence tries;
create function fail() returns trigger language plpgsql as $$
begin
    if nextval('tries') <= {times} then {what}; end if;
    return new;
end $$;
create trigger failing before insert on issues for each row execute function fail();
"""


def started(url: str, patience: Patience = HASTY) -> Iterator[Turbo]:
    with Turbo(url, patience=patience) as server:
        server.call("create_project", key="TURBO", name="Turbo")
        yield server


@pytest.fixture
def postgres(make_database: Callable[[str], str]) -> Iterator[Turbo]:
    yield from started(make_database("postgres"))


@pytest.fixture
def sqlite(make_database: Callable[[str], str]) -> Iterator[Turbo]:
    yield from started(make_database("sqlite"))


def execute(turbo: Turbo, script: str) -> None:
    """By the driver itself: the words of a test, and of no store."""

    async def run() -> None:
        async with turbo.runner.database.connection() as db:
            driver: Any = db._driver  # type: ignore[attr-defined]
            await (driver.executescript if turbo.settings.is_local else driver.execute)(script)

    turbo.run(run())


def refused(turbo: Turbo) -> tuple[int, str, str | None]:
    """Of a keyed call, which has to leave neither issue nor key."""
    answer = turbo.ada.with_key("k1").answer(CREATE, issue())
    assert titles(turbo) == []
    assert rows(turbo) == []
    return answer.status, code_of(answer), answer.headers.get("Retry-After")


@pytest.mark.parametrize(
    ("state", "code", "wait"),
    [
        ("40001", "database_busy", "1"),
        ("40P01", "database_busy", "1"),
        ("55P03", "database_busy", "1"),
        ("53100", "database_full", None),
        ("53300", "database_unavailable", "2"),
        ("25006", "database_read_only", "5"),
        ("57014", "call_too_long", "5"),
        ("58030", "database_unavailable", "2"),
        ("XX001", "database_damaged", None),
        ("42P01", "database_not_migrated", None),
    ],
)
def test_a_state_of_postgres_is_told_as_what_it_means(postgres: Turbo, state: str, code: str, wait: str | None) -> None:
    execute(postgres, FAILING.format(times=100, what=f"raise exception 'x' using errcode = '{state}'"))
    assert refused(postgres) == (503, code, wait)


@pytest.mark.parametrize("state", ["40001", "40P01"])
@pytest.mark.parametrize("key", [None, "k1"])
def test_what_got_into_anothers_way_is_done_again_as_a_whole(postgres: Turbo, state: str, key: str | None) -> None:
    execute(postgres, FAILING.format(times=2, what=f"raise exception 'x' using errcode = '{state}'"))
    assert postgres.ada.with_key(key).call(CREATE, project="TURBO", title="First")["key"] == "TURBO-1"
    assert titles(postgres) == ["First"]


@pytest.fixture
def patient(make_database: Callable[[str], str]) -> Iterator[Turbo]:
    yield from started(make_database("postgres"), replace(HASTY, lock=3, statement=3, call=9))


def test_the_loser_of_a_deadlock_is_done_when_the_winner_is(patient: Turbo) -> None:
    patient.call("create_project", key="RED", name="Red")
    body = b'{"issues": [{"project": "TURBO", "title": "First"}, {"project": "RED", "title": "Second"}]}'
    lock = sql("select 1 from projects where key = $1 for update")
    waiting = sql("select count(*) as waiting from pg_locks where not granted")

    async def crossed() -> Any:
        async with patient.runner.database.connection() as db, db.transaction():
            await db.fetch(sql("select set_config('deadlock_timeout', '10s', true)"))  # so that the call is the loser
            await db.fetch(lock, "RED")
            call = asyncio.create_task(
                patient.runner.answer("create_issues", body, patient.ada.token, patient.ada.caller)
            )
            while not call.done() and (await db.fetch(waiting))[0]["waiting"] == 0:  # noqa: ASYNC110 - Postgres knows no event
                await asyncio.sleep(0)
            await db.fetch(lock, "TURBO")
        return await call

    assert patient.run(crossed()).status == 200
    assert titles(patient) == ["First"]


def test_a_statement_that_takes_long_is_ended(postgres: Turbo) -> None:
    execute(postgres, FAILING.format(times=100, what="perform pg_sleep(30)"))
    assert refused(postgres) == (503, "call_too_long", "5")


def test_many_statements_that_take_long_together_are_ended_too(postgres: Turbo) -> None:
    execute(postgres, FAILING.format(times=100, what="perform pg_sleep(0.2)"))
    entries = [{"project": "TURBO", "title": f"{number}"} for number in range(50)]
    assert postgres.refused("create_issues", issues=entries).code == "call_too_long"


def test_a_row_that_is_held_for_long_is_not_waited_for(postgres: Turbo) -> None:
    async def held() -> Any:
        async with postgres.runner.database.connection() as db, db.transaction():
            await db.fetch(sql("select * from projects for update"))
            work = postgres.runner.answer(CREATE, issue(), postgres.ada.token, postgres.ada.caller)
            return await asyncio.create_task(work)

    answer = postgres.run(held())
    assert (answer.status, code_of(answer), answer.headers["Retry-After"]) == (503, "database_busy", "1")


def test_a_transaction_that_was_left_open_lets_go(make_database: Callable[[str], str]) -> None:
    patience = replace(HASTY, idle_in_transaction=0.2, lock=2, statement=3)
    with Turbo(make_database("postgres"), patience=patience) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")

        async def stopped() -> None:
            async with turbo.runner.database.connection() as db, db.transaction():
                await db.fetch(sql("select * from projects for update"))
                work = turbo.runner.answer(CREATE, issue(), turbo.ada.token, turbo.ada.caller)
                answers.append(await asyncio.create_task(work))
                await db.fetch(sql("select 1"))

        answers: list[Any] = []
        with pytest.raises(DatabaseProblem, match="does not answer"):
            turbo.run(stopped())
        assert answers[0].status == 200


def test_a_failure_that_nobody_minded_is_no_success(postgres: Turbo) -> None:
    async def careless() -> None:
        async with postgres.runner.database.connection() as db, db.transaction():
            with pytest.raises(Exception, match="division by zero"):
                await db.fetch(sql("select 1 / 0"))

    with pytest.raises(DatabaseProblem):
        postgres.run(careless())


@pytest.mark.parametrize(
    ("pragma", "back", "code", "wait"),
    [
        ("max_page_count = 1", "max_page_count = 1000000", "database_full", None),
        ("query_only = on", "query_only = off", "database_read_only", "5"),
    ],
)
def test_a_file_that_takes_no_more_is_told_and_serves_again_afterwards(
    sqlite: Turbo, pragma: str, back: str, code: str, wait: str | None
) -> None:
    execute(sqlite, f"pragma {pragma}")
    answers = [sqlite.ada.answer(CREATE, issue(f"{number}", description="x" * 9000)) for number in range(40)]
    assert (answers[-1].status, code_of(answers[-1]), answers[-1].headers.get("Retry-After")) == (503, code, wait)
    saved = [str(number) for number, answer in enumerate(answers) if answer.status == 200]
    assert titles(sqlite) == saved, "reading goes on, and what was acknowledged is there"
    execute(sqlite, f"pragma {back}")
    sqlite.call(CREATE, project="TURBO", title="Last")
    assert titles(sqlite) == [*saved, "Last"]


def test_a_file_that_another_program_holds_is_busy(sqlite: Turbo) -> None:
    with contextlib.closing(sqlite3.connect(sqlite.settings.sqlite_path, isolation_level=None)) as other:
        other.execute("begin immediate")
        assert refused(sqlite) == (503, "database_busy", "1")
    assert sqlite.ada.with_key("k1").call(CREATE, project="TURBO", title="First")["key"] == "TURBO-1"


def test_a_long_statement_of_sqlite_is_ended_and_the_turn_goes_on(sqlite: Turbo) -> None:
    endless = sql("with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n")

    async def ask() -> None:
        async with sqlite.runner.database.connection() as db:
            await db.fetch(endless)

    with pytest.raises(DatabaseProblem, match="too long"):
        sqlite.run(ask())
    sqlite.call(CREATE, project="TURBO", title="First")


def test_calls_that_wait_too_long_for_their_turn_are_told_so(sqlite: Turbo) -> None:
    async def crowded() -> list[Any]:
        async with sqlite.runner.database.connection():
            work = [sqlite.runner.answer(CREATE, issue(), sqlite.ada.token, sqlite.ada.caller) for _ in range(20)]
            return list(await asyncio.gather(*work))

    answers = sqlite.run(crowded())
    assert {(answer.status, code_of(answer), answer.headers["Retry-After"]) for answer in answers} == {
        (503, "server_busy", "1")
    }
