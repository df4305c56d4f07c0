"""Mentors: three come with every workspace; others are made, changed, archived and found like any item."""

import json

import pytest

from tests.server.events import newest
from tests.server.harness import Turbo
from turbo_server.kit.role import Role
from turbo_server.mentor.persona.seeds import SEEDS

OPS = {"name": "@Ops", "role": "Night watch", "instructions": "Say what breaks at night.", "watches": "alarms"}


def handles(turbo: Turbo, **filters: object) -> list[str]:
    return [row["key"] for row in turbo.call("list_items", kind="mentor", **filters)["items"]]


def test_three_mentors_are_there_before_anybody_has_asked(turbo: Turbo) -> None:
    """A list only shows them; what names one makes them."""
    listed = turbo.call("list_items", kind="mentor")
    assert [row["key"] for row in listed["items"]] == ["@architect", "@delivery", "@writing"]
    assert listed["total"] == 3
    item = turbo.call("get_item", key="@Architect")
    assert (item["kind"], item["title"], item["version"]) == ("mentor", "Architect", 1)
    assert item["instructions"].startswith("You are the architect")
    assert "created_by" not in item, "nobody here wrote them"
    assert sorted(handles(turbo)) == ["@architect", "@delivery", "@writing"]
    assert handles(turbo, text="DELIV") == ["@delivery"]
    assert turbo.call("search", query="boring thing", kind="mentor")["items"][0]["key"] == "@architect"


def test_what_a_mentor_is_told_is_worth_reading() -> None:
    for seed in SEEDS:
        assert 700 < len(seed.instructions) < 2_500
        assert len(json.dumps(seed.role)) < 60
        assert all(len(line) > 60 for line in seed.instructions.split("\n\n")), "each paragraph is one line"


def test_a_mentor_is_made_and_changed_by_one_tool(turbo: Turbo) -> None:
    made = turbo.call("create_mentor", **OPS, daily_budget=2.5, may_propose=True, model="claude-x")
    assert (made["key"], made["created"], made["version"]) == ("@ops", True, 1)
    changed = turbo.call("create_mentor", name="ops", role="Watch", daily_budget="3", model="none")
    assert changed["version"] == 2
    assert {each["field"] for each in changed["changed"]} == {"title", "model", "daily_budget"}
    assert {"field": "daily_budget", "before": "2.5", "after": "3.0"} in changed["changed"]
    item = turbo.call("get_item", key="@ops", include=["history"])
    assert (item["title"], item["daily_budget"], item["may_propose"]) == ("Watch", 3.0, True)
    assert "model" not in item
    assert [each["action"] for each in item["history"]] == ["updated", "created"]
    turbo.call("undo", event=newest(turbo), confirm=True)
    assert turbo.call("get_item", key="@ops")["title"] == "Night watch"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "ops"}, "needs role and instructions"),
        ({"name": "ops", "role": "x"}, "needs instructions"),
        ({"name": "architect"}, "there is @architect already"),
        ({"name": "no spaces"}, "is not a mentor's name"),
        ({"name": "ops", "daily_budget": -1}, "0 to 10000 dollars"),
        ({"name": "ops", "daily_budget": "0.001"}, "whole cents"),
        ({"name": "ops", "role": "x", "instructions": "x" * 4_001}, "is over 4000 characters"),
    ],
)  # fmt: skip
def test_what_makes_no_mentor_says_what_is_missing(turbo: Turbo, given: dict[str, object], said: str) -> None:
    assert said in turbo.refused("create_mentor", **given).message


def test_two_who_make_the_same_mentor_make_one(turbo: Turbo) -> None:
    outcomes = turbo.together([("create_mentor", {**OPS, "role": f"Watch {n}"}) for n in range(4)])
    assert sum(bool(each.get("created")) for each in outcomes) == 1
    assert len(handles(turbo)) == 4


def test_an_archived_mentor_is_asked_nothing(turbo: Turbo) -> None:
    turbo.call("create_mentor", **OPS)
    turbo.call("archive_item", key="@ops")
    assert "@ops" not in handles(turbo)
    assert handles(turbo, status=["archived"]) == ["@ops"]
    refused = turbo.refused("ask_mentor", mentor="ops", question="What broke?")
    assert refused.code == "item_archived"
    assert "restore_item(key=@ops)" in refused.hint
    turbo.call("restore_item", key="@ops")
    assert turbo.call("ask_mentor", mentor="ops", question="What broke?")["mentor"] == "@ops"


def test_a_mentor_that_was_asked_is_not_taken_back(turbo: Turbo) -> None:
    turbo.call("create_mentor", **OPS)
    event = newest(turbo)
    turbo.call("ask_mentor", mentor="ops", question="What broke?")
    assert "ASK-1" in turbo.refused("undo", event=event, confirm=True).message
    assert turbo.call("get_item", key="@ops")["conversations"] == ["ASK-1"]


def test_a_name_that_nobody_has_is_answered_with_the_nearest(turbo: Turbo) -> None:
    refused = turbo.refused("ask_mentor", mentor="architekt", question="Why?")
    assert refused.code == "mentor_not_found"
    assert "@architect" in refused.hint


def test_another_workspace_has_mentors_of_its_own(turbo: Turbo) -> None:
    turbo.call("create_mentor", **OPS)
    fay = turbo.person("fay", workspace="elsewhere", role=Role.OWNER)
    assert fay.refused("get_item", key="@ops").code == "mentor_not_found"
    fay.call("create_mentor", name="architect", role="Another")
    assert turbo.call("get_item", key="@architect")["title"] == "Architect"
