"""What the page's own addresses tell of mentors, conversations and proposals, and what they change."""

from datetime import timedelta
from typing import Any

import pytest

from tests.mentor_api import MentorApi
from tests.server.answering import api, ask, clock, turbo
from tests.server.clock import Clock
from tests.server.harness import ToolFailed, Turbo
from tests.server.page_calls import proposed, refused

__all__ = ["api", "clock", "turbo"]


def mentors(turbo: Turbo, **arguments: object) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in turbo.ada.ask("GET", "/v1/mentors", **arguments)["items"]}


def test_the_mentors_that_come_with_turbo_are_shown_before_anybody_asks(turbo: Turbo) -> None:
    listed = turbo.ada.ask("GET", "/v1/mentors")
    assert (listed["answers_itself"], listed["model"]) == (True, "claude-sonnet-5-5")
    assert [(each["key"], each["is_made"]) for each in listed["items"]] == [
        ("@architect", False), ("@delivery", False), ("@writing", False)
    ]  # fmt: skip
    architect = listed["items"][0]
    assert (architect["model"], architect["has_own_model"], architect["spent_today"]) == ("claude-sonnet-5-5", False, 0)
    assert turbo.ada.ask("GET", "/v1/conversations", mentor="architect")["total"] == 0


def test_a_mentor_is_shown_with_what_waits_with_it_and_what_it_has_cost_today(
    turbo: Turbo, api: MentorApi, clock: Clock
) -> None:
    proposed(turbo, api)
    ask(turbo, "another")
    turbo.call("ask_mentor", mentor="architect", question="for a model at hand", brief_only=True)
    architect, delivery = mentors(turbo)["architect"], mentors(turbo)["delivery"]
    assert (architect["conversations"], architect["unanswered"], architect["to_decide"]) == (3, 1, 1)
    assert (architect["answers_today"], delivery["answers_today"], delivery["spent_today"]) == (2, 0, 0)
    (day,) = turbo.ada.ask("GET", "/v1/usage")["days"]
    assert architect["spent_today"] == day["mentors"]["@architect"]["usd"] == day["total"]["usd"] > 0
    turbo.call("archive_item", key="ASK-1")
    assert (mentors(turbo)["architect"]["conversations"], mentors(turbo)["architect"]["to_decide"]) == (2, 0)
    clock.now += timedelta(days=1)
    assert mentors(turbo)["architect"]["spent_today"] == 0


def test_what_was_put_away_is_shown_apart(turbo: Turbo) -> None:
    ask(turbo, "first")
    turbo.call("archive_item", key="@writing")
    assert set(mentors(turbo)) == {"architect", "delivery"}
    (away,) = turbo.ada.ask("GET", "/v1/mentors", archived=True)["items"]
    assert (away["key"], away["archived_at"]) == ("@writing", "2026-03-02T09:00:00Z")


def test_a_mentor_is_made_and_changed_and_a_stale_change_is_refused(turbo: Turbo) -> None:
    given: dict[str, Any] = {"name": "security", "role": "Looks for abuse", "instructions": "Think of who wants in."}
    made = turbo.ada.ask("POST", "/v1/mentors", **given, daily_budget=2)
    assert (made["key"], made["created"], mentors(turbo)["security"]["daily_budget"]) == ("@security", True, 2)
    changed = turbo.ada.ask("POST", "/v1/mentors", name="security", daily_budget="none", version=made["version"])
    assert "daily_budget" not in mentors(turbo)["security"]
    stale = refused(turbo, "POST", "/v1/mentors", name="security", instructions="Mine.", version=made["version"])
    assert stale.code == "version_conflict"
    assert stale.current is not None
    assert stale.current["version"] == changed["version"]
    assert turbo.call("get_item", key="@security")["instructions"] == "Think of who wants in."


def test_conversations_are_listed_by_mentor_state_and_what_they_are_about(turbo: Turbo, api: MentorApi) -> None:
    turbo.call("create_issue", project="TURBO", title="Choose a queue")
    proposed(turbo, api)
    ask(turbo, "of the issue", about="TURBO-1", mentor="delivery")
    turbo.call("ask_mentor", mentor="writing", question="waits", brief_only=True)

    def listed(**filters: object) -> list[str]:
        return [row["key"] for row in turbo.ada.ask("GET", "/v1/conversations", **filters)["items"]]

    assert listed() == ["ASK-3", "ASK-2", "ASK-1"]
    assert listed(mentor="@delivery") == listed(about="TURBO-1") == listed(project="turbo") == ["ASK-2"]
    assert (listed(status="waiting"), listed(status=["done"]), listed(text="NEXT")) == (
        ["ASK-3"], ["ASK-2", "ASK-1"], ["ASK-1"]
    )  # fmt: skip
    first, _, last = turbo.ada.ask("GET", "/v1/conversations")["items"]
    assert (last["mentor"], last["turns"], last["to_decide"], first["to_decide"]) == ("@architect", 1, 1, 0)
    (about,) = turbo.ada.ask("GET", "/v1/conversations", about="TURBO-1")["items"]
    assert about["about"] == {"key": "TURBO-1", "title": "Choose a queue", "status": "backlog"}
    turbo.call("archive_item", key="ASK-2")
    assert (listed(), listed(status="archived")) == (["ASK-3", "ASK-1"], ["ASK-2"])
    assert "no mentor @nobody" in refused(turbo, "GET", "/v1/conversations", mentor="nobody").message


def test_conversations_are_read_page_by_page(turbo: Turbo) -> None:
    for number in range(5):
        turbo.call("ask_mentor", mentor="writing", question=f"question {number}", brief_only=True)
    read_so_far, cursor = [], None
    while True:
        page = turbo.ada.ask("GET", "/v1/conversations", limit=2, **({"cursor": cursor} if cursor else {}))
        read_so_far += [row["key"] for row in page["items"]]
        assert page["total"] == 5
        if not (cursor := page["next_cursor"]):
            break
    assert read_so_far == [f"ASK-{number}" for number in range(5, 0, -1)]


def test_nobody_is_told_of_conversations_that_he_does_not_see(turbo: Turbo) -> None:
    turbo.call("create_project", key="SECRET", name="Secret")
    turbo.call("create_issue", project="SECRET", title="The merger")
    turbo.ada.ask("POST", "/v1/access", project="SECRET", private=True)
    turbo.call("ask_mentor", mentor="architect", question="merger?", about="SECRET-1", brief_only=True)
    bob, fay = turbo.person("bob"), turbo.person("fay", workspace="elsewhere")
    assert mentors(turbo)["architect"]["unanswered"] == 1
    for stranger in (bob, fay):
        listed = stranger.ask("GET", "/v1/mentors")["items"]
        assert [each["conversations"] + each["unanswered"] for each in listed] == [0, 0, 0]
        assert stranger.ask("GET", "/v1/conversations")["items"] == []
        with pytest.raises(ToolFailed, match="conversation_not_found"):
            stranger.ask("GET", "/v1/conversation", key="ASK-1")
    assert fay.ask("GET", "/v1/usage")["days"] == []


def test_usage_tells_the_budgets_and_when_they_begin_anew(turbo: Turbo) -> None:
    turbo.call("create_mentor", name="architect", daily_budget=2.5)
    ask(turbo, "something")
    usage = turbo.ada.ask("GET", "/v1/usage")
    assert usage["budgets"] == {"workspace": 25, "person": 5, "mentors": {"@architect": 2.5}}
    assert (usage["today"], usage["resets_at"]) == ("2026-03-02", "2026-03-03T00:00:00Z")
    assert usage["days"][0]["mentors"]["@architect"]["usd"] == usage["days"][0]["people"]["ada"]["usd"]
