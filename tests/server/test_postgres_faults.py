"""What a call answers when the line to Postgres breaks, goes silent or is lost while it commits."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.relay import Cut, Relay, relayed
from tests.server.harness import ToolFailed, Turbo
from tests.server.keyed_calls import REPLAYED, code_of, issue, titles
from turbo_server.app import create_app
from turbo_server.kit.patience import OF_CALLS
from turbo_server.kit.sql import sql
from turbo_server.settings import Settings

HASTY = replace(OF_CALLS, room=10, connect=2, first=0.3, lock=0.3, statement=1, call=5, idle=0.2, close=0.3)
CREATE = "create_issue"


@pytest.fixture
def line(make_database: Callable[[str], str]) -> Iterator[tuple[Relay, str]]:
    with relayed(make_database("postgres")) as (relay, url):
        yield relay, url


@pytest.fixture
def relay(line: tuple[Relay, str]) -> Relay:
    return line[0]


@pytest.fixture
def turbo(line: tuple[Relay, str]) -> Iterator[Turbo]:
    with Turbo(line[1], patience=HASTY) as server:
        server.call("create_project", key="TURBO", name="Turbo")
        yield server


def test_a_silent_connection_is_noticed_and_the_call_still_done(turbo: Turbo, relay: Relay) -> None:
    relay.silence()
    started = time.monotonic()
    assert turbo.call(CREATE, project="TURBO", title="First")["key"] == "TURBO-1"
    assert time.monotonic() - started < 3


def test_one_silent_connection_tells_of_all_the_others(turbo: Turbo, relay: Relay) -> None:
    warm = turbo.together([("get_status", {})] * 30)
    assert len(warm) == 30
    assert relay.lines > 4
    relay.silence()
    turbo.call("get_status")
    said = relay.swallowed
    assert all(isinstance(each, dict) for each in turbo.together([("get_status", {})] * 30))
    assert relay.swallowed == said, "no other connection was tried"


def test_a_line_that_goes_silent_within_a_call_leaves_nothing_behind(turbo: Turbo, relay: Relay) -> None:
    with turbo.counting() as statements:
        turbo.call(CREATE, project="TURBO", title="First")
    in_the_middle = len(statements) // 2

    async def silent_after(count: int) -> Any:
        work = asyncio.ensure_future(turbo.ada.calling(CREATE, {"project": "TURBO", "title": "Second"}))
        seen = len(statements)
        while len(statements) < seen + count and not work.done():  # noqa: ASYNC110 - other code's list
            await asyncio.sleep(0)
        relay.silence()
        return await asyncio.gather(work, return_exceptions=True)

    with turbo.counting() as statements:
        (refused,) = turbo.run(silent_after(in_the_middle))
    assert isinstance(refused, ToolFailed)
    assert (refused.status, refused.code) == (503, "database_unavailable")
    assert "nothing was saved" in refused.message
    assert titles(turbo) == ["First"]


def test_idle_connections_are_closed(turbo: Turbo, relay: Relay) -> None:
    turbo.together([("get_status", {})] * 30)

    async def until_drained() -> None:
        async with asyncio.timeout(3):
            while relay.lines:  # noqa: ASYNC110 - in another thread
                await asyncio.sleep(0.02)

    turbo.run(until_drained())


def test_a_broken_connection_is_replaced(turbo: Turbo, relay: Relay) -> None:
    relay.reset()
    assert turbo.call(CREATE, project="TURBO", title="First")["key"] == "TURBO-1"


@pytest.mark.parametrize("how", ["refuses", "mute"])
def test_a_database_that_is_away_is_no_success_and_says_when_to_come_back(turbo: Turbo, relay: Relay, how: str) -> None:
    setattr(relay, how, True)
    relay.reset()
    answer = turbo.ada.answer(CREATE, issue())
    assert (answer.status, code_of(answer)) == (503, "database_unavailable")
    assert answer.headers["Retry-After"] == "2"
    setattr(relay, how, False)
    assert turbo.call(CREATE, project="TURBO", title="First")["key"] == "TURBO-1"


@pytest.mark.parametrize(
    ("cut", "saved"),
    [(Cut.BEFORE_COMMIT, []), (Cut.AFTER_COMMIT, ["First"]), (Cut.SILENT_AFTER_COMMIT, ["First"])],
)
def test_a_connection_lost_in_the_commit_is_an_unknown_outcome_which_the_key_settles(
    turbo: Turbo, relay: Relay, cut: Cut, saved: list[str]
) -> None:
    relay.commits = [cut]
    keyed = turbo.ada.with_key("k1")
    answer = keyed.answer(CREATE, issue())
    assert (answer.status, code_of(answer)) == (503, "outcome_unknown")
    assert answer.headers["Retry-After"] == "1"
    assert titles(turbo) == saved
    again = keyed.answer(CREATE, issue())
    assert again.status == 200
    assert (again.headers == REPLAYED) is bool(saved)
    assert titles(turbo) == ["First"]


def test_calls_that_find_no_free_connection_are_not_kept_waiting(line: tuple[Relay, str]) -> None:
    with Turbo(line[1], patience=replace(HASTY, room=0.3)) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        _crowd(turbo)


def _crowd(turbo: Turbo) -> None:
    release = asyncio.Event()

    async def hold() -> None:
        async with turbo.runner.database.connection():
            await release.wait()

    async def crowded() -> list[Any]:
        holders = [asyncio.ensure_future(hold()) for _ in range(10)]
        await asyncio.sleep(0)
        work = [turbo.runner.answer(CREATE, issue(), turbo.ada.token, turbo.ada.caller) for _ in range(20)]
        answers = await asyncio.gather(*work)
        release.set()
        await asyncio.gather(*holders)
        return list(answers)

    answers = turbo.run(crowded())
    assert {(answer.status, code_of(answer), answer.headers["Retry-After"]) for answer in answers} == {
        (503, "server_busy", "1")
    }
    assert turbo.call(CREATE, project="TURBO", title="First")["key"] == "TURBO-1"


def test_a_call_that_was_given_up_leaves_its_connection_of_use(turbo: Turbo) -> None:
    async def give_up() -> None:
        for _ in range(30):
            work = asyncio.ensure_future(turbo.ada.calling(CREATE, {"project": "TURBO", "title": "Given up"}))
            await asyncio.sleep(0.002)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    turbo.run(give_up())
    assert all(isinstance(each, dict) for each in turbo.together([("get_status", {})] * 20))


def test_a_stop_does_not_wait_for_a_silent_line(line: tuple[Relay, str]) -> None:
    relay, url = line
    with Turbo(url, patience=HASTY) as server:
        server.together([("get_status", {})] * 5)
        relay.silence()
        started = time.monotonic()
    assert time.monotonic() - started < 3


def test_settings_reach_every_connection_also_through_a_pooler(make_database: Callable[[str], str]) -> None:
    shown = sql("select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement")
    url = make_database("postgres")
    for each in (url, f"{url}&pgbouncer=true"):
        with Turbo(each, patience=HASTY) as server:

            async def within() -> dict[str, Any]:
                async with server.runner.database.connection() as db, db.transaction():
                    (row,) = await db.fetch(shown)
                    return dict(row)

            assert server.run(within()) == {"lock": "300ms", "statement": "1s"}


def test_an_application_that_was_never_connected_says_so(line: tuple[Relay, str]) -> None:
    relay, url = line
    relay.refuses = True
    app = create_app(Settings(database_url=url, patience=HASTY, environment="production"))

    async def start() -> None:
        async with app.router.lifespan_context(app):
            pass

    with pytest.raises(Exception, match="The database does not answer"):
        asyncio.run(start())
