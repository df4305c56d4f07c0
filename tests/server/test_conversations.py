"""Conversations with a mentor: threads by what they are about, turns that are kept, titled, linked and found."""

import pytest

from tests.server.harness import Turbo

QUESTION = "Where should the cache live? On disk or in memory."


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_issue", project="TURBO", title="Cache the list of tools")
    turbo.call("create_decision", title="Files live beside the database", outcome="On disk.", status="accepted")


def asked(turbo: Turbo, question: str = QUESTION, **more: object) -> str:
    given = {"mentor": "architect"} | more
    key: str = turbo.call("ask_mentor", question=question, **given)["key"]
    return key


def test_an_answer_is_recorded_and_shown(turbo: Turbo) -> None:
    key = asked(turbo, about="turbo-1")
    assert turbo.call("get_item", key=key)["status"] == "waiting"
    kept = turbo.call("record_answer", conversation=key, text="On disk: DEC-1, see TURBO-1.", model="some model")
    assert kept == {"key": "ASK-1", "mentor": "@architect", "turn": 1, "state": "done", "cited": ["DEC-1", "TURBO-1"]}
    item = turbo.call("get_item", key="ask-1", include=["links", "history"])
    assert (item["title"], item["status"]) == ("Where should the cache live?", "done")
    assert item["about"]["key"] == "TURBO-1"
    assert item["cited"] == ["DEC-1", "TURBO-1"]
    assert [link["key"] for link in item["links"]] == ["TURBO-1"]
    (turn,) = item["turns"]
    assert (turn["by"], turn["question"], turn["answer"], turn["recorded_by"], turn["model"]) == (
        "ada", QUESTION, "On disk: DEC-1, see TURBO-1.", "ada", "some model",
    )  # fmt: skip
    assert [each["action"] for each in item["history"]] == ["answered", "questioned", "linked", "created"]
    assert [link["key"] for link in turbo.call("get_item", key="TURBO-1", include=["links"])["links"]] == ["ASK-1"]
    assert turbo.call("ask_mentor", conversation=key)["answer"].startswith("On disk")


def test_there_is_one_thread_for_each_mentor_and_topic(turbo: Turbo) -> None:
    first = asked(turbo, about="TURBO-1")
    assert asked(turbo, "And how long?", about="TURBO-1") == first
    assert asked(turbo, about="TURBO-1", mentor="writing") != first
    assert asked(turbo) not in (first, asked(turbo)), "without a topic each question begins its own"
    assert asked(turbo, "And why?", conversation=first) == first
    assert [turn["turn"] for turn in turbo.call("get_item", key=first)["turns"]] == [1, 2, 3]
    turbo.call("archive_item", key=first)
    assert asked(turbo, about="TURBO-1") != first
    refused = turbo.refused("ask_mentor", conversation=first, question="More?")
    assert refused.code == "item_archived"


def test_a_conversation_is_found_by_whatever_was_said_in_it(turbo: Turbo) -> None:
    key = asked(turbo)
    turbo.call("record_answer", conversation=key, text="A memoised xylophone would do.")
    for query in ("xylophone", "cache memory", "ASK-1"):
        assert [hit["key"] for hit in turbo.call("search", query=query)["items"]][:1] == [key], query
    assert turbo.call("search", query="xylophone", status="open")["items"] == []
    assert turbo.call("search", query="xylophone", status="closed")["total"] == 1


def test_conversations_are_listed_by_state(turbo: Turbo) -> None:
    first, second = asked(turbo, about="TURBO-1"), asked(turbo, "Who else?")
    turbo.call("record_answer", conversation=first, text="Yes.")
    listed = turbo.call("list_items", kind="conversation")["items"]
    assert [row["key"] for row in listed] == [first, second]
    assert listed[0] | {"updated_at": ""} == {
        "key": first, "title": "Where should the cache live?", "mentor": "@architect", "status": "done", "turns": 1,
        "updated_at": "",
    }  # fmt: skip
    waiting = turbo.call("list_items", kind="conversation", status=["waiting"])["items"]
    assert [row["key"] for row in waiting] == [second]
    of_project = turbo.call("list_items", kind="conversation", project="TURBO", text="cache")["items"]
    assert [row["key"] for row in of_project] == [first]


def test_an_answer_is_for_the_turn_that_waits(turbo: Turbo) -> None:
    key = asked(turbo, about="TURBO-1")
    asked(turbo, "Second?", conversation=key)
    assert turbo.call("record_answer", conversation=key, text="b")["turn"] == 2
    assert turbo.call("record_answer", conversation=key, text="a", turn=1)["turn"] == 1
    assert turbo.call("record_answer", conversation=key, text="better", turn=1)["turn"] == 1, "it can be corrected"
    assert [turn["answer"] for turn in turbo.call("get_item", key=key)["turns"]] == ["better", "b"]
    for refused in (
        turbo.refused("record_answer", conversation=key, text="c"),
        turbo.refused("record_answer", conversation=key, text="c", turn=7),
    ):
        assert refused.code == "nothing_waits"
        assert f"get_item(key={key})" in refused.hint


def test_keys_that_are_nowhere_are_named(turbo: Turbo) -> None:
    kept = turbo.call("record_answer", conversation=asked(turbo), text="See DEC-1, DEC-77, UTF-8 and (NONE-3).")
    assert kept["cited"] == ["DEC-1"]
    assert kept["unknown"] == ["DEC-77", "UTF-8", "NONE-3"]
    assert "unknown" in kept["warning"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"question": "Why?"}, "`mentor` is missing"),
        ({"mentor": "architect"}, "`question` is missing"),
        ({"conversation": "ASK-7", "question": "Why?"}, "no conversation ASK-7"),
        ({"conversation": "TURBO-1", "question": "Why?"}, "not a conversation key"),
        ({"mentor": "architect", "question": "Why?", "about": "TURBO-77"}, "no issue TURBO-77"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_says_why(turbo: Turbo, given: dict[str, object], said: str) -> None:
    assert said in turbo.refused("ask_mentor", **given).message
    assert turbo.call("list_items", kind="conversation")["total"] == 0


def test_a_conversation_is_held_with_one_mentor(turbo: Turbo) -> None:
    key = asked(turbo)
    assert "not with @writing" in turbo.refused(
        "ask_mentor", conversation=key, mentor="writing", question="And now?"
    ).message  # fmt: skip


def test_a_question_that_is_repeated_is_asked_once(turbo: Turbo) -> None:
    ada = turbo.ada.with_key("a-key-for-one-question")
    first = ada.call("ask_mentor", mentor="architect", question=QUESTION)
    assert ada.call("ask_mentor", mentor="architect", question=QUESTION) == first
    assert turbo.call("list_items", kind="conversation")["total"] == 1


def test_a_long_conversation_is_read_to_its_end_and_shown_in_short(turbo: Turbo) -> None:
    key = asked(turbo, "Question 0 about TURBO-1?")
    for number in range(1, 31):
        text = f"Answer {number}. " + f"It hangs on PART-{number}. " + "word " * 300
        turbo.call("record_answer", conversation=key, text=text)
        asked(turbo, f"Question {number}?", conversation=key)
    item = turbo.call("get_item", key=key)
    assert len(item["turns"]) == 12
    assert all(f"PART-{number}" in item["summary"] for number in range(1, 31))
    assert len(item["summary"]) <= 3_000
    read, offset = "", 0
    while True:
        shown = turbo.call("get_item", key=key, offset=offset)
        read += shown["text"]
        if "this is the end" in shown["text_cut"]["next"]:
            break
        offset = shown["text_cut"]["shown_to"]
    assert read.count("word ") == 30 * 300
    assert read.endswith("(waiting)")
