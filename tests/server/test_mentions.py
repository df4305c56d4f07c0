"""A comment that names a mentor is answered by that mentor: once, in the same place, and never to itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.mentor_api import KEY, MentorApi, mentor_api
from tests.mentor_replies import no_credit, overloaded, says
from tests.server.clock import Clock
from tests.server.harness import Turbo
from turbo_server.comment.mentions import mentioned
from turbo_server.job import store as job_store
from turbo_server.mentor.answering import finishing
from turbo_server.mentor.answering import job as answer_job
from turbo_server.mentor_settings import MentorSettings

SPOKEN = [
    ("@architect what do you think?", ["architect"]),
    ("Ask @Architect.", ["architect"]),
    ("(@architect, @delivery)", ["architect", "delivery"]),
    ("@architect and again @architect", ["architect"]),
    ("**@architect**: see *@writing*", ["architect", "writing"]),
    ("- @architect in a list\n    - @delivery below it", ["architect", "delivery"]),
    ("say `x` @architect `y`", ["architect"]),
    ("```\ncode\n```\n@architect", ["architect"]),
    ("@a1 @b2 @c3 @d4", ["a1", "b2", "c3"]),
]
NOT_SPOKEN = [
    "mail me@architect.com or ada@architect",
    "@architect.com",
    "https://example.com/@architect",
    "\\@architect",
    "@@architect",
    "@architect@mastodon.social",
    "> @architect said so",
    "  > quoted @architect",
    "`@architect`",
    "``a ` @architect``",
    "`a\n@architect`",
    "```\n@architect\n```",
    "~~~ py\n@architect\n~~~",
    "````\n```\n@architect\n```\n````",
    "```\n@architect",
    "code:\n\n    @architect\n",
    "    @architect",
    "architect",
    "@",
    "@architect_x",
]


@pytest.mark.parametrize(("text", "names"), SPOKEN, ids=range(len(SPOKEN)))
def test_a_name_that_is_spoken_is_a_mention(text: str, names: list[str]) -> None:
    assert mentioned(text) == names


@pytest.mark.parametrize("text", NOT_SPOKEN, ids=range(len(NOT_SPOKEN)))
def test_a_name_in_code_in_a_quote_or_in_an_address_is_none(text: str) -> None:
    assert mentioned(text) == []


@pytest.fixture(scope="module")
def api() -> Iterator[MentorApi]:
    with mentor_api() as api:
        yield api


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def turbo(database_url: str, api: MentorApi, clock: Clock) -> Iterator[Turbo]:
    api.reset()
    mentor = MentorSettings(api_key=KEY, base_url=api.origin, wait=0.0, silence=0.5, tell_every=0.0)
    with Turbo(database_url, clock=clock, mentor=mentor) as server:
        server.call("create_project", key="TURBO", name="Turbo")
        server.call("create_issue", project="TURBO", title="Which database?")
        yield server


def comments(turbo: Turbo, key: str = "TURBO-1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = turbo.call("get_item", key=key, include=["comments"]).get("latest_comments", [])
    return found


def test_a_mention_is_answered_once_in_the_mentors_name(turbo: Turbo, api: MentorApi) -> None:
    api.script("which one", says("Postgres."))
    receipt = turbo.call("add_comment", key="TURBO-1", text="@architect which one?")
    assert receipt["mentors"] == "@architect will answer in a comment here"
    for _ in range(3):
        turbo.catch_up()
    question, answer = comments(turbo)
    assert (answer["author"], answer["asked_by"], answer["reply_to"]) == ("@architect", "ada", question["id"])
    assert (answer["text"], "session" in answer, "asked_by" in question) == ("Postgres.", False, False)
    assert len(api.requests) == 1
    event = turbo.ada.ask("GET", "/v1/events", key="TURBO-1")["items"][-1]
    assert {"field": "mentor", "after": "@architect"} in event["changes"]
    assert turbo.call("ask_mentor", conversation="ASK-1")["answer"] == "Postgres."


def test_each_mentor_answers_and_none_answers_a_mentor(turbo: Turbo, api: MentorApi) -> None:
    api.script("both?", says("I ask @delivery and @architect."))
    api.script("done?", says("@architect, it is."))
    turbo.call("add_comment", key="TURBO-1", text="@architect @writing @nobody both?")
    turbo.call("update_issue", key="TURBO-1", status="done", note="@delivery done?")
    for _ in range(3):
        turbo.catch_up()
    assert len(api.requests) == 3
    assert sorted(each["author"] for each in comments(turbo)) == ["@architect", "@delivery", "@writing", "ada", "ada"]


def test_the_first_mentions_of_all_may_come_together(turbo: Turbo) -> None:
    """Each would bring the mentors that Turbo comes with."""
    receipts = turbo.together([("add_comment", {"key": "TURBO-1", "text": "@architect?"})] * 5)
    assert [each["mentors"] for each in receipts] == ["@architect will answer in a comment here"] * 5
    turbo.catch_up()
    assert sum(each["author"] == "@architect" for each in comments(turbo)) == 5


def test_an_overloaded_answer_is_asked_for_again(turbo: Turbo, api: MentorApi, clock: Clock) -> None:
    api.script("which?", overloaded(), says("Postgres."))
    turbo.call("add_comment", key="TURBO-1", text="@architect which?")
    turbo.catch_up()
    assert len(comments(turbo)) == 1
    clock.pass_seconds(300)
    turbo.catch_up()
    assert [each["author"] for each in comments(turbo)] == ["ada", "@architect"]


def test_what_cannot_be_answered_is_said_once(turbo: Turbo, api: MentorApi) -> None:
    api.script("which?", no_credit())
    turbo.call("add_comment", key="TURBO-1", text="@architect which?")
    turbo.catch_up()
    turbo.catch_up()
    _, answer = comments(turbo)
    assert answer["text"].startswith("I have no answer. ")


def test_one_that_is_stopped_before_it_writes_its_answer_writes_none(
    turbo: Turbo, api: MentorApi, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine is stopped for longer than its lease, and another one answers meanwhile."""
    complete = finishing.complete

    async def stopped(*given: Any) -> None:
        if len(api.requests) == 1:
            clock.now += timedelta(minutes=5)
            await turbo.another_background().catch_up()
        await complete(*given)

    monkeypatch.setattr(answer_job, "complete", stopped)
    turbo.call("add_comment", key="TURBO-1", text="@architect?")
    turbo.catch_up()
    turbo.catch_up()
    assert len(api.requests) == 2
    assert [each["author"] for each in comments(turbo)] == ["ada", "@architect"]


def test_beneath_a_comment_that_was_taken_back_nothing_is_written(turbo: Turbo) -> None:
    turbo.call("add_comment", key="TURBO-1", text="@architect?")
    event = next(
        each["id"] for each in turbo.ada.ask("GET", "/v1/events", key="TURBO-1")["items"]
        if each["action"] == "commented"
    )  # fmt: skip
    turbo.call("undo", event=event, confirm=True)
    turbo.catch_up()
    assert comments(turbo) == []


def test_where_nothing_can_be_said_any_more_the_question_comes_to_an_end(turbo: Turbo) -> None:
    turbo.call("add_comment", key="TURBO-1", text="@architect?")
    turbo.call("archive_item", key="TURBO")
    turbo.catch_up()
    assert turbo.call("ask_mentor", conversation="ASK-1")["state"] == "failed"


def test_a_mentor_that_answers_in_the_open_sees_only_what_is_open(turbo: Turbo, api: MentorApi) -> None:
    """Whoever asks sees the private project too: what is answered is read by those who do not."""
    turbo.call("create_project", key="SECRET", name="Which database, hush")
    turbo.ada.ask("POST", "/v1/access", project="SECRET", private=True)
    turbo.call("create_issue", project="SECRET", title="Which database? hush")
    turbo.call("ask_mentor", mentor="architect", question="Which database, and SECRET-1?", about="TURBO-1")
    turbo.catch_up()
    assert "hush" in str(api.requests[-1].body)
    for key, sees in (("TURBO-1", False), ("SECRET-1", True)):
        turbo.call("add_comment", key=key, text="@architect which database, and SECRET-1?")
        turbo.catch_up()
        assert ("hush" in str(api.requests[-1].body)) is sees
        assert comments(turbo, key)[-1]["author"] == "@architect"


@pytest.mark.parametrize("kind", ["project", "initiative", "milestone", "decision", "document", "conversation"])
def test_a_mentor_answers_wherever_one_can_comment(turbo: Turbo, kind: str) -> None:
    made: dict[str, Callable[[], str]] = {
        "project": lambda: "TURBO",
        "initiative": lambda: str(turbo.call("create_initiative", project="TURBO", title="x")["key"]),
        "milestone": lambda: str(turbo.call("create_milestone", project="TURBO", title="x", due="2030-01-01")["key"]),
        "decision": lambda: str(turbo.call("create_decision", title="x", outcome="y")["key"]),
        "document": lambda: str(turbo.call("create_document", project="TURBO", title="x", text="y")["key"]),
        "conversation": lambda: str(turbo.call("ask_mentor", mentor="architect", question="x")["key"]),
    }
    key = made[kind]()
    turbo.call("add_comment", key=key, text="@architect?")
    turbo.catch_up()
    assert [each["author"] for each in comments(turbo, key)] == ["ada", "@architect"]


def test_without_a_key_nothing_is_answered_and_the_receipt_says_so(database_url: str) -> None:
    with Turbo(database_url) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        receipt = turbo.call("add_comment", key="TURBO", text="@architect?")
        assert "ask_mentor" in receipt["mentors"]
        assert "mentors" not in turbo.call("add_comment", key="TURBO", text="@nobody?")
        assert turbo.run(turbo.with_database(lambda db: job_store.listed(db, "", 10))) == []
