"""A comment that names a mentor is answered by that mentor: once, in the same place, and never to itself."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.server.clock import Clock
from tests.server.harness import Turbo
from turbo_server.comment.answering import Mention, answering, read_mention
from turbo_server.comment.mentions import ANSWER, mentioned
from turbo_server.job import store as job_store
from turbo_server.job.types import Failed, Job, NotYet, Services
from turbo_server.kit.context import Traits

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


class Mentor:
    """Stands where the mentors' own engine does: what it is asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[Mention] = []
        self.seen: list[list[str]] = []
        self.failures: list[Exception] = []

    async def __call__(self, services: Services, job: Job) -> str:
        async with services.database.connection() as db:
            mention = await read_mention(db, services, job)
            assert mention is not None
            found = await mention.context.kinds["project"].find_by_id(mention.context, list(range(1, 9)))
        self.asked.append(mention)
        self.seen.append([each.key for each in found])
        if self.failures:
            raise self.failures.pop(0)
        return f"Says @{mention.mentor}, and asks @delivery, @architect: {mention.text}"


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC))


@pytest.fixture
def mentor() -> Mentor:
    return Mentor()


@pytest.fixture
def turbo(database_url: str, clock: Clock, mentor: Mentor) -> Iterator[Turbo]:
    server = Turbo(database_url, clock=clock)
    server.handlers[ANSWER] = answering(mentor)
    server.traits = Traits(mentors_answer=True)
    with server:
        server.call("create_project", key="TURBO", name="Turbo")
        server.call("create_issue", project="TURBO", title="Which database?")
        yield server


def comments(turbo: Turbo, key: str = "TURBO-1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = turbo.call("get_item", key=key, include=["comments"]).get("latest_comments", [])
    return found


def test_a_mention_is_answered_once_in_the_mentors_name(turbo: Turbo, mentor: Mentor) -> None:
    receipt = turbo.call("add_comment", key="TURBO-1", text="@architect which one?")
    assert receipt["mentors"] == "@architect will answer in a comment here"
    for _ in range(3):
        turbo.catch_up()
    question, answer = comments(turbo)
    assert (answer["author"], answer["asked_by"], answer["reply_to"]) == ("@architect", "ada", question["id"])
    assert "session" not in answer
    assert answer["text"].startswith("Says @architect")
    assert "asked_by" not in question
    assert len(mentor.asked) == 1
    event = turbo.ada.ask("GET", "/v1/events", key="TURBO-1")["items"][-1]
    assert {"field": "mentor", "after": "@architect"} in event["changes"]


def test_each_mentor_answers_and_none_answers_a_mentor(turbo: Turbo, mentor: Mentor) -> None:
    turbo.call("add_comment", key="TURBO-1", text="@architect @writing @nobody both?")
    turbo.call("update_issue", key="TURBO-1", status="done", note="@delivery done")
    for _ in range(3):
        turbo.catch_up()
    assert sorted(each.mentor for each in mentor.asked) == ["architect", "delivery", "writing"]
    assert sorted(each["author"] for each in comments(turbo)) == ["@architect", "@delivery", "@writing", "ada", "ada"]


def test_an_answer_that_fails_is_asked_for_again_and_a_used_up_budget_waits(
    turbo: Turbo, mentor: Mentor, clock: Clock
) -> None:
    mentor.failures[:] = [Failed("overloaded"), NotYet(clock.now + timedelta(hours=5), "the budget is used up")]
    turbo.call("add_comment", key="TURBO-1", text="@architect?")
    for wait in (0, 1, 30, 300):
        clock.now += timedelta(minutes=wait)
        turbo.catch_up()
        assert len(comments(turbo)) == (2 if wait == 300 else 1)
    assert len(mentor.asked) == 3


def test_one_that_dies_between_the_answer_and_its_comment_answers_once(
    turbo: Turbo, mentor: Mentor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine is stopped for longer than its lease, and another one answers meanwhile."""

    class Stopped(Mentor):
        async def __call__(self, services: Services, job: Job) -> str:
            answer = await super().__call__(services, job)
            if len(self.asked) == 1:
                clock.now += timedelta(minutes=5)
                await turbo.another_background().catch_up()
            return answer

    stopped = Stopped()
    turbo.handlers[ANSWER] = answering(stopped)
    turbo.call("add_comment", key="TURBO-1", text="@architect?")
    turbo.run(turbo.another_background().catch_up())
    turbo.catch_up()
    assert len(stopped.asked) == 2
    assert [each["author"] for each in comments(turbo)] == ["ada", "@architect"]


def test_a_comment_that_is_taken_back_is_not_answered(turbo: Turbo, mentor: Mentor) -> None:
    turbo.call("add_comment", key="TURBO-1", text="@architect?")
    event = turbo.ada.ask("GET", "/v1/events", key="TURBO-1")["items"][-1]["id"]
    turbo.call("undo", event=event, confirm=True)
    turbo.catch_up()
    assert mentor.asked == []
    assert comments(turbo) == []


def test_a_mentor_that_answers_in_the_open_sees_only_what_is_open(turbo: Turbo, mentor: Mentor) -> None:
    """Whoever asks sees the private project too: what is answered is read by those who do not."""
    turbo.call("create_project", key="SECRET", name="hush")
    turbo.ada.ask("POST", "/v1/access", project="SECRET", private=True)
    turbo.call("create_issue", project="SECRET", title="hush")
    for key in ("TURBO-1", "SECRET-1"):
        turbo.call("add_comment", key=key, text="@architect?")
        turbo.catch_up()
    assert [sorted(each) for each in mentor.seen] == [["TURBO"], ["SECRET", "TURBO"]]


def test_without_a_key_nothing_is_answered_and_the_receipt_says_so(database_url: str) -> None:
    with Turbo(database_url) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        receipt = turbo.call("add_comment", key="TURBO", text="@architect?")
        assert "ask_mentor" in receipt["mentors"]
        assert "mentors" not in turbo.call("add_comment", key="TURBO", text="@nobody?")
        assert turbo.run(turbo.with_database(lambda db: job_store.listed(db, "", 10))) == []
