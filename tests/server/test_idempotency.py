"""A call that is sent again with its key is not done again: what is answered, what is kept, and for whom."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.harness import Person, Turbo
from tests.server.test_results import CALLS, prepare
from turbo_server.kit.answer import Answer
from turbo_server.kit.context import Context
from turbo_server.kit.idempotency import FORGET_EVERY, KEPT_FOR, Once
from turbo_server.kit.schema import Arguments, Result
from turbo_server.kit.sql import sql
from turbo_server.kit.tool import Effect, tool

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
REPLAYED = {"Idempotent-Replayed": "true"}


@pytest.fixture
def ada(turbo: Turbo) -> Person:
    turbo.call("create_project", key="TURBO", name="Turbo")
    return turbo.ada


def issue(title: str = "First", **more: object) -> bytes:
    return json.dumps({"project": "TURBO", "title": title, **more}).encode()


def titles(turbo: Turbo) -> list[str]:
    return [each["title"] for each in turbo.call("list_issues", project="TURBO", sort="key")["items"]]


def rows(turbo: Turbo) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        async with turbo.runner.database.connection() as db:
            return [dict(row) for row in await db.fetch(sql("select * from idempotency_keys order by key"))]

    return turbo.run(read())


def code_of(answer: Answer) -> str:
    return str(json.loads(answer.body)["error"]["code"])


def test_a_repeated_call_gets_the_same_bytes_and_is_done_once(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")
    first = keyed.answer("create_issue", issue("漢字 👩‍💻", labels=["a"]))
    again = keyed.answer("create_issue", issue("漢字 👩‍💻", labels=["a"]))
    assert (first.status, again.status, again.body) == (200, 200, first.body)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers == REPLAYED
    assert titles(turbo) == ["漢字 👩‍💻"]


def test_without_a_key_or_with_another_each_call_is_one_of_its_own(turbo: Turbo, ada: Person) -> None:
    for key in ("a", "b", "A", None, None):
        assert ada.with_key(key).answer("create_issue", issue()).headers == {}
    assert len(titles(turbo)) == 5


def test_every_tool_that_writes_keeps_the_promise(turbo: Turbo) -> None:
    prepare(turbo)
    tools = [(name, given) for name, given in CALLS if turbo.runner.tools[name].effect is not Effect.READ]
    assert {name for name, _ in tools} == {
        name for name, each in turbo.runner.tools.items() if each.effect is not Effect.READ
    }
    for number, (name, arguments) in enumerate(tools):
        keyed, body = turbo.ada.with_key(f"k{number}"), json.dumps(arguments).encode()
        first = keyed.answer(name, body)
        with turbo.counting() as statements:
            again = keyed.answer(name, body)
        assert (first.status, again.body) == (200, first.body), name
        assert again.headers == {**first.headers, **REPLAYED}, name
        assert len(statements) == 3, f"{name}: who it is, the claim, the answer; nothing of the tool's own"


def test_spaces_and_order_of_the_json_do_not_make_another_call(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")
    first = keyed.answer("create_issue", b'{"project":"TURBO","title":"First","labels":["a","b"]}')
    again = keyed.answer("create_issue", b' {\n "labels": [ "a", "b" ], "title": "F\\u0069rst", "project": "TURBO"}')
    assert (again.body, again.headers) == (first.body, REPLAYED)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("create_issue", {"project": "TURBO", "title": "Second"}),
        ("create_issue", {"project": "TURBO", "title": "First", "labels": []}),
        ("create_issue", {"project": "turbo", "title": "First"}),
        ("log_work", {"project": "TURBO", "text": "First"}),
    ],
)
def test_a_key_with_another_payload_is_refused(
    turbo: Turbo, ada: Person, name: str, arguments: dict[str, object]
) -> None:
    keyed = ada.with_key("k1")
    first = keyed.answer("create_issue", issue())
    refused = keyed.answer(name, json.dumps(arguments).encode())
    assert (refused.status, code_of(refused)) == (422, "idempotency_key_reused")
    assert titles(turbo) == ["First"]
    assert keyed.answer("create_issue", issue()).body == first.body, "the refusal takes nothing from the first"


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "schlüssel", "a\tb", "k1, k2"])
def test_what_is_no_key_is_refused_and_nothing_is_done(turbo: Turbo, ada: Person, key: str) -> None:
    refused = ada.with_key(key).answer("create_issue", issue())
    assert (refused.status, code_of(refused)) == (400, "invalid_idempotency_key")
    assert titles(turbo) == []


@pytest.mark.parametrize("key", ["!", "~" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_any_visible_ascii_is_a_key(ada: Person, key: str) -> None:
    assert ada.with_key(key).answer("create_issue", issue()).status == 200


def test_a_read_does_not_look_at_the_key(turbo: Turbo, ada: Person) -> None:
    for key in ("k1", "not a key"):
        assert ada.with_key(key).answer("list_projects", b"{}").status == 200
    assert rows(turbo) == []


def test_the_key_of_another_account_is_another_key(turbo: Turbo, ada: Person) -> None:
    for person in (ada, turbo.person("jonas")):
        assert person.with_key("k1").answer("create_issue", issue()).headers == {}
    assert len(titles(turbo)) == 2


def test_another_api_key_of_the_same_person_sees_the_same_keys(turbo: Turbo, ada: Person) -> None:
    """A login in between must not turn a repeated call into a new one."""
    first = ada.with_key("k1").answer("create_issue", issue())
    again = turbo.person("ada").with_key("k1").answer("create_issue", issue())
    assert (again.body, again.headers) == (first.body, REPLAYED)


def test_a_refusal_by_the_state_of_the_data_is_kept(turbo: Turbo, ada: Person) -> None:
    keyed = ada.with_key("k1")
    body = b'{"project": "LATER", "title": "First"}'
    refused = keyed.answer("create_issue", body)
    turbo.call("create_project", key="LATER", name="Later")
    again = keyed.answer("create_issue", body)
    assert (again.status, again.body, again.headers) == (404, refused.body, REPLAYED)
    assert turbo.call("list_issues", project="LATER")["total"] == 0


def test_a_refused_call_is_corrected_under_a_new_key(turbo: Turbo, ada: Person) -> None:
    assert ada.with_key("k1").answer("create_issue", b'{"project": "TURBP", "title": "First"}').status == 404
    assert ada.with_key("k2").answer("create_issue", issue()).status == 200
    assert titles(turbo) == ["First"]


def test_a_conflict_is_kept_and_leaves_nothing_else(turbo: Turbo, ada: Person) -> None:
    body = b'{"key": "TURBO", "name": "Again"}'
    first, again = (ada.with_key("k1").answer("create_project", body) for _ in range(2))
    assert (first.status, again.status, again.body, again.headers) == (409, 409, first.body, REPLAYED)


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("create_issue", b'{"project": "TURBO"}', 422),
        ("create_issue", b"not json", 422),
        ("update_issue", b'{"key": "TURBO-1"}', 422),
        ("create_isue", b"{}", 404),
    ],
)
def test_what_the_arguments_alone_decide_uses_up_no_key(
    turbo: Turbo, ada: Person, name: str, body: bytes, status: int
) -> None:
    keyed = ada.with_key("k1")
    assert keyed.answer(name, body).status == status
    assert rows(turbo) == []
    assert keyed.answer("create_issue", issue()).status == 200


def test_a_defect_uses_up_no_key_and_leaves_nothing(turbo: Turbo, ada: Person) -> None:
    @tool("Break", Effect.CREATE)
    async def break_it(context: Context, arguments: Nothing) -> Nothing2:
        """Breaks after it has written."""
        await context.db.fetch(sql("update projects set name = 'broken' returning id"))
        raise RuntimeError

    broken = replace(turbo.runner, tools={**turbo.runner.tools, "break_it": break_it})
    caller = ada.with_key("k1").caller
    answer = turbo.run(broken.answer("break_it", b"{}", ada.token, caller))
    assert (answer.status, rows(turbo)) == (500, [])
    assert turbo.call("list_projects")["items"][0]["name"] == "Turbo"


def test_a_revoked_key_gets_no_replay(turbo: Turbo, ada: Person) -> None:
    ada.with_key("k1").answer("create_issue", issue())
    turbo.run(turbo.with_database(lambda db: db.fetch(sql("update api_keys set revoked_at = created_at returning id"))))
    assert ada.with_key("k1").answer("create_issue", issue()).status == 401


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


class Nothing(Arguments):
    pass


class Nothing2(Result):
    pass


@pytest.mark.parametrize("new_database", ["postgres"], indirect=True)
def test_the_twin_of_a_slow_call_is_told_when_to_come_back(turbo: Turbo, ada: Person) -> None:
    """On SQLite calls take turns: there the twin waits, and is answered."""
    claimed, go_on = asyncio.Event(), asyncio.Event()

    @tool("Dawdle", Effect.CREATE)
    async def dawdle(context: Context, arguments: Nothing) -> Nothing2:
        """Waits until it is told."""
        claimed.set()
        await go_on.wait()
        return Nothing2()

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


def test_what_a_program_reads_besides_the_body_is_repeated_too(turbo: Turbo, ada: Person) -> None:
    ada.answer("create_issue", issue(status="ready"))
    first, again = (ada.with_key("k1").answer("next_issue", b'{"claim": true}') for _ in range(2))
    assert int(first.headers["Turbo-Lease"]) > 0
    assert (again.body, again.headers) == (first.body, {**first.headers, **REPLAYED})


def test_a_restarted_server_remembers(database_url: str) -> None:
    with Turbo(database_url) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        first = turbo.ada.with_key("k1").answer("create_issue", issue())
    with Turbo(database_url) as turbo:
        again = turbo.ada.with_key("k1").answer("create_issue", issue())
        assert (again.body, again.headers) == (first.body, REPLAYED)
        assert titles(turbo) == ["First"]


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def aging(database_url: str, clock: Clock) -> Any:
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
