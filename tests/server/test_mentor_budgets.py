"""The budgets of a day: nobody spends beyond them, on however many machines, and what was spent is counted."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.mentor_api import MentorApi
from tests.mentor_replies import breaks, calls, says
from tests.server.answering import api, ask, clock, settings, turbo
from tests.server.clock import Clock
from tests.server.harness import Turbo
from turbo_server.mentor.answering import store
from turbo_server.mentor.answering.budget import Asker, BudgetUsedUp, Purse, purse_of
from turbo_server.mentor.answering.prices import PRICES, Price, Tokens, dollars, price_of
from turbo_server.mentor_settings import MICROS, MentorSettings

__all__ = ["api", "clock", "turbo"]


def with_budget(turbo: Turbo, api: MentorApi, clock: Clock, **budgets: Any) -> Turbo:
    """A second server on the same database."""
    return Turbo(turbo.settings.database_url, clock=clock, mentor=settings(api, **budgets))


@pytest.mark.parametrize(
    ("budget", "whose"),
    [("person_budget", "What ada asks mentors"), ("workspace_budget", "This workspace's mentors")],
)
def test_a_budget_that_is_used_up_ends_in_the_turn_and_says_when_it_begins_anew(
    turbo: Turbo, api: MentorApi, clock: Clock, budget: str, whose: str
) -> None:
    api.script("dear", says("Costly.", tokens=8_000))
    with with_budget(turbo, api, clock, **{budget: 200_000}) as poor:
        assert ask(poor, "dear")["state"] == "done"
        failed = ask(poor, "dear")
        assert failed["state"] == "failed"
        assert failed["error"].startswith(f"{whose} may cost $0.20 a day; ")
        assert "2026-03-03T00:00:00Z, midnight UTC, in 15 h 0 min" in failed["error"]
        assert len(api.asked("dear")) == 1
        clock.now += timedelta(hours=15)
        assert ask(poor, "dear")["state"] == "done"


def test_a_mentor_may_have_a_budget_of_its_own(turbo: Turbo, api: MentorApi) -> None:
    turbo.call("create_mentor", name="architect", daily_budget=0)
    assert ask(turbo, "for free")["error"].startswith("@architect may cost $0.00 a day")
    assert api.requests == []
    turbo.call("create_mentor", name="architect", daily_budget=2)
    assert ask(turbo, "for money")["state"] == "done"
    assert turbo.ada.ask("GET", "/v1/usage")["days"][0]["mentors"]["@architect"]["answers"] == 1


def test_a_question_that_is_refused_for_its_price_reserves_nothing(turbo: Turbo, api: MentorApi, clock: Clock) -> None:
    with with_budget(turbo, api, clock, workspace_budget=1) as poor:
        ask(poor, "dear")
        (usage,) = [poor.ada.ask("GET", "/v1/usage")]
    assert usage["days"] == []


def test_those_who_ask_at_once_never_spend_beyond_it(turbo: Turbo) -> None:
    """Each on a connection of its own. So much is wanted by each that four fit: of twenty, four may."""
    for number in range(20):
        turbo.call("ask_mentor", mentor="architect", question=f"question {number}")
    budgets = MentorSettings(person_budget=1_000, workspace_budget=5_000)
    purses = [purse_of(budgets, 1, turn, Asker(1, "ada"), (1, "architect", None)) for turn in range(1, 21)]

    async def one(purse: Purse) -> str:
        try:
            async with turbo.runner.database.connection() as db:
                await store.begin(db, 1, (purse.turn_id, 1), "m", "", turbo.runner.clock())
            await purse.reserve(turbo.runner.database, 250, turbo.runner.clock())
        except BudgetUsedUp:
            return "refused"
        return "reserved"

    async def all_at_once() -> list[str]:
        return list(await asyncio.gather(*map(one, purses)))

    outcomes = turbo.run(all_at_once())
    assert outcomes.count("reserved") == 4
    assert _today(turbo)["reserved"] == 0.001
    purse = purses[outcomes.index("reserved")]
    for _ in range(2):
        turbo.run(turbo.with_database(lambda db: purse.settle(db, 100, Tokens())))
    assert (_today(turbo)["reserved"], _today(turbo)["usd"]) == (0.00075, 0.0001)


def _today(turbo: Turbo) -> dict[str, Any]:
    (day,) = turbo.ada.ask("GET", "/v1/usage")["days"]
    total: dict[str, Any] = day["total"]
    return total


@pytest.mark.parametrize("ending", ["cut", "mute", "error"])
def test_what_a_broken_answer_has_cost_is_counted(turbo: Turbo, api: MentorApi, clock: Clock, ending: Any) -> None:
    api.script("broken", breaks(ending, "x" * 3_000), says("Whole.", tokens=10))
    ask(turbo, "broken")
    (day,) = turbo.ada.ask("GET", "/v1/usage")["days"]
    assert 0 < day["total"]["output_tokens"] <= 1_050
    assert ending == "cut" or day["total"]["output_tokens"] >= 1_000  # what is torn off takes some of it along
    assert day["total"].get("reserved") is None
    first = day["total"]["usd"]
    clock.now += timedelta(seconds=5)
    turbo.catch_up()
    (day,) = turbo.ada.ask("GET", "/v1/usage")["days"]
    assert day["total"]["usd"] > first > 0
    assert day["total"]["answers"] == 1


def test_an_attempt_that_died_is_paid_for_and_begun_anew(turbo: Turbo, api: MentorApi, clock: Clock) -> None:
    """The machine is gone in the middle of a stream: nobody was left to settle."""
    api.script("die", breaks("mute", "x" * 3_000), says("Alive."))
    turbo.call("ask_mentor", mentor="architect", question="die")

    async def killed() -> None:
        work = asyncio.ensure_future(turbo.background.catch_up())
        while not (await turbo.ada.calling("ask_mentor", {"conversation": "ASK-1"})).get("so_far"):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        for task in list(turbo.background.worker._work):
            task.cancel()
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    turbo.run(killed())
    assert turbo.ada.ask("GET", "/v1/usage")["days"][0]["total"]["reserved"] > 0
    clock.now += timedelta(minutes=2)
    turbo.catch_up()
    assert turbo.call("ask_mentor", conversation="ASK-1")["answer"] == "Alive."
    (day,) = turbo.ada.ask("GET", "/v1/usage")["days"]
    assert day["total"].get("reserved") is None
    assert len(api.asked("die")) == 2


def test_a_round_with_tools_is_paid_for_like_any_other(turbo: Turbo, api: MentorApi) -> None:
    api.script("look", calls("list_projects", {}), says("Seen.", tokens=500))
    ask(turbo, "look")
    (turn,) = turbo.call("get_item", key="ASK-1")["turns"]
    (day,) = turbo.ada.ask("GET", "/v1/usage")["days"]
    assert turn["cost"].startswith(dollars(round(day["total"]["usd"] * MICROS)))
    assert day["total"]["output_tokens"] > 500


def test_a_model_whose_price_is_not_known_is_not_asked(turbo: Turbo, api: MentorApi, clock: Clock) -> None:
    turbo.call("create_mentor", name="architect", model="claude-next-9")
    assert "TURBO_MENTOR_PRICES" in ask(turbo, "how much")["error"]
    assert api.requests == []
    with with_budget(turbo, api, clock, prices=(3 * MICROS, 15 * MICROS)) as told:
        assert ask(told, "how much")["model"] == "claude-next-9"


def test_prices_round_up_and_follow_the_length_of_a_prompt() -> None:
    haiku = PRICES["claude-haiku-5-5"]
    assert haiku.of(Tokens(input=1)) == 1
    assert haiku.of(Tokens(input=100_000, output=1_000)) == 10_500
    assert haiku.of(Tokens(input=100_001, output=1_000)) == 52_501
    assert Price(2_000_000, 10_000_000, 2_500_000, 100_000).at_most(1_000, 100) == 3_500
    assert price_of("claude-haiku-4-5-20251001", MentorSettings()) is PRICES["claude-haiku-4-5"]
    assert price_of("claude-unheard-of", MentorSettings()) is None
    assert [dollars(each) for each in (0, 12, 12_345, 2_500_000)] == ["$0.00", "$0.000012", "$0.01", "$2.50"]
