"""Who does not belong to a private project never learns that it is there."""

import json
from typing import Any, get_args

import pytest

from tests.server.harness import Person, Turbo
from turbo_server.item.lists import ListedKind

WORD = "zitronenfalter"  # stands in everything that must not be seen
KEYS = ("VEIL-1", "VEIL-2", "VEIL-I1", "VEIL-M1", "VEIL-D1", "DEC-1", "VEIL")


def hide(turbo: Turbo) -> Person:
    """A public project with an issue that hangs on everything of a private one; whoever is not to see that."""
    ada, eve = turbo.ada, turbo.person("eve")
    ada.call("create_project", key="OPEN", name="For all")
    ada.call("create_project", key="VEIL", name=f"Only {WORD}")
    for title in (f"First {WORD}", f"Second {WORD}"):
        ada.call("create_issue", project="VEIL", title=title, labels=[WORD, "ui"], priority="urgent", due="today")
    ada.call("create_initiative", project="VEIL", title=f"Goal {WORD}")
    ada.call("create_milestone", project="VEIL", title=f"Day {WORD}", due="today")
    ada.call("create_document", project="VEIL", title=f"Paper {WORD}", text=WORD)
    accepted = {"outcome": WORD, "status": "accepted", "paths": ["src/**"]}
    ada.call("create_decision", title=f"Choice {WORD}", project="VEIL", **accepted)
    ada.call("create_decision", title="Of all", **(accepted | {"outcome": "yes"}))
    ada.call("update_decision", key="DEC-2", superseded_by="DEC-1")
    ada.call("create_issue", project="OPEN", title="Seen", labels=["ui"], blocked_by=["VEIL-1"], parent="VEIL-2")
    ada.call("update_issue", key="OPEN-1", initiative="VEIL-I1")
    ada.call("link_items", **{"from": "OPEN-1", "type": "relates", "to": "VEIL-D1"})
    ada.call("add_comment", key="VEIL-1", text=f"said {WORD}")
    ada.call("log_work", issue="VEIL-1", text=f"did {WORD}", minutes=5)
    ada.call("log_work", project="VEIL", text=f"did {WORD}", minutes=5)
    ada.ask("POST", "/v1/access", project="VEIL", private=True)
    return eve


def tells(answer: object) -> bool:
    text = json.dumps(answer, ensure_ascii=False).casefold()
    return WORD in text or "veil" in text or "dec-1" in text


LISTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("list_projects", {}), ("list_issues", {}), ("list_issues", {"status": "open"}), ("get_status", {}),
    ("get_status", {"project": "OPEN"}), ("next_issue", {}),
    *(("list_items", {"kind": kind}) for kind in get_args(ListedKind)),
    ("list_items", {"kind": "decision", "path": "src/a.py"}),
    ("search", {"query": WORD}), ("search", {"query": WORD[:6]}), ("search", {"query": WORD.replace("f", "v")}),
    ("search", {"query": "VEIL-1"}), ("search", {"query": "said"}), ("search", {"query": "VEUL-1"}),
    ("get_item", {"key": "OPEN-1", "include": ["links", "history", "comments", "work_log"]}),
    ("get_item", {"key": "DEC-2", "include": ["history"]}),
    ("get_item", {"key": "OPEN", "include": ["history"]}),
    ("undo", {"session": "session-1"}),
)  # fmt: skip


@pytest.mark.parametrize("limit", ["private", "key"])
def test_nothing_of_it_is_in_any_answer(turbo: Turbo, limit: str) -> None:
    eve = hide(turbo)
    if limit == "key":
        turbo.ada.ask("POST", "/v1/access", project="VEIL", private=False)
        eve = turbo.person("eve", projects=("OPEN",))
    for tool, arguments in LISTS:
        answer = eve.call(tool, **arguments)
        # A search says again which words of it stand nowhere: for these ones as for words that are in no text at all.
        assert all(word in str(arguments["query"]).casefold() for word in answer.pop("without", []))
        assert not tells(answer), (tool, arguments)
    assert eve.call("list_projects")["total"] == 1
    assert eve.call("list_issues")["total"] == 1
    assert eve.call("search", query=f"{WORD} quux seen") == {
        "items": [], "total": 0, "without": [WORD, "quux"], "next_cursor": None,
    }  # fmt: skip
    assert eve.call("get_status")["open"] == 1
    assert not tells(eve.ask("GET", "/v1/events"))


@pytest.mark.parametrize("key", KEYS)
def test_its_keys_are_as_those_of_nothing(turbo: Turbo, key: str) -> None:
    eve = hide(turbo)
    said = eve.refused("get_item", key=key)
    nothing = eve.refused("get_item", key=key.replace("VEIL", "NONE").replace("DEC-1", "DEC-77"))
    assert (said.status, said.code) == (nothing.status, nothing.code)
    assert said.hint.partition(" Nearest")[0] == nothing.hint.partition(" Nearest")[0]


def test_it_stays_whole_for_those_who_see_it(turbo: Turbo) -> None:
    hide(turbo)
    item = turbo.call("get_item", key="OPEN-1", include=["links", "history"])
    assert item["blocked_by"][0]["key"] == "VEIL-1"
    assert item["initiative"]["key"] == "VEIL-I1"
    assert turbo.call("search", query=WORD)["total"] > 5


def test_what_is_not_seen_is_not_lost_by_a_change(turbo: Turbo) -> None:
    eve = hide(turbo)
    eve.call("create_issue", project="OPEN", title="Another")
    eve.call("update_issue", key="OPEN-1", blocked_by=["OPEN-2"], title="Seen anew")
    seen = turbo.call("get_item", key="OPEN-1")
    assert [each["key"] for each in seen["blocked_by"]] == ["VEIL-1", "OPEN-2"]
    assert seen["parent"]["key"] == "VEIL-2"


def test_a_member_who_is_added_sees_it_and_one_who_is_taken_off_does_not(turbo: Turbo) -> None:
    eve = hide(turbo)
    turbo.ada.ask("POST", "/v1/access", project="VEIL", add=["eve"])
    assert eve.call("get_item", key="VEIL-1")["title"] == f"First {WORD}"
    turbo.ada.ask("POST", "/v1/access", project="VEIL", remove=["eve"])
    assert eve.refused("get_item", key="VEIL-1").status == 404


def test_its_key_is_as_one_that_is_kept(turbo: Turbo) -> None:
    eve = hide(turbo)
    said, kept = eve.refused("create_project", key="VEIL", name="x"), eve.refused("create_project", key="DEC", name="x")
    assert (said.code, said.hint, said.message) == (kept.code, kept.hint, kept.message.replace("DEC", "VEIL"))


def test_nothing_can_be_written_into_it(turbo: Turbo) -> None:
    eve = hide(turbo)
    for tool, arguments in (
        ("create_issue", {"title": "x"}), ("create_document", {"title": "x", "text": "y"}),
        ("create_initiative", {"title": "x"}), ("create_milestone", {"title": "x"}), ("log_work", {"text": "x"}),
        ("create_decision", {"title": "x"}),
    ):  # fmt: skip
        assert eve.refused(tool, project="VEIL", **arguments).code == "project_not_found", tool
    assert turbo.call("get_item", key="VEIL")["issues"] == {"backlog": 2}


def test_a_decision_takes_its_past_along_when_it_moves(turbo: Turbo) -> None:
    eve = hide(turbo)
    eve.call("create_decision", title="Moves about", context="quagga")
    eve.call("add_comment", key="DEC-3", text="quagga was said")
    turbo.call("update_decision", key="DEC-3", project="VEIL")
    assert eve.call("search", query="quagga")["total"] == 0
    assert "quagga" not in json.dumps(eve.ask("GET", "/v1/events"))
    assert turbo.call("search", query="quagga", project="VEIL")["total"] == 1
    turbo.call("update_decision", key="DEC-3", project="OPEN")
    assert eve.call("search", query="quagga")["total"] == 1
    assert not tells(eve.call("get_item", key="DEC-3", include=["history"]))


def test_an_answer_is_not_told_again_to_who_no_longer_sees_what_it_is_about(turbo: Turbo) -> None:
    eve = hide(turbo)
    turbo.ada.ask("POST", "/v1/access", project="VEIL", add=["eve"])
    caller = eve.with_key("call-1")
    made = caller.call("create_issue", project="VEIL", title="Made by eve")
    assert caller.call("create_issue", project="VEIL", title="Made by eve") == made
    turbo.ada.ask("POST", "/v1/access", project="VEIL", remove=["eve"])
    refused = caller.refused("create_issue", project="VEIL", title="Made by eve")
    assert refused.status == 404
    assert not tells(refused.message + refused.hint)
    other = eve.with_key("call-2")
    first = other.call("create_issue", project="OPEN", title="Elsewhere")
    assert other.call("create_issue", project="OPEN", title="Elsewhere") == first


def test_a_private_project_costs_a_call_one_statement_and_nobody_anything_before_there_is_one(turbo: Turbo) -> None:
    turbo.call("create_project", key="OPEN", name="For all")
    with turbo.counting() as before:
        turbo.call("list_issues")
    bo = turbo.person("bo")
    bo.call("list_projects")  # the first call of a key writes down that it is used
    turbo.call("create_project", key="VEIL", name="x")
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    with turbo.counting() as after:
        turbo.call("list_issues")
    assert [statement for statement in after if "key_projects" not in statement] == before, "told of no sight"
    assert len(after) == len(before) + 1
    with turbo.counting() as limited:
        bo.call("list_issues")
    assert len(limited) == len(after)
