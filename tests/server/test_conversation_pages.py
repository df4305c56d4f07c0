"""One conversation by the page's own addresses: asked, answered word by word, decided on, and named."""

import asyncio
import json
import threading
import time
from typing import Any

from tests.mentor_api import MentorApi
from tests.mentor_replies import calls, no_credit, says
from tests.server.answering import api, ask, clock, settings, turbo
from tests.server.clock import Clock
from tests.server.events import read
from tests.server.harness import Turbo
from tests.server.page_calls import REASON, proposed, refused
from turbo_server.mentor.web.conversation import show_conversation

__all__ = ["api", "clock", "turbo"]


def conversation(turbo: Turbo, key: str = "ASK-1", **arguments: object) -> dict[str, Any]:
    shown: dict[str, Any] = turbo.ada.ask("GET", "/v1/conversation", key=key, **arguments)
    return shown


def test_a_conversation_is_shown_in_whole_with_the_cost_of_each_answer(turbo: Turbo, api: MentorApi) -> None:
    long = "word " * 2_000 + "as TURBO-1 says in UTF-8, and not TURBO-9"
    api.script("long", says(long, tokens=100))
    api.script("dear", no_credit())
    turbo.call("create_issue", project="TURBO", title="Choose a queue")
    ask(turbo, "long")
    ask(turbo, "dear", conversation="ASK-1")
    shown = conversation(turbo)
    done, failed = shown["turns"]
    assert (done["answer"], done["by"], done["model"]) == (long, "ada", "claude-sonnet-5-5")
    assert done["cited"] == ["TURBO-1"]
    assert done["usd"] == shown["usd"] == turbo.ada.ask("GET", "/v1/usage")["days"][0]["total"]["usd"]
    assert (failed["state"], failed["code"], "credit" in failed["error"]) == ("failed", "no_credit", True)
    assert (shown["mentor"], shown["role"], shown["status"], shown["earlier"]) == (
        "@architect", "Architect", "failed", 0
    )  # fmt: skip


def test_a_long_conversation_is_read_backwards(turbo: Turbo) -> None:
    for number in range(1, 6):
        more = {"conversation": "ASK-1"} if number > 1 else {"mentor": "writing"}
        turbo.call("ask_mentor", question=f"question {number}", brief_only=True, **more)
    latest = conversation(turbo, limit=2)
    assert ([turn["turn"] for turn in latest["turns"]], latest["earlier"]) == ([4, 5], 3)
    before = conversation(turbo, limit=2, before=4)
    assert ([turn["turn"] for turn in before["turns"]], before["earlier"]) == ([2, 3], 1)


def test_the_first_words_of_an_answer_are_there_at_once(
    database_url: str, turbo: Turbo, api: MentorApi, clock: Clock
) -> None:
    """Where words are stored once an hour: the first are a sign of life."""
    gate = threading.Event()
    api.script("slowly", says("The first words, and others.", gate=gate))
    with Turbo(database_url, clock=clock, mentor=settings(api, tell_every=3600.0, silence=30.0)) as slow:
        slow.ada.ask("POST", "/v1/questions", mentor="architect", question="slowly")

        async def look() -> dict[str, Any]:
            working = asyncio.ensure_future(slow.background.catch_up())
            until = time.monotonic() + 20
            turn: dict[str, Any] = {}
            while not turn.get("so_far") and time.monotonic() < until:
                (turn,) = (await shown(slow))["turns"]
                await asyncio.sleep(0.01)
            gate.set()
            await working
            return turn

        turn = slow.run(look())
        assert (turn["state"], turn["doing"], turn["so_far"]) == ("working", "is answering", "The fir")
        (turn,) = conversation(slow)["turns"]
        assert (turn["answer"], turn.get("so_far")) == ("The first words, and others.", None)


async def shown(turbo: Turbo) -> dict[str, Any]:
    body = b'{"key": "ASK-1"}'
    answer = await turbo.runner.answer_endpoint(show_conversation, body, turbo.ada.token, turbo.ada.caller)
    shown: dict[str, Any] = json.loads(answer.body)
    return shown


def test_a_question_is_taken_at_once_and_answered_later(
    database_url: str, turbo: Turbo, api: MentorApi, clock: Clock
) -> None:
    with Turbo(database_url, clock=clock, mentor=settings(api, wait=60.0)) as patient:
        began = time.monotonic()
        asked = patient.ada.ask("POST", "/v1/questions", mentor="architect", question="at once?")
        assert time.monotonic() - began < 30
    assert (asked["key"], asked["state"], asked["turn"]) == ("ASK-1", "working", 1)
    turbo.catch_up()
    assert conversation(turbo)["turns"][0]["state"] == "done"


def test_a_question_that_is_sent_again_is_asked_once(turbo: Turbo, api: MentorApi) -> None:
    ada = turbo.ada.with_key("one-question")
    first = ada.ask("POST", "/v1/questions", mentor="architect", question="once")
    assert ada.ask("POST", "/v1/questions", mentor="architect", question="once") == first
    turbo.catch_up()
    assert len(api.asked("once")) == 1


def test_without_a_key_a_question_gives_the_brief_and_gives_it_again(database_url: str, clock: Clock) -> None:
    with Turbo(database_url, clock=clock) as keyless:
        keyless.call("create_project", key="TURBO", name="Turbo")
        keyless.call("create_issue", project="TURBO", title="Choose a queue")
        asked = keyless.ada.ask("POST", "/v1/questions", mentor="architect", question="which queue", about="TURBO-1")
        assert (asked["state"], asked["brief"]["material"][0]["key"]) == ("waiting", "TURBO-1")
        assert (
            conversation(keyless)["answers_itself"],
            keyless.ada.ask("GET", "/v1/mentors")["items"][0]["unanswered"],
        ) == (False, 1)
        again = keyless.call("ask_mentor", conversation="ASK-1")
        assert (again["how"], again["you"], again["turn"]) == (asked["how"], asked["you"], 1)
        assert [each["key"] for each in again["brief"]["material"]] == ["TURBO-1"]
        keyless.call("record_answer", conversation="ASK-1", text="Postgres: TURBO-1.")
        assert keyless.call("ask_mentor", conversation="ASK-1")["answer"] == "Postgres: TURBO-1."


def test_an_accepted_proposal_is_done_and_both_leave_an_event(turbo: Turbo, api: MentorApi) -> None:
    proposed(turbo, api)
    (shown,) = conversation(turbo)["proposals"]
    assert (shown["turn"], shown["tool"], shown["risk"], shown["state"]) == (1, "create_issue", "low", "proposed")
    decided = turbo.ada.ask("POST", "/v1/proposals", conversation="ASK-1", accept=[1])
    assert decided["proposals"][0]["done"]["key"] == "TURBO-1"
    assert turbo.call("get_item", key="TURBO-1")["title"] == "Measure the queue"
    created, told = read(turbo)["items"][-2:]
    assert (created["key"], created["action"], told["key"], told["action"]) == (
        "TURBO-1", "created", "ASK-1", "decided"
    )  # fmt: skip
    assert told["changes"] == [
        {"field": "proposal", "after": 1}, {"field": "state", "before": "proposed", "after": "accepted"}
    ]  # fmt: skip
    (shown,) = conversation(turbo)["proposals"]
    assert (shown["state"], shown["decided_by"]) == ("accepted", "ada")


def test_a_long_argument_is_shown_in_whole_to_whoever_decides(turbo: Turbo, api: MentorApi) -> None:
    text = "Every word counts. " * 100
    given = {"project": "TURBO", "title": "Long", "description": text, **REASON}
    proposed(turbo, api, calls("propose_create_issue", given))
    (shown,) = conversation(turbo)["proposals"]
    assert shown["arguments"]["description"] == text


def test_a_rejected_proposal_is_told_and_what_was_decided_is_not_undone(turbo: Turbo, api: MentorApi) -> None:
    proposed(turbo, api)
    turbo.ada.ask("POST", "/v1/proposals", conversation="ASK-1", reject=[1])
    (event,) = read(turbo)["items"][-1:]
    assert (event["action"], event["changes"][1]["after"]) == ("decided", "rejected")
    kept = turbo.refused("undo", event=event["id"], confirm=True)
    assert "stays" in f"{kept.message} {kept.hint}"
    assert refused(turbo, "POST", "/v1/proposals", conversation="ASK-1").code == "invalid_arguments"
    assert refused(turbo, "POST", "/v1/proposals", conversation="ASK-1", accept=[1]).code == "proposal_decided"
    assert turbo.call("list_issues")["total"] == 0


def test_a_conversation_is_named_and_found_by_its_name(turbo: Turbo) -> None:
    turbo.call("ask_mentor", mentor="writing", question="What is this?", brief_only=True)
    version = conversation(turbo)["version"]
    renamed = turbo.ada.ask("POST", "/v1/conversations/rename", key="ASK-1", title="Tangerines", version=version)
    assert (renamed["title"], conversation(turbo)["title"]) == ("Tangerines", "Tangerines")
    assert [hit["key"] for hit in turbo.call("search", query="tangerines")["items"]] == ["ASK-1"]
    stale = refused(turbo, "POST", "/v1/conversations/rename", key="ASK-1", title="Mine", version=version)
    assert stale.code == "version_conflict"
    assert stale.current is not None
    assert stale.current["title"] == "Tangerines"
    turbo.call("undo", event=read(turbo)["items"][-1]["id"], confirm=True)
    assert conversation(turbo)["title"] == "What is this?"
