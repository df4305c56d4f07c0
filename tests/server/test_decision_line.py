"""GET /v1/decisions/line: what took whose place."""

import pytest

from tests.server.harness import ToolFailed, Turbo


@pytest.fixture
def turbo(turbo: Turbo) -> Turbo:
    turbo.call("create_project", key="VEIL", name="Some")
    return turbo


def decide(turbo: Turbo, title: str, **fields: object) -> str:
    return str(turbo.call("create_decision", title=title, outcome="x", status="accepted", **fields)["key"])


def supersede(turbo: Turbo, old: str, new: str) -> None:
    turbo.call("update_decision", key=old, superseded_by=new)


def line(turbo: Turbo, key: str) -> list[tuple[str, str | None]]:
    answer = turbo.ada.ask("GET", "/v1/decisions/line", key=key)
    return [(each["key"], each.get("superseded_by")) for each in answer["items"]]


def test_a_decision_alone_is_a_line_of_one(turbo: Turbo) -> None:
    decide(turbo, "alone")
    (only,) = turbo.ada.ask("GET", "/v1/decisions/line", key="dec-1")["items"]
    assert (only["key"], only["title"], only["status"]) == ("DEC-1", "alone", "accepted")
    assert only["decided_at"].endswith("Z")
    assert "superseded_by" not in only


def test_the_line_is_the_same_from_each_of_its_decisions(turbo: Turbo) -> None:
    for title in ("cookies", "tokens", "also old", "sessions"):
        decide(turbo, title)
    decide(turbo, "of no interest")
    for old, new in (("DEC-1", "DEC-2"), ("DEC-2", "DEC-4"), ("DEC-3", "DEC-4")):
        supersede(turbo, old, new)
    expected = [("DEC-1", "DEC-2"), ("DEC-2", "DEC-4"), ("DEC-3", "DEC-4"), ("DEC-4", None)]
    for key in ("DEC-1", "DEC-2", "DEC-3", "DEC-4"):
        assert line(turbo, key) == expected


def test_what_is_archived_is_in_it_and_says_so(turbo: Turbo) -> None:
    decide(turbo, "old"), decide(turbo, "new")
    supersede(turbo, "DEC-1", "DEC-2")
    turbo.call("archive_item", key="DEC-1")
    items = turbo.ada.ask("GET", "/v1/decisions/line", key="DEC-2")["items"]
    assert [(each["key"], each.get("archived")) for each in items] == [("DEC-1", True), ("DEC-2", None)]


def test_a_decision_of_a_private_project_is_not_named_in_it(turbo: Turbo) -> None:
    decide(turbo, "first"), decide(turbo, "hidden", project="VEIL"), decide(turbo, "last")
    supersede(turbo, "DEC-1", "DEC-2")
    supersede(turbo, "DEC-2", "DEC-3")
    turbo.ada.ask("POST", "/v1/access", project="VEIL", private=True)
    eve = turbo.person("eve")
    assert [dict(each, decided_at=None) for each in eve.ask("GET", "/v1/decisions/line", key="DEC-3")["items"]] == [
        {"key": "DEC-1", "title": "first", "status": "superseded", "decided_at": None},
        {"key": "DEC-3", "title": "last", "status": "accepted", "decided_at": None},
    ]
    with pytest.raises(ToolFailed, match="There is no decision DEC-2"):
        eve.ask("GET", "/v1/decisions/line", key="DEC-2")


def test_a_long_line_is_read_with_as_many_statements_and_says_where_it_ends(turbo: Turbo) -> None:
    def statements(key: str) -> int:
        with turbo.counting() as seen:
            line(turbo, key)
        return len(seen)

    decide(turbo, "0")
    first = statements("DEC-1")
    for number in range(1, 103):
        decide(turbo, f"{number}")
        supersede(turbo, f"DEC-{number}", f"DEC-{number + 1}")
    assert statements("DEC-50") == first
    answer = turbo.ada.ask("GET", "/v1/decisions/line", key="DEC-50")
    assert (len(answer["items"]), answer["items"][-1]["key"]) == (100, "DEC-103")
    assert answer["left_out"] == "The line goes on: 100 decisions of it are shown."
