"""Claims: one session an issue, until it lets go, says nothing for too long, or its program ends."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.server.agents import Clock, agent, history, take, three_issues
from tests.server.harness import Person, Turbo
from turbo_server.kit.answer import Answer
from turbo_server.kit.tool import Tool
from turbo_server.queue import ENDPOINTS
from turbo_server.queue.types import LEASE_SECONDS

RENEW, END = (each.tool for each in ENDPOINTS if each.path == "/v1/leases")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def turbo(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock=clock) as server:
        yield three_issues(server)


def endpoint(person: Person, tool: Tool) -> Answer:
    return person.turbo.run(person.turbo.runner.answer_endpoint(tool, b"", person.token, person.caller))


def test_a_claim_starts_the_issue_for_its_session(turbo: Turbo) -> None:
    answer = agent(turbo, "a").call("next_issue", claim=True)
    assert (answer["issue"]["key"], answer["issue"]["status"], answer["issue"]["assignee"]) == (
        "TURBO-1", "in_progress", "ada",
    )  # fmt: skip
    assert answer["claimed_until"] == "2026-11-23T12:15:00Z"
    assert [each["key"] for each in answer["then"]] == ["TURBO-2", "TURBO-3"]
    assert history(turbo, "TURBO-1") == ["created", "claimed"]
    line = turbo.call("get_status")["in_progress"]["items"][0]
    assert (line["key"], line["claimed_by"]) == ("TURBO-1", "laptop/a")


def test_an_issue_shows_who_holds_it_as_long_as_that_holds(turbo: Turbo, clock: Clock) -> None:
    assert "claimed" not in turbo.call("get_item", key="TURBO-1")
    take(agent(turbo, "a"))
    holder = {"by": "ada", "machine": "laptop", "session": "a", "until": "2026-11-23T12:15:00Z"}
    assert agent(turbo, "b").call("get_item", key="TURBO-1")["claimed"] == holder
    clock.forward(LEASE_SECONDS + 1)
    assert "claimed" not in turbo.call("get_item", key="TURBO-1")
    take(agent(turbo, "b"), key="TURBO-1")
    agent(turbo, "b").call("release_issue", key="TURBO-1", outcome="done")
    assert "claimed" not in turbo.call("get_item", key="TURBO-1")


def test_whoever_asks_again_gets_the_claimed_issue_back(turbo: Turbo) -> None:
    a = agent(turbo, "a")
    assert [take(a), take(a)] == ["TURBO-1", "TURBO-1"]
    again = a.call("next_issue")
    assert (again["issue"]["key"], again["why"]) == ("TURBO-1", "you hold it already")
    assert [each["key"] for each in again["then"]] == ["TURBO-2", "TURBO-3"]
    assert take(a, key="turbo-3") == "TURBO-3"
    assert [take(agent(turbo, name)) for name in ("b", "c")] == ["TURBO-2", None]


def test_the_same_session_name_on_another_machine_is_another_session(turbo: Turbo) -> None:
    assert [take(agent(turbo, "a")), take(agent(turbo, "a", machine="server"))] == ["TURBO-1", "TURBO-2"]


def test_callers_without_a_session_get_a_new_issue_each_time(turbo: Turbo) -> None:
    nobody = agent(turbo, None)
    assert [take(nobody) for _ in range(4)] == ["TURBO-1", "TURBO-2", "TURBO-3", None]


def test_a_claimed_issue_is_refused_with_who_holds_it_and_until_when(turbo: Turbo) -> None:
    take(agent(turbo, "a"))
    refusal = agent(turbo, "b").refused("next_issue", key="TURBO-1", claim=True)
    assert refusal.code == "issue_claimed"
    assert refusal.message == "TURBO-1 is claimed by ada on laptop, session a until 2026-11-23T12:15:00Z."
    assert agent(turbo, "b").call("next_issue", key="TURBO-1")["issue"]["key"] == "TURBO-1"


def test_what_is_over_or_somebody_elses_is_not_claimed_by_key(turbo: Turbo) -> None:
    turbo.person("bob")
    turbo.call("update_issue", key="TURBO-1", status="done")
    turbo.call("update_issue", key="TURBO-2", assignee="bob")
    for key, words in (("TURBO-1", "is done"), ("TURBO-2", "is bob's")):
        refusal = turbo.refused("next_issue", key=key, claim=True)
        assert refusal.code == "not_takeable"
        assert words in refusal.message


def test_a_lapsed_lease_returns_the_issue(turbo: Turbo, clock: Clock) -> None:
    take(agent(turbo, "a"))
    clock.forward(LEASE_SECONDS - 1)
    assert take(agent(turbo, "b")) == "TURBO-2"
    clock.forward(1)
    answer = agent(turbo, "c").call("next_issue", claim=True)
    assert (answer["issue"]["key"], answer["why"]) == ("TURBO-1", "already started")
    assert take(agent(turbo, "a")) == "TURBO-3"
    assert history(turbo, "TURBO-1") == ["created", "claimed", "claimed"]


def test_a_sign_of_life_lets_a_claim_hold_on(turbo: Turbo, clock: Clock) -> None:
    a, b = agent(turbo, "a"), agent(turbo, "b")
    take(a)
    for _ in range(4):
        clock.forward(LEASE_SECONDS // 2)
        assert json.loads(endpoint(a, RENEW).body) == {"leases": 1, "seconds": LEASE_SECONDS}
    assert take(b) == "TURBO-2"
    assert json.loads(endpoint(agent(turbo, "c"), RENEW).body) == {"leases": 0, "seconds": 0}


def test_a_claim_that_lapsed_in_sleep_holds_again_unless_it_was_taken(turbo: Turbo, clock: Clock) -> None:
    a, b = agent(turbo, "a"), agent(turbo, "b")
    take(a)
    clock.forward(LEASE_SECONDS * 2)
    assert json.loads(endpoint(a, RENEW).body)["leases"] == 1
    assert take(b) == "TURBO-2"
    clock.forward(LEASE_SECONDS * 2)
    assert take(agent(turbo, "c")) == "TURBO-1"
    assert json.loads(endpoint(a, RENEW).body)["leases"] == 0


def test_the_end_of_a_session_returns_its_issues_at_once(turbo: Turbo) -> None:
    a = agent(turbo, "a")
    take(a)
    take(a, key="TURBO-2")
    assert json.loads(endpoint(a, END).body) == {"leases": 0, "seconds": 0}
    assert [take(agent(turbo, name)) for name in "bcde"] == ["TURBO-1", "TURBO-2", "TURBO-3", None]


def test_an_answer_tells_how_long_the_lease_is(turbo: Turbo) -> None:
    a = agent(turbo, "a")

    def lease(tool: str, **arguments: object) -> str | None:
        answer = a.answer(tool, json.dumps(arguments).encode())
        assert answer.status == 200
        return answer.headers.get("Turbo-Lease")

    assert lease("next_issue") is None
    assert lease("next_issue", claim=True) == "900"
    assert lease("next_issue", claim=True, key="TURBO-2") == "900"
    assert lease("get_status") is None
    assert lease("release_issue", key="TURBO-1", outcome="done") == "900"
    assert lease("release_issue", key="TURBO-2", outcome="done") == "0"


def test_moving_an_issue_elsewhere_ends_its_claim(turbo: Turbo) -> None:
    a = agent(turbo, "a")
    take(a)
    turbo.call("update_issue", key="TURBO-1", status="ready")
    assert json.loads(endpoint(a, RENEW).body)["leases"] == 0
    assert take(agent(turbo, "b")) == "TURBO-1"


def test_many_agents_at_once_never_get_the_same_issue(turbo: Turbo) -> None:
    for number in range(40):
        turbo.call("create_issue", project="TURBO", title=str(number))
    agents = [agent(turbo, f"agent-{number}") for number in range(32)]

    async def all_at_once() -> list[Any]:
        return list(await asyncio.gather(*(each.calling("next_issue", {"claim": True}) for each in agents)))

    keys = [answer["issue"]["key"] for answer in turbo.run(all_at_once())]
    assert len(set(keys)) == 32
    assert set(keys) == {f"TURBO-{number}" for number in range(1, 33)}


def test_agents_working_a_queue_dry_do_every_issue_once(turbo: Turbo) -> None:
    for number in range(60):
        turbo.call("create_issue", project="TURBO", title=str(number))
    done: Counter[str] = Counter()

    async def work(person: Person) -> None:
        while key := (await person.calling("next_issue", {"claim": True})).get("issue", {}).get("key"):
            done[key] += 1
            await person.calling("release_issue", {"key": key, "outcome": "done"})

    async def all_of_them() -> None:
        await asyncio.gather(*(work(agent(turbo, f"agent-{number}")) for number in range(16)))

    turbo.run(all_of_them())
    assert done == Counter(f"TURBO-{number}" for number in range(1, 64))


def test_two_who_want_one_issue_by_key_do_not_both_get_it(turbo: Turbo) -> None:
    calls = [agent(turbo, name) for name in "abcd"]

    async def all_at_once() -> list[Any]:
        work = [each.calling("next_issue", {"claim": True, "key": "TURBO-2"}) for each in calls]
        return list(await asyncio.gather(*work, return_exceptions=True))

    outcomes = turbo.run(all_at_once())
    assert sorted(getattr(each, "code", "claimed") for each in outcomes) == ["claimed", *["issue_claimed"] * 3]
