"""What one key may do in a time: how it is told, what it costs, and what two servers on one database agree on."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.server.clock import Clock
from tests.server.harness import Person, Turbo
from turbo_server.kit.answer import Answer
from turbo_server.kit.limits import BURST_MINUTES, spoken
from turbo_server.kit.sql import sql

PER_MINUTE = 20
BURST = PER_MINUTE * BURST_MINUTES
HERE = "203.0.113.7"
ON_ONE = pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)  # where the database makes no difference


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock, calls_per_minute=PER_MINUTE) as turbo:
        yield turbo


@pytest.fixture
def creating(database_url: str, clock: Clock) -> Iterator[Turbo]:
    with Turbo(database_url, clock, creations_per_hour=60) as turbo:
        turbo.call("create_project", key="TURBO", name="Turbo")
        yield turbo


def read(person: Person) -> Answer:
    return person.answer("list_projects", b"{}")


def until_refused(person: Person, most: int) -> int:
    return next((made for made in range(most) if read(person).status == 429), most)


def code_of(answer: Answer) -> str:
    return str(json.loads(answer.body)["error"]["code"])


@ON_ONE
def test_a_burst_is_let_through_and_a_loop_is_slowed_down(limited: Turbo, clock: Clock) -> None:
    assert until_refused(limited.ada, BURST + 1) == BURST
    clock.pass_seconds(60)
    assert until_refused(limited.ada, BURST) == PER_MINUTE
    clock.pass_seconds(BURST_MINUTES * 60)
    assert until_refused(limited.ada, BURST + 1) == BURST


@ON_ONE
def test_a_refusal_says_when_and_what_to_do(limited: Turbo, clock: Clock) -> None:
    until_refused(limited.ada, BURST + 1)
    refused = read(limited.ada)
    error = json.loads(refused.body)["error"]
    assert (refused.status, error["code"], refused.headers["Retry-After"]) == (429, "too_many_calls", "3")
    assert "nothing was done" in error["message"]
    assert error["hint"].startswith("Call again in 3 seconds.")
    clock.pass_seconds(3)
    assert read(limited.ada).status == 200


@ON_ONE
def test_the_key_of_another_machine_has_a_limit_of_its_own(limited: Turbo) -> None:
    until_refused(limited.ada, BURST + 1)
    assert read(limited.person("ada")).status == 200


def test_eleven_of_twelve_calls_ask_the_database_nothing_for_their_limit(database_url: str, clock: Clock) -> None:
    with Turbo(database_url, clock, calls_per_minute=120) as turbo, turbo.counting() as statements:
        for _ in range(121):
            read(turbo.ada)
    assert len([text for text in statements if "into allowances" in text]) == 10


@ON_ONE
def test_who_calls_now_and_then_never_writes(limited: Turbo, clock: Clock) -> None:
    with limited.counting() as statements:
        for _ in range(60):
            clock.pass_seconds(61)
            read(limited.ada)
    assert not [text for text in statements if "allowances" in text]


@ON_ONE
def test_a_refused_call_asks_only_who_it_is(limited: Turbo) -> None:
    until_refused(limited.ada, BURST + 1)
    with limited.counting() as statements:
        assert read(limited.ada).status == 429
    assert len(statements) == 1


def test_two_servers_together_let_through_a_tenth_of_a_minute_more(
    limited: Turbo, clock: Clock, database_url: str
) -> None:
    with Turbo(database_url, clock, calls_per_minute=PER_MINUTE) as other:
        there = replace(limited.ada, turbo=other)
        done = 0
        while (statuses := [read(each).status for each in (limited.ada, limited.ada, there)]) != [429, 429, 429]:
            done += statuses.count(200)
        assert BURST <= done <= BURST + PER_MINUTE // 10


def test_a_restarted_server_knows_what_was_spent(limited: Turbo, clock: Clock, database_url: str) -> None:
    until_refused(limited.ada, BURST + 1)
    with Turbo(database_url, clock, calls_per_minute=PER_MINUTE) as other:
        assert until_refused(replace(limited.ada, turbo=other), BURST) <= PER_MINUTE // 10


@ON_ONE
def test_a_clock_that_was_wrong_locks_nobody_out(limited: Turbo, clock: Clock) -> None:
    until_refused(limited.ada, PER_MINUTE)
    clock.pass_seconds(-86_400)
    assert read(limited.ada).headers["Retry-After"] == "3"
    clock.pass_seconds(3)
    assert read(limited.ada).status == 200


def test_an_unpaid_debt_is_forgotten(limited: Turbo, clock: Clock) -> None:
    limited.run(limited.with_database(lambda db: db.fetch(sql(
        "insert into allowances (subject, full_at) values ('calls:old', 1) returning subject"
    ))))  # fmt: skip
    until_refused(limited.ada, PER_MINUTE)
    rows = limited.run(limited.with_database(lambda db: db.fetch(sql("select subject from allowances"))))
    assert [row["subject"] for row in rows] == [f"calls:{key_id(limited)}"]


def key_id(turbo: Turbo) -> int:
    return turbo.run(turbo.runner.identify(turbo.ada.token, turbo.ada.caller)).key_id


def test_each_issue_of_many_counts(creating: Turbo, clock: Clock) -> None:
    issues = [{"title": f"Issue {number}"} for number in range(50)]
    body = json.dumps({"issues": [{"project": "TURBO", **each} for each in issues]}).encode()
    assert creating.ada.answer("create_issues", body).status == 200  # 51 with the project
    refused = creating.ada.answer("create_issues", body)
    error = json.loads(refused.body)["error"]
    assert (refused.status, error["code"], refused.headers["Retry-After"]) == (429, "too_many_creations", "2460")
    assert "There is room for 9 right now" in error["message"]
    assert "41 minutes" in error["hint"]
    assert creating.call("list_issues", project="TURBO")["total"] == 50, "all or none"
    clock.pass_seconds(2460)
    assert creating.ada.answer("create_issues", body).status == 200


@ON_ONE
def test_comments_and_work_count_and_changes_do_not(creating: Turbo) -> None:
    creating.call("create_issue", project="TURBO", title="First")
    for number in range(29):
        creating.call("add_comment", key="TURBO-1", text=str(number))
        creating.call("log_work", issue="TURBO-1", text=str(number))
    assert creating.refused("add_comment", key="TURBO-1", text="one more").code == "too_many_creations"
    creating.call("update_issue", key="TURBO-1", title="Changed")
    assert creating.call("get_item", key="TURBO-1")["title"] == "Changed"


def test_what_was_undone_or_answered_before_counts_once(creating: Turbo) -> None:
    keyed, body = creating.ada.with_key("k1"), b'{"project": "TURBO", "title": "First"}'
    answers = [keyed.answer("create_issue", body) for _ in range(70)]
    assert {answer.body for answer in answers} == {answers[0].body}
    for _ in range(70):
        assert creating.refused("create_issue", project="NONE", title="x").status == 404
        assert creating.refused("create_project", key="TURBO", name="x").status == 409
    for number in range(58):
        creating.call("create_issue", project="TURBO", title=str(number))
    assert creating.refused("create_issue", project="TURBO", title="x").status == 429


@ON_ONE
def test_a_call_that_was_refused_for_its_limit_can_be_repeated(creating: Turbo, clock: Clock) -> None:
    for number in range(59):
        creating.call("create_issue", project="TURBO", title=str(number))
    keyed, body = creating.ada.with_key("k1"), b'{"project": "TURBO", "title": "Last"}'
    assert keyed.answer("create_issue", body).status == 429
    clock.pass_seconds(60)
    assert keyed.answer("create_issue", body).status == 200


def test_calls_at_once_share_what_is_left(creating: Turbo) -> None:
    outcomes = creating.together([("create_issue", {"project": "TURBO", "title": str(each)}) for each in range(70)])
    assert len([each for each in outcomes if isinstance(each, dict)]) == 59
    assert {each.code for each in outcomes if not isinstance(each, dict)} == {"too_many_creations"}


def test_two_servers_together_create_a_tenth_more(creating: Turbo, clock: Clock, database_url: str) -> None:
    with Turbo(database_url, clock, creations_per_hour=60) as other:
        there = replace(creating.ada, turbo=other)
        body = b'{"project": "TURBO", "title": "x"}'
        statuses = [each.answer("create_issue", body).status for _ in range(50) for each in (creating.ada, there)]
    assert 59 <= statuses.count(200) <= 65


@pytest.mark.parametrize(("seconds", "words"), [(1, "1 second"), (36, "36 seconds"), (121, "3 minutes")])
def test_times_are_told_as_one_says_them(seconds: int, words: str) -> None:
    assert spoken(seconds) == words
