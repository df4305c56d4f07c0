"""Saved views: one's own on every machine, shared ones for who may see what they name."""

import json
from typing import Any

import pytest

from tests.server.harness import Person, ToolFailed, Turbo
from turbo_server.account.grants import NEVER, Grant
from turbo_server.kit.role import Role
from turbo_server.kit.scope import Scope
from turbo_server.view.types import MOST_VIEWS

PATH = "/v1/views"


def save(person: Person, name: str, query: str = "", **more: object) -> dict[str, Any]:
    made: dict[str, Any] = person.ask("POST", PATH, **{"name": name, "page": "issues", "query": query, **more})
    return made


def names(person: Person) -> list[str]:
    return [each["name"] for each in person.ask("GET", PATH)["items"]]


def refusal(person: Person, method: str, path: str, **arguments: object) -> ToolFailed:
    with pytest.raises(ToolFailed) as refused:
        person.ask(method, path, **arguments)
    return refused.value


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")


def test_a_view_is_found_with_another_key_of_the_same_person(turbo: Turbo) -> None:
    made = save(turbo.ada, "Mine, urgent", "?assignee=me&priority=urgent")
    assert made == {
        "id": made["id"], "name": "Mine, urgent", "page": "issues", "query": "assignee=me&priority=urgent",
        "shared": False, "mine": True, "person": "ada",
    }  # fmt: skip
    assert turbo.person("ada", machine="elsewhere").ask("GET", PATH)["items"] == [made]
    assert names(turbo.person("eve")) == []


def test_a_view_is_renamed_filtered_anew_and_deleted(turbo: Turbo) -> None:
    view = save(turbo.ada, "First", "status=ready")["id"]
    changed = turbo.ada.ask("POST", f"{PATH}/change", id=view, name="Second", query="status=done", page="board")
    assert (changed["name"], changed["query"], changed["page"]) == ("Second", "status=done", "board")
    assert turbo.ada.ask("POST", f"{PATH}/change", id=view, query="")["query"] == ""
    assert turbo.ada.ask("DELETE", PATH, id=view) == {"id": view, "name": "Second"}
    assert names(turbo.ada) == []


def test_views_stand_in_the_order_in_which_their_person_puts_them(turbo: Turbo) -> None:
    one, two, three = (save(turbo.ada, name)["id"] for name in ("one", "two", "three"))
    assert names(turbo.ada) == ["one", "two", "three"]
    turbo.ada.ask("POST", f"{PATH}/order", ids=[three, one])
    assert names(turbo.ada) == ["three", "one", "two"]
    save(turbo.ada, "four")
    assert names(turbo.ada) == ["three", "one", "two", "four"]
    assert refusal(turbo.person("eve"), "POST", f"{PATH}/order", ids=[two]).code == "view_not_found"


def test_a_shared_view_is_everybodys_to_open_and_its_makers_to_change(turbo: Turbo) -> None:
    eve = turbo.person("eve")
    save(eve, "Her own")
    view = save(turbo.ada, "For all", "status=ready", shared=True)["id"]
    assert names(eve) == ["Her own", "For all"]
    assert [(each["mine"], each["person"]) for each in eve.ask("GET", PATH)["items"]] == [(True, "eve"), (False, "ada")]
    assert refusal(eve, "POST", f"{PATH}/change", id=view, name="x").code == "not_your_view"
    turbo.ada.ask("POST", f"{PATH}/change", id=view, shared=False)
    assert names(eve) == ["Her own"]
    assert refusal(eve, "POST", f"{PATH}/change", id=view, name="x").code == "view_not_found"


def test_a_shared_view_is_deleted_by_its_maker_or_an_admin_and_by_nobody_else(turbo: Turbo) -> None:
    eve, tom = turbo.person("eve"), turbo.person("tom")
    view, own = save(eve, "For all", shared=True)["id"], save(eve, "Her own")["id"]
    assert refusal(tom, "DELETE", PATH, id=view).code == "not_your_view"
    assert refusal(turbo.ada, "DELETE", PATH, id=own).code == "view_not_found"
    turbo.ada.ask("DELETE", PATH, id=view)
    assert names(eve) == ["Her own"]


def test_who_may_only_read_opens_views_and_changes_none(turbo: Turbo) -> None:
    view = save(turbo.ada, "Mine")["id"]
    reader = turbo.person("ada", Grant(Scope.READ, NEVER))
    assert names(reader) == ["Mine"]
    for method, path, arguments in (
        ("POST", PATH, {"name": "x", "page": "issues"}), ("POST", f"{PATH}/change", {"id": view, "name": "x"}),
        ("POST", f"{PATH}/order", {"ids": [view]}), ("DELETE", PATH, {"id": view}),
    ):  # fmt: skip
        assert refusal(reader, method, path, **arguments).code == "scope_missing", path
    assert refusal(turbo.person("vic", role=Role.VIEWER), "POST", PATH, name="x", page="issues").code == "role_missing"


@pytest.mark.parametrize("query", ["project=VEIL", "project=veil&status=open", "milestone=VEIL-M1", "text=VEIL-1"])
def test_a_view_of_a_private_project_is_shown_to_who_sees_that(turbo: Turbo, query: str) -> None:
    eve = turbo.person("eve")
    turbo.call("create_project", key="VEIL", name="Veiled")
    turbo.call("create_milestone", project="VEIL", title="Day")
    turbo.call("create_issue", project="VEIL", title="first")
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    view = save(turbo.ada, "Hidden", query, shared=True)["id"]
    save(turbo.ada, "Open", "project=WEB", shared=True)
    assert names(eve) == ["Open"]
    assert refusal(eve, "POST", f"{PATH}/change", id=view, name="x").code == "view_not_found"
    turbo.ada.ask("POST", "/v1/access", project="VEIL", add=["eve"])
    assert names(eve) == ["Hidden", "Open"]
    limited = turbo.person("ada", projects=("WEB",))
    assert names(limited) == ["Open"]


def test_another_workspace_neither_sees_nor_touches_a_view(turbo: Turbo) -> None:
    view = save(turbo.ada, "For all", shared=True)["id"]
    stranger = turbo.person("fay", workspace="elsewhere")
    assert names(stranger) == []
    assert refusal(stranger, "POST", f"{PATH}/change", id=view, name="x").code == "view_not_found"
    assert refusal(stranger, "DELETE", PATH, id=view).code == "view_not_found"
    assert refusal(stranger, "POST", PATH, name="x", page="issues", query="project=WEB").code == "project_not_found"


def test_a_shared_view_names_one_project_at_most(turbo: Turbo) -> None:
    turbo.call("create_project", key="API", name="Api")
    turbo.call("create_issue", project="API", title="first")
    both = "project=WEB&text=API-1"
    view = save(turbo.ada, "Mine", both)["id"]
    assert refusal(turbo.ada, "POST", PATH, name="x", page="issues", query=both, shared=True).status == 409
    said = refusal(turbo.ada, "POST", f"{PATH}/change", id=view, shared=True)
    assert (said.code, "names several" in said.message) == ("view_of_several_projects", True)


def test_a_name_is_given_once_and_there_is_a_most(turbo: Turbo) -> None:
    first, second = save(turbo.ada, "One")["id"], save(turbo.ada, "Two")["id"]
    assert refusal(turbo.ada, "POST", PATH, name="One", page="board").code == "view_name_taken"
    assert refusal(turbo.ada, "POST", f"{PATH}/change", id=second, name="One").code == "view_name_taken"
    turbo.ada.ask("POST", f"{PATH}/change", id=first, name="One", shared=True)
    save(turbo.person("eve"), "One")
    for number in range(MOST_VIEWS - 2):
        save(turbo.ada, f"view {number}")
    assert refusal(turbo.ada, "POST", PATH, name="too many", page="issues").code == "too_many_views"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"page": "../x"}, "name of a page"),
        ({"page": "https://elsewhere.example"}, "name of a page"),
        ({"query": "status=ready#x y"}, "query of an address"),
        ({"query": "x" * 2_001}, "2000"),
        ({"query": "project=?!"}, "no project"),
        ({"name": " "}, "empty"),
        ({"name": "x" * 81}, "80"),
    ],
)
def test_a_view_that_would_open_nothing_is_refused_in_words(turbo: Turbo, arguments: dict[str, Any], said: str) -> None:
    failure = refusal(turbo.ada, "POST", PATH, **{"name": "x", "page": "issues", **arguments})
    assert said in f"{failure.message} {failure.hint}", failure
    assert names(turbo.ada) == []


def test_an_address_tells_nothing_back_but_what_was_saved(turbo: Turbo) -> None:
    save(turbo.ada, "<script>", "text=%3Cscript%3E")
    assert json.loads(json.dumps(turbo.ada.ask("GET", PATH)))["items"][0]["query"] == "text=%3Cscript%3E"
