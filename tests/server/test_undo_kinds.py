"""undo of everything that is no field of an issue: entries, links, documents, decisions, plans, creations."""

from dataclasses import replace
from typing import Any

import pytest

from tests.server.events import newest
from tests.server.harness import Person, Turbo


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    """Made in a session of its own, so that session-1 has what each test does."""
    before = replace(turbo.ada, caller=replace(turbo.ada.caller, session="before"))
    before.call("create_project", key="TURBO", name="Turbo")
    before.call("create_issue", project="TURBO", title="first", labels=["a"], priority="low")
    before.call("create_issue", project="TURBO", title="second")


@pytest.fixture
def grace(turbo: Turbo) -> Person:
    return turbo.person("grace", machine="desk", session="session-2")


def state(turbo: Turbo, key: str = "TURBO-1") -> dict[str, Any]:
    """Without what every write moves."""
    return {
        name: value for name, value in turbo.call("get_item", key=key).items() if name not in ("updated_at", "version")
    }


@pytest.mark.parametrize("hanging", [{"parent": "TURBO-3"}, {"blocked_by": ["TURBO-3"]}])
def test_a_creation_that_something_hangs_on_stays(turbo: Turbo, hanging: dict[str, object]) -> None:
    turbo.call("create_issue", project="TURBO", title="third")
    event = newest(turbo)
    turbo.call("update_issue", key="TURBO-2", **hanging)
    assert "TURBO-2" in turbo.refused("undo", event=event, confirm=True).message
    turbo.call("archive_item", key="TURBO-2")
    turbo.call("undo", event=event, confirm=True)


Call = tuple[str, dict[str, object]]
AN_ISSUE: Call = ("create_issue", {"project": "TURBO", "title": "x"})
A_DECISION: Call = ("create_decision", {"title": "x"})
# What is made, and what then points at it; a link goes to what was made.
POINTING: dict[str, tuple[Call, Call]] = {
    "link": (AN_ISSUE, ("link_items", {"from": "TURBO-1", "type": "implements"})),
    "relates": (A_DECISION, ("link_items", {"from": "TURBO-1", "type": "relates"})),
    "documents": (AN_ISSUE, ("link_items", {"from": "TURBO-D1", "type": "documents"})),
    "superseded_by": (A_DECISION, ("update_decision", {"key": "DEC-1", "superseded_by": "DEC-2"})),
    "supersedes": (A_DECISION, ("link_items", {"from": "DEC-2", "type": "supersedes", "to": "DEC-1"})),
    "parent": (AN_ISSUE, ("update_issue", {"key": "TURBO-1", "parent": "TURBO-3"})),
    "blocked_by": (AN_ISSUE, ("update_issue", {"key": "TURBO-1", "blocked_by": ["TURBO-3"]})),
    "blocks": (AN_ISSUE, ("link_items", {"from": "TURBO-3", "type": "blocks", "to": "TURBO-1"})),
    "milestone": (
        ("create_milestone", {"project": "TURBO", "title": "x"}),
        ("update_issue", {"key": "TURBO-1", "milestone": "TURBO-M1"}),
    ),
    "initiative": (
        ("create_initiative", {"project": "TURBO", "title": "x"}),
        ("update_issue", {"key": "TURBO-1", "initiative": "TURBO-I1"}),
    ),
    "project": (
        ("create_project", {"key": "NEW", "name": "x"}),
        ("update_decision", {"key": "DEC-1", "project": "NEW"}),
    ),
}


@pytest.mark.parametrize("pointer", POINTING)
def test_a_creation_that_something_points_at_is_not_taken_back_from_under_it(turbo: Turbo, pointer: str) -> None:
    """Whoever made the pointer, and in whichever session; with the pointer gone, or undone with it, it can be."""
    other = replace(turbo.ada, caller=replace(turbo.ada.caller, session="other"))
    other.call("create_decision", title="older")
    other.call("create_document", project="TURBO", title="x", text="x")
    (create, made), (point, given) = POINTING[pointer]
    key = turbo.call(create, **made)["key"]
    creation = newest(turbo)
    pointing = {"to": key, **given} if point == "link_items" else given
    other.call(point, **pointing)
    pointed = newest(turbo)
    origin = "DEC-1" if pointer == "supersedes" else "TURBO-1" if pointer == "blocks" else None
    for who in (turbo.ada, other):
        assert who.call("undo", event=creation)["in_the_way"], "shown before it is refused"
        refused = who.refused("undo", event=creation, confirm=True)
        assert refused.code == "cannot_undo"
        assert (origin or str(given.get("from") or given.get("key"))) in refused.message
    assert turbo.refused("undo", session="session-1", confirm=True).code == "cannot_undo"
    other.call("undo", event=pointed, confirm=True)
    turbo.call("undo", event=creation, confirm=True)
    assert turbo.call("get_item", key=key)["archived_at"]


@pytest.mark.parametrize("pointer", POINTING)
def test_what_one_session_made_and_pointed_at_goes_back_as_one(turbo: Turbo, pointer: str) -> None:
    other = replace(turbo.ada, caller=replace(turbo.ada.caller, session="other"))
    other.call("create_decision", title="older")
    other.call("create_document", project="TURBO", title="x", text="x")
    own = replace(turbo.ada, caller=replace(turbo.ada.caller, session="own"))
    (create, made), (point, given) = POINTING[pointer]
    key = own.call(create, **made)["key"]
    own.call(point, **({"to": key, **given} if point == "link_items" else given))
    assert own.call("undo", session="mine", confirm=True)["undone"] == 2
    assert own.call("get_item", key=key)["archived_at"]


def test_a_project_that_has_something_in_it_stays(turbo: Turbo) -> None:
    message = turbo.refused("undo", event=1, confirm=True).message
    assert "TURBO-1" in message
    assert "TURBO-2" in message


def test_a_comment_is_put_away_and_brought_back(turbo: Turbo) -> None:
    turbo.call("add_comment", key="TURBO-1", text="oops")
    event = newest(turbo)
    assert turbo.call("undo", event=event)["steps"][0]["what"] == "puts away the comment: oops"
    turbo.call("undo", event=event, confirm=True)
    assert "comments" not in turbo.call("get_item", key="TURBO-1")
    assert turbo.refused("add_comment", key="TURBO-1", text="x", reply_to=1).code == "comment_not_found"
    turbo.call("undo", event=newest(turbo), confirm=True)
    assert turbo.call("get_item", key="TURBO-1", include=["comments"])["latest_comments"][0]["text"] == "oops"


@pytest.mark.parametrize("place", [{"issue": "TURBO-1"}, {"project": "TURBO"}, {}])
def test_logged_work_is_put_away_and_brought_back(turbo: Turbo, place: dict[str, object]) -> None:
    turbo.call("log_work", text="nothing", minutes=30, **place)
    event = newest(turbo)
    turbo.call("undo", event=event, confirm=True)
    assert turbo.call("log_work", text="x", minutes=1)["minutes_today"] == 1
    undone = event + 1
    turbo.call("undo", event=undone, confirm=True)
    assert turbo.call("log_work", text="x", minutes=1)["minutes_today"] == 32


def test_archive_and_restore_are_undone(turbo: Turbo) -> None:
    turbo.call("archive_item", key="TURBO-1")
    turbo.call("undo", event=newest(turbo), confirm=True)
    assert "archived_at" not in state(turbo)
    turbo.call("archive_item", key="TURBO-1")
    turbo.call("restore_item", key="TURBO-1")
    turbo.call("undo", event=newest(turbo), confirm=True)
    assert "archived_at" in state(turbo)


def test_a_link_is_taken_away_and_brought_back(turbo: Turbo, grace: Person) -> None:
    link: dict[str, object] = {"from": "TURBO-2", "type": "relates", "to": "TURBO-1"}

    def links() -> list[str]:
        return [each["key"] for each in turbo.call("get_item", key="TURBO-1", include="links").get("links", [])]

    turbo.call("link_items", **link)
    event = newest(turbo)
    assert turbo.call("undo", event=event)["steps"][0]["what"] == "takes away the link: relates TURBO-1"
    turbo.call("undo", event=event, confirm=True)
    assert links() == []
    turbo.call("undo", event=newest(turbo), confirm=True)
    assert links() == ["TURBO-2"]
    again = newest(turbo)
    grace.call("link_items", **link, remove=True)
    later = newest(turbo)
    said = turbo.refused("undo", event=again, confirm=True).message
    assert f"event {later} (grace on desk" in said
    grace.call("undo", event=later, confirm=True)
    assert links() == ["TURBO-2"]


def test_links_that_a_session_made_and_took_away_and_made_again(turbo: Turbo) -> None:
    link: dict[str, object] = {"from": "TURBO-2", "type": "implements", "to": "TURBO-1"}
    for remove in (False, True, False):
        turbo.call("link_items", **link, remove=remove)
    assert turbo.call("undo", session="mine", confirm=True)["undone"] == 3
    assert "links" not in turbo.call("get_item", key="TURBO-1", include="links")


def test_a_document_goes_back_to_its_text_in_a_new_version(turbo: Turbo) -> None:
    text = "# A\r\n\n" + "漢字 `code`\n" * 3_000
    turbo.call("create_document", project="TURBO", title="Guide", text=text)
    turbo.call("update_document", key="TURBO-D1", text="# B", title="Other")
    turbo.call("undo", event=newest(turbo), confirm=True)
    shown = turbo.call("get_item", key="TURBO-D1")
    assert (shown["title"], shown["version"], shown["characters"]) == ("Guide", 3, len(text))
    assert turbo.call("get_item", key="TURBO-D1", version=2)["text"] == "# B"


def test_a_decision_and_plans_go_back(turbo: Turbo) -> None:
    turbo.call("create_decision", title="Where", options=["a", "b"], paths=["src/**"])
    turbo.call("create_initiative", project="TURBO", title="Goal")
    turbo.call("create_milestone", project="TURBO", title="Beta")
    changes: list[tuple[str, dict[str, object]]] = [
        ("update_decision", {"key": "DEC-1", "outcome": "a", "status": "accepted", "paths": ["lib/**", "bin/*"]}),
        ("update_initiative", {"key": "TURBO-I1", "owner": "me", "status": "active", "due": "2027-01-01"}),
        ("update_milestone", {"key": "TURBO-M1", "status": "closed", "description": "over"}),
    ]
    for tool, arguments in changes:
        key = str(arguments["key"])
        before = state(turbo, key)
        turbo.call(tool, **arguments)
        assert state(turbo, key) != before
        turbo.call("undo", event=newest(turbo), confirm=True)
        assert state(turbo, key) == before


@pytest.mark.parametrize("kind", ["initiative", "milestone"])
def test_a_plan_that_issues_belong_to_stays(turbo: Turbo, kind: str) -> None:
    key = turbo.call(f"create_{kind}", project="TURBO", title="x")["key"]
    event = newest(turbo)
    turbo.call("update_issue", key="TURBO-1", **{kind: key})
    assert "TURBO-1" in turbo.refused("undo", event=event, confirm=True).message
    assert turbo.call("undo", session="mine", confirm=True)["undone"] == 2
