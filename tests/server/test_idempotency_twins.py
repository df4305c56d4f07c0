"""Repeated calls that meet: all at once, beside a slow one, after a defect; and keys that grow old."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.server.harness import Person, Turbo
from tests.server.keyed_calls import REPLAYED, code_of, issue, rows, titles
from turbo_server.kit.answer import Answer
from turbo_server.kit.context import Context
from turbo_server.kit.idempotency import FORGET_EVERY, KEPT_FOR, Once
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.sql import sql
from turbo_server.kit.tool import Effect, tool

START = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Nothing(Arguments):
    pass


class Done(Result):
    pass


@pytest.fixture
def ada(turbo: Turbo) -> Person:
    turbo.call("create_project", key="TURBO", name="Turbo")
    return turbo.ada


def test_a_hundred_at_once_are_one(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")

    async def hundred() -> list[Answer]:
        calls = [turbo.runner.answer("create_issue", issue(), keyed.token, keyed.caller) for _ in range(100)]
        return list(await asyncio.gather(*calls))

    answers = turbo.run(hundred())
    assert {(answer.status, answer.body) for answer in answers} == {(200, answers[0].body)}
    assert Counter("Idempotent-Replayed" in answer.headers for answer in answers) == {True: 99, False: 1}
    assert titles(turbo) == ["First"]


def test_a_hundred_refusals_at_once_are_one(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")

    async def hundred() -> list[Answer]:
        body = b'{"project": "NOPE", "title": "First"}'
        calls = [turbo.runner.answer("create_issue", body, keyed.token, keyed.caller) for _ in range(100)]
        return list(await asyncio.gather(*calls))

    answers = turbo.run(hundred())
    assert {(answer.status, answer.body) for answer in answers} == {(404, answers[0].body)}
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1


def test_a_hundred_calls_with_two_payloads_do_one_of_them(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")
    arguments = [{"project": "TURBO", "title": title} for title in ("One", "Other") * 20]

    async def all_at_once() -> list[Answer]:
        calls = [turbo.runner.answer("create_issue", issue(str(each["title"])), keyed.token, keyed.caller)
                 for each in arguments]  # fmt: skip
        return list(await asyncio.gather(*calls))

    assert Counter(answer.status for answer in turbo.run(all_at_once())) == {200: 20, 422: 20}
    assert len(titles(turbo)) == 1


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_the_twin_of_a_slow_call_is_told_when_to_come_back(turbo: Turbo, ada: Person) -> None:
    """On SQLite calls take turns: there the twin waits, and is answered."""
    claimed, go_on = asyncio.Event(), asyncio.Event()

    @tool("Dawdle", Effect.CREATE)
    async def dawdle(context: Context, arguments: Nothing) -> Done:
        """Waits until it is told."""
        claimed.set()
        await go_on.wait()
        return Done()

    tools = {**turbo.runner.tools, "dawdle": dawdle}
    runner = replace(turbo.runner, tools=tools, once=Once(twin_seconds=0.1))
    keyed = ada.with_key("k1")

    async def both() -> tuple[Answer, Answer, Answer]:
        slow = asyncio.create_task(runner.answer("dawdle", b"{}", keyed.token, keyed.caller))
        await claimed.wait()
        twin = await runner.answer("dawdle", b"{}", keyed.token, keyed.caller)
        go_on.set()
        return await slow, twin, await runner.answer("dawdle", b"{}", keyed.token, keyed.caller)

    slow, twin, later = turbo.run(both())
    assert (twin.status, code_of(twin), twin.headers) == (409, "idempotency_key_in_use", {"Retry-After": "1"})
    assert (slow.status, later.body, later.headers) == (200, slow.body, REPLAYED)


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_a_keyed_write_does_not_wait_for_a_row_for_ever(turbo: Turbo, ada: Person) -> None:
    runner = replace(turbo.runner, once=Once(twin_seconds=0.1))
    caller = ada.with_key("k1").caller

    async def beside_a_lock() -> Answer:
        async with turbo.runner.database.connection() as db, db.transaction():
            await db.fetch(sql("update projects set name = name returning id"))
            # In a task of its own: one task has one connection.
            return await asyncio.create_task(runner.answer("create_issue", issue(), ada.token, caller))

    answer = turbo.run(beside_a_lock())
    assert (answer.status, code_of(answer), answer.headers) == (503, "database_busy", {"Retry-After": "1"})
    assert rows(turbo) == []
    assert ada.with_key("k1").answer("create_issue", issue()).headers == {}


def test_a_defect_uses_up_no_key_and_leaves_nothing(turbo: Turbo, ada: Person) -> None:
    @tool("Break", Effect.CREATE)
    async def break_it(context: Context, arguments: Nothing) -> Done:
        """Breaks after it has written."""
        await context.db.fetch(sql("update projects set name = 'broken' returning id"))
        raise RuntimeError

    broken = replace(turbo.runner, tools={**turbo.runner.tools, "break_it": break_it})
    caller = ada.with_key("k1").caller
    answer = turbo.run(broken.answer("break_it", b"{}", ada.token, caller))
    assert (answer.status, rows(turbo)) == (500, [])
    assert turbo.call("list_projects")["items"][0]["name"] == "Turbo"


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def aging(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock=clock) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        yield turbo


def test_a_key_counts_for_thirty_days(aging: Turbo, clock: Clock) -> None:
    keyed = aging.ada.with_key("k1")
    keyed.answer("create_issue", issue())
    clock.now += KEPT_FOR
    assert keyed.answer("create_issue", issue()).headers == REPLAYED
    clock.now += timedelta(seconds=1)
    assert keyed.answer("create_issue", issue("Second")).headers == {}, "another payload: the old one is forgotten"
    assert keyed.answer("create_issue", issue("Second")).headers == REPLAYED
    assert titles(aging) == ["First", "Second"]


def test_old_keys_are_removed_by_the_writes_that_come_after(aging: Turbo, clock: Clock) -> None:
    for number in range(3):
        aging.ada.with_key(f"old{number}").answer("create_issue", issue())
    clock.now += KEPT_FOR + timedelta(seconds=1)
    for number in range(FORGET_EVERY):
        aging.ada.with_key(f"new{number:03}").answer("create_issue", b'{"project": "NOPE", "title": "x"}')
    kept = {row["key"] for row in rows(aging)}
    assert kept == {f"new{number:03}" for number in range(FORGET_EVERY)}


def test_a_process_that_writes_once_and_is_stopped_removes_old_keys_too(
    new_database: Callable[[], str], clock: Clock
) -> None:
    url = new_database()
    for key in ("old", "new"):
        with Turbo(url, clock=clock) as turbo:
            turbo.ada.with_key(key).answer("create_project", json.dumps({"key": key, "name": key}).encode())
            assert [row["key"] for row in rows(turbo)] == [key]
        clock.now += KEPT_FOR + timedelta(days=1)
