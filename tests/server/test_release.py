"""How an agent lets go of an issue: done, handed back, or with a question to a person."""

from collections.abc import Iterator

import pytest

from tests.server.agents import Clock, agent, history, take, three_issues
from tests.server.harness import Turbo


@pytest.fixture
def turbo(database_url: str) -> Iterator[Turbo]:
    with Turbo(database_url, clock=Clock()) as server:
        yield three_issues(server)


def test_done_ends_the_claim_and_logs_the_work(turbo: Turbo) -> None:
    a = agent(turbo, "a")
    take(a)
    released = a.call("release_issue", key="TURBO-1", outcome="done", text="It holds now.")
    assert (released["status"], "next_issue" in released["next"]) == ("done", True)
    item = turbo.call("get_item", key="TURBO-1", include=["work_log"])
    assert (item["status"], item["latest_work"][0]["text"]) == ("done", "It holds now.")
    assert take(a) == "TURBO-2"


def test_handing_back_needs_a_reason_and_keeps_the_handoff(turbo: Turbo) -> None:
    a = agent(turbo, "a")
    take(a)
    assert "the reason" in a.refused("release_issue", key="TURBO-1", outcome="handed_back").hint
    a.call("update_issue", key="TURBO-1", handoff="half of it")
    assert a.call("release_issue", key="TURBO-1", outcome="handed back", text="No access.")["status"] == "ready"
    item = turbo.call("get_item", key="TURBO-1", include=["comments"])
    assert ("assignee" in item, item["handoff"], item["latest_comments"][0]["text"]) == (
        False, {"state": "half of it"}, "No access.",
    )  # fmt: skip
    assert [take(a), take(agent(turbo, "b"))] == ["TURBO-2", "TURBO-1"]


def test_a_session_is_not_offered_what_it_handed_back(turbo: Turbo) -> None:
    a = agent(turbo, "a")
    for _ in range(3):
        a.call("release_issue", key=str(take(a)), outcome="handed_back", text="cannot")
    answer = a.call("next_issue", claim=True)
    assert "of 3 open, 3 handed back by this session" in answer["nothing"]
    assert take(a, key="TURBO-2") == "TURBO-2"


def test_a_question_waits_for_a_person_and_is_seen_first(turbo: Turbo) -> None:
    a = agent(turbo, "a")
    take(a)
    a.call("release_issue", key="TURBO-1", outcome="needs_human", text="Which of the two colours?")
    asked = turbo.call("get_status")["questions"]
    assert [(each["key"], each["question"]) for each in asked["items"]] == [("TURBO-1", "Which of the two colours?")]
    assert turbo.call("get_item", key="TURBO-1")["question"] == "Which of the two colours?"
    assert take(agent(turbo, "b")) == "TURBO-2"
    turbo.call("update_issue", key="TURBO-1", status="ready", note="Blue.")
    assert "question" not in turbo.call("get_item", key="TURBO-1")
    assert "questions" not in turbo.call("get_status")
    assert history(turbo, "TURBO-1") == ["created", "claimed", "asked", "commented", "updated", "commented"]


def test_another_person_does_not_release_it_but_ones_own_other_session_does(turbo: Turbo) -> None:
    bob = turbo.person("bob")
    take(agent(turbo, "a"))
    assert bob.refused("release_issue", key="TURBO-1", outcome="done").code == "issue_claimed"
    assert agent(turbo, "b").call("release_issue", key="TURBO-1", outcome="done")["status"] == "done"
    assert bob.call("release_issue", key="TURBO-3", outcome="done")["status"] == "done"
    assert bob.refused("release_issue", key="TURBO-3", outcome="handed_back", text="x").code == "not_takeable"
