"""GET /v1/graph: a project's items and how they hang together, where it is switched on."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from tests.server.harness import Turbo
from turbo_server.app import create_app
from turbo_server.settings import BadSettings, read_settings


class Drawing(Turbo):
    """A server with the graph switched on."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.settings = replace(self.settings, graph_enabled=True)


@pytest.fixture
def drawing(database_url: str) -> Iterator[Drawing]:
    with Drawing(database_url) as server:
        server.call("create_project", key="TURBO", name="Turbo")
        yield server


def get(turbo: Turbo, path: str, *, with_key: bool = True) -> httpx.Response:
    async def send() -> httpx.Response:
        headers = {"Authorization": f"Bearer {turbo.ada.token}"} if with_key else {}
        transport = httpx.ASGITransport(turbo.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://turbo.test", headers=headers) as client:
            return await client.get(path)

    return turbo.run(send())


def graph(turbo: Turbo, project: str = "TURBO") -> dict[str, Any]:
    answer = get(turbo, f"/v1/graph?project={project}")
    assert answer.status_code == 200, answer.text
    drawn: dict[str, Any] = answer.json()
    return drawn


def keys(drawn: dict[str, Any]) -> set[str]:
    return {node["key"] for node in drawn["nodes"]}


def edges(drawn: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(edge["from"], edge["type"], edge["to"]) for edge in drawn["edges"]}


def link(turbo: Turbo, start: str, kind: str, end: str) -> None:
    turbo.call("link_items", **{"from": start, "type": kind, "to": end})


def test_it_is_off_unless_it_is_switched_on(turbo: Turbo) -> None:
    answer = get(turbo, "/v1/graph?project=TURBO")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert answer.content == get(turbo, "/v1/nothing").content
    assert "/v1/graph" not in get(turbo, "/openapi.json").json()["paths"]


def test_the_openapi_document_describes_it_where_it_is_on(drawing: Drawing) -> None:
    operation = get(drawing, "/openapi.json").json()["paths"]["/v1/graph"]["get"]
    assert [(each["name"], each["required"]) for each in operation["parameters"]] == [("project", True)]
    edge = operation["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["edges"]["items"]
    assert set(edge["required"]) == {"from", "type", "to"}


@pytest.mark.parametrize(
    ("text", "is_on"), [("true", True), ("1", True), ("TRUE", True), ("false", False), ("", False)]
)
def test_the_setting_switches_it(text: str, is_on: bool) -> None:
    settings = read_settings({"DATABASE_URL": "sqlite:///x.db", "GRAPH_ENABLED": text})
    paths = {getattr(route, "path", "") for route in create_app(settings).routes}
    assert ("/v1/graph" in paths) is is_on


def test_a_setting_that_is_neither_on_nor_off_is_refused() -> None:
    with pytest.raises(BadSettings, match="GRAPH_ENABLED must be true or false"):
        read_settings({"GRAPH_ENABLED": "maybe"})


def test_it_needs_a_key_and_a_project_that_is_there(drawing: Drawing) -> None:
    assert get(drawing, "/v1/graph?project=TURBO", with_key=False).status_code == 401
    wrong = get(drawing, "/v1/graph?project=TURB")
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (404, "project_not_found")
    for query in ("", "?project=", "?project=a%20b", "?project=TURBO&depth=3"):
        assert get(drawing, f"/v1/graph{query}").status_code == 422


def test_open_issues_are_drawn_with_all_that_connects_them(drawing: Drawing) -> None:
    for title in ("top", "part", "waits"):
        drawing.call("create_issue", project="TURBO", title=title)
    drawing.call("update_issue", key="TURBO-2", parent="TURBO-1")
    drawing.call("update_issue", key="TURBO-3", blocked_by=["TURBO-2"])
    drawing.call("create_decision", title="d", outcome="x", status="accepted")
    link(drawing, "TURBO-3", "implements", "DEC-1")
    drawn = graph(drawing, "turbo")
    assert drawn["nodes"] == [
        {"key": "TURBO-1", "kind": "issue", "title": "top", "status": "backlog"},
        {"key": "TURBO-2", "kind": "issue", "title": "part", "status": "backlog"},
        {"key": "TURBO-3", "kind": "issue", "title": "waits", "status": "backlog"},
        {"key": "DEC-1", "kind": "decision", "title": "d", "status": "accepted"},
    ]
    assert drawn["project"] == "TURBO"
    assert "left_out" not in drawn
    assert edges(drawn) == {
        ("TURBO-2", "parent", "TURBO-1"), ("TURBO-2", "blocks", "TURBO-3"), ("TURBO-3", "implements", "DEC-1"),
    }  # fmt: skip


def test_closed_issues_are_drawn_only_where_an_open_one_is_linked_to_them(drawing: Drawing) -> None:
    drawing.call("create_issue", project="TURBO", title="open")
    for title in ("its part", "blocker", "related", "of no interest", "linked to a closed one"):
        drawing.call("create_issue", project="TURBO", title=title, status="done")
    drawing.call("update_issue", key="TURBO-2", parent="TURBO-1")
    link(drawing, "TURBO-3", "blocks", "TURBO-1")
    link(drawing, "TURBO-1", "relates", "TURBO-4")
    link(drawing, "TURBO-6", "relates", "TURBO-4")
    drawing.call("create_decision", title="d", project="TURBO")
    link(drawing, "TURBO-5", "implements", "DEC-1")
    drawn = graph(drawing)
    assert keys(drawn) == {"TURBO-1", "TURBO-2", "TURBO-3", "TURBO-4"}
    assert edges(drawn) == {
        ("TURBO-2", "parent", "TURBO-1"), ("TURBO-3", "blocks", "TURBO-1"), ("TURBO-1", "relates", "TURBO-4"),
    }  # fmt: skip


def test_decisions_of_the_project_are_drawn_with_what_they_supersede(drawing: Drawing) -> None:
    for title in ("old", "new", "alone"):
        drawing.call("create_decision", title=title, outcome="x", status="accepted", project="TURBO")
    link(drawing, "DEC-2", "supersedes", "DEC-1")
    drawn = graph(drawing)
    assert (keys(drawn), edges(drawn)) == ({"DEC-1", "DEC-2"}, {("DEC-2", "supersedes", "DEC-1")})


def test_another_projects_issue_is_drawn_where_it_is_linked(drawing: Drawing) -> None:
    drawing.call("create_project", key="WEB", name="Web")
    drawing.call("create_issue", project="TURBO", title="here")
    drawing.call("create_issue", project="WEB", title="there", blocked_by=["TURBO-1"])
    drawing.call("create_issue", project="WEB", title="elsewhere")
    assert keys(graph(drawing)) == {"TURBO-1", "WEB-1"}


def test_a_project_too_large_to_draw_says_what_was_left_out(drawing: Drawing) -> None:
    drawing.together([("create_issue", {"project": "TURBO", "title": "t"}) for _ in range(510)])
    drawing.call("update_issue", key="TURBO-510", priority="urgent")
    for number in range(3):
        drawing.call("create_decision", title=f"d{number}")
        link(drawing, "TURBO-510", "implements", f"DEC-{number + 1}")
    drawn = graph(drawing)
    assert len(drawn["nodes"]) == 500
    assert drawn["left_out"] == "13 open issues"
    assert {"TURBO-510", "DEC-1", "DEC-2", "DEC-3"} <= keys(drawn)
    assert len(drawn["edges"]) == 3


def test_the_number_of_statements_does_not_grow_with_the_project(drawing: Drawing) -> None:
    def statements() -> int:
        with drawing.counting() as seen:
            graph(drawing)
        return len(seen)

    drawing.call("create_issue", project="TURBO", title="t")
    drawing.call("create_decision", title="d")
    link(drawing, "TURBO-1", "implements", "DEC-1")
    statements()  # the first use of a key from an address is told in the audit
    first = statements()
    for number in range(2, 12):
        drawing.call("create_issue", project="TURBO", title="t", parent="TURBO-1", blocked_by=["TURBO-1"])
        drawing.call("create_decision", title="d")
        link(drawing, f"TURBO-{number}", "implements", f"DEC-{number}")
    assert statements() == first
