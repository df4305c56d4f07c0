"""The queue as the page shows and orders it: what is dragged stands there for every other reader too."""

from typing import Any

import pytest

from tests.server.harness import Person, ToolFailed, Turbo
from turbo_server.account.grants import NEVER, Grant
from turbo_server.kit.scope import Scope

PATH = "/v1/queue"


def fill(turbo: Turbo, project: str, count: int) -> None:
    turbo.call("create_project", key=project, name=project)
    for number in range(1, count + 1):
        turbo.call("create_issue", project=project, title=f"number {number}")


@pytest.fixture(autouse=True)
def filled(turbo: Turbo) -> None:
    fill(turbo, "WEB", 5)


def order(person: Person, **project: str) -> list[str]:
    return [each["key"] for each in person.ask("GET", PATH, **project)["items"]]


def numbers(keys: list[str]) -> list[int]:
    return [int(key.rpartition("-")[2]) for key in keys]


def move(person: Person, key: str, after: str | None = None, **project: str) -> dict[str, Any]:
    moved: dict[str, Any] = person.ask("POST", PATH, key=key, **project, **({"after": after} if after else {}))
    return moved


def as_agents_see_it(turbo: Turbo) -> list[str]:
    """Of the tools that sessions call, whatever of the order each of them tells."""
    answer = turbo.call("next_issue")
    head = [answer["issue"]["key"], *(each["key"] for each in answer["then"])]
    status = [each["key"] for each in turbo.call("get_status")["queue"]["items"]]
    assert status[: len(head)] == head
    return status


def test_an_issue_stands_where_it_was_put_for_agents_too(turbo: Turbo) -> None:
    assert numbers(order(turbo.ada)) == [1, 2, 3, 4, 5]
    moved = move(turbo.ada, "WEB-5", after="WEB-2")
    assert moved == {"key": "WEB-5", "place": "3 of 3 placed by hand", "held": ["WEB-1", "WEB-2"]}
    assert numbers(order(turbo.ada)) == [1, 2, 5, 3, 4]
    assert as_agents_see_it(turbo) == order(turbo.ada)
    assert [each["placed"] for each in turbo.ada.ask("GET", PATH)["items"]] == [True, True, True, False, False]


@pytest.mark.parametrize("start", range(5))
@pytest.mark.parametrize("spot", range(5))
def test_any_of_them_can_be_put_anywhere(turbo: Turbo, start: int, spot: int) -> None:
    turbo.call("update_issue", key="WEB-4", place="top")
    turbo.call("update_issue", key="WEB-2", place="bottom")
    expected = order(turbo.ada)
    key = expected.pop(start)
    move(turbo.ada, key, after=expected[spot - 1] if spot else None)
    expected.insert(spot, key)
    assert order(turbo.ada) == expected
    assert as_agents_see_it(turbo) == expected


def test_in_one_projects_queue_the_others_keep_their_places(turbo: Turbo) -> None:
    fill(turbo, "API", 2)
    turbo.call("update_issue", key="API-2", place="top")
    move(turbo.ada, "WEB-3", project="WEB")
    move(turbo.ada, "WEB-4", project="web")
    assert order(turbo.ada)[:3] == ["API-2", "WEB-4", "WEB-3"]
    assert numbers(order(turbo.ada, project="WEB")) == [4, 3, 1, 2, 5]
    move(turbo.ada, "WEB-5")
    assert order(turbo.ada)[:2] == ["WEB-5", "API-2"]


def test_what_does_not_stand_in_the_queue_any_more_is_no_neighbour_and_nothing_moves(turbo: Turbo) -> None:
    turbo.call("update_issue", key="WEB-3", status="done")
    with pytest.raises(ToolFailed) as refused:
        move(turbo.ada, "WEB-5", after="WEB-3")
    assert (refused.value.status, refused.value.code) == (409, "not_in_queue")
    assert numbers(order(turbo.ada)) == [1, 2, 4, 5]
    assert not any(each["placed"] for each in turbo.ada.ask("GET", PATH)["items"])


def test_what_is_done_is_put_nowhere(turbo: Turbo) -> None:
    turbo.call("update_issue", key="WEB-3", status="done")
    with pytest.raises(ToolFailed) as refused:
        move(turbo.ada, "WEB-3", after="WEB-2")
    assert refused.value.status == 409
    assert not any(each["placed"] for each in turbo.ada.ask("GET", PATH)["items"])


def test_a_move_is_in_the_history_and_can_be_taken_back(turbo: Turbo) -> None:
    move(turbo.ada, "WEB-5", after="WEB-1")
    event = turbo.call("get_item", key="WEB-5", include=["history"])["history"][0]
    assert event["changed"] == [{"field": "place"}]
    turbo.call("undo", event=event["event"], confirm=True)
    assert numbers(order(turbo.ada)) == [1, 2, 3, 4, 5]


def test_a_private_project_is_in_no_strangers_queue(turbo: Turbo) -> None:
    eve = turbo.person("eve")
    fill(turbo, "VEIL", 1)
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    move(turbo.ada, "VEIL-1")
    assert "VEIL-1" in order(turbo.ada)
    assert "VEIL-1" not in order(eve)
    for given in ({"key": "VEIL-1"}, {"key": "WEB-1", "after": "VEIL-1"}, {"key": "WEB-1", "project": "VEIL"}):
        with pytest.raises(ToolFailed):
            move(eve, **given)
    move(eve, "WEB-5", after="WEB-1")
    assert order(turbo.ada)[0] == "VEIL-1"
    assert numbers(order(eve)) == [1, 5, 2, 3, 4]


def test_who_may_only_read_sees_the_queue_and_moves_nothing(turbo: Turbo) -> None:
    reader = turbo.person("ada", Grant(Scope.READ, NEVER))
    assert numbers(order(reader)) == [1, 2, 3, 4, 5]
    with pytest.raises(ToolFailed) as refused:
        move(reader, "WEB-5")
    assert refused.value.code == "scope_missing"


def test_another_workspace_has_a_queue_of_its_own(turbo: Turbo) -> None:
    stranger = turbo.person("fay", workspace="elsewhere")
    assert order(stranger) == []
    with pytest.raises(ToolFailed) as refused:
        move(stranger, "WEB-5")
    assert refused.value.status == 404
