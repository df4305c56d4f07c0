"""Starting and showing projects."""

import pytest

from tests.server.harness import Turbo


def test_a_project_is_created_with_its_key_in_capitals(turbo: Turbo) -> None:
    assert turbo.call("create_project", key=" turbo ", name="Turbo") == {
        "key": "TURBO",
        "name": "Turbo",
        "version": 1,
        "created": True,
    }


def test_a_taken_key_says_whose_it_is(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="The first")
    failure = turbo.refused("create_project", key="turbo", name="Another")
    assert (failure.status, failure.code) == (409, "project_key_taken")
    assert "The first" in failure.message


@pytest.mark.parametrize("key", ["A", "1AB", "TOO-LONG", "ABCDEFGHIJK", "A B", "ÄÖ", "", "DEC"])
def test_a_key_that_cannot_head_issue_keys_is_refused(turbo: Turbo, key: str) -> None:
    assert turbo.refused("create_project", key=key, name="x").status in (409, 422)


def test_thirty_creators_of_one_key_make_one_project(turbo: Turbo) -> None:
    outcomes = turbo.together([("create_project", {"key": "RACE", "name": f"n{n}"}) for n in range(30)])
    assert sum(isinstance(outcome, dict) for outcome in outcomes) == 1


def test_a_project_shows_how_its_issues_stand(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo", description="# What\n\nand why")
    for status in ("backlog", "backlog", "done"):
        turbo.call("create_issue", project="TURBO", title="x", status=status)
    item = turbo.call("get_item", key="turbo")
    assert (item["kind"], item["title"], item["description"]) == ("project", "Turbo", "# What\n\nand why")
    assert item["issues"] == {"backlog": 2, "done": 1}


def test_receipts_carry_the_web_address_when_there_is_a_web_page(database_url: str) -> None:
    with Turbo(database_url, web_url="https://turbo.example") as turbo:
        assert turbo.call("create_project", key="TURBO", name="x")["url"] == "https://turbo.example/TURBO"
        assert turbo.call("create_issue", project="TURBO", title="x")["url"] == "https://turbo.example/TURBO-1"
