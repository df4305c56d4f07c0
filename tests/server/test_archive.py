"""archive_item and restore_item: out of sight, not to be changed, and all of it back."""

import pytest

from tests.server.harness import Turbo
from turbo_server.catalogue import KINDS

WRITES: list[tuple[str, dict[str, object]]] = [
    ("update_issue", {"key": "TURBO-1", "title": "x"}),
    ("update_issue", {"key": "TURBO-1", "note": "x"}),
    ("add_comment", {"key": "TURBO-1", "text": "x"}),
    ("log_work", {"issue": "TURBO-1", "text": "x"}),
    ("log_work", {"issue": "TURBO-1", "text": "x", "status": "done"}),
]


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")
    turbo.call("create_project", key="WEB", name="Web")
    turbo.call("create_issue", project="TURBO", title="first", due="yesterday", description="# Why")
    turbo.call("create_issue", project="TURBO", title="second", blocked_by=["TURBO-1"], parent="TURBO-1")


@pytest.fixture(params=["TURBO-1", "TURBO"])
def key(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def listed(turbo: Turbo, **filters: object) -> list[str]:
    return [row["key"] for row in turbo.call("list_issues", sort="key", **filters)["items"]]


def test_an_item_of_every_kind_can_be_put_away(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="WEB", title="x")
    turbo.call("create_milestone", project="WEB", title="x")
    turbo.call("create_document", project="WEB", title="x", text="x")
    turbo.call("create_decision", title="x")
    turbo.call("ask_mentor", mentor="writing", question="x")
    examples = {
        "issue": "TURBO-1", "project": "WEB", "initiative": "WEB-I1", "milestone": "WEB-M1", "document": "WEB-D1",
        "decision": "DEC-1", "mentor": "@architect", "conversation": "ASK-1",
    }  # fmt: skip
    assert set(examples) == set(KINDS)
    for each in examples.values():
        assert turbo.call("archive_item", key=each.lower()) == {
            "key": each,
            "title": turbo.call("get_item", key=each)["title"],
            "version": 2,
            "result": "archived",
            "next": f"restore_item(key={each}) brings it back",
        }
        assert turbo.call("get_item", key=each)["archived_at"]
        assert turbo.call("restore_item", key=each)["result"] == "restored"
        assert "archived_at" not in turbo.call("get_item", key=each)


def test_twice_says_already(turbo: Turbo, key: str) -> None:
    turbo.call("archive_item", key=key)
    moment = turbo.call("get_item", key=key)["archived_at"]
    again = turbo.call("archive_item", key=key, note="again")
    assert (again["result"], again["note"]) == ("already archived", "not added")
    assert turbo.call("get_item", key=key)["archived_at"] == moment
    turbo.call("restore_item", key=key)
    assert turbo.call("restore_item", key=key)["result"] == "was not archived"


def test_of_many_at_once_one_archives(turbo: Turbo) -> None:
    outcomes = turbo.together([("archive_item", {"key": "TURBO-1", "note": "why"})] * 8)
    assert sorted(outcome["result"] for outcome in outcomes) == ["already archived"] * 7 + ["archived"]
    assert turbo.call("get_item", key="TURBO-1")["comments"] == 1


def test_an_archived_issue_leaves_lists_and_the_queue(turbo: Turbo) -> None:
    assert turbo.call("get_status")["overdue"]["total"] == 1
    turbo.call("archive_item", key="TURBO-1")
    assert listed(turbo) == ["TURBO-2"]
    assert listed(turbo, status="archived") == ["TURBO-1"]
    status = turbo.call("get_status")
    assert (status["open"], status["overdue"]["total"]) == (1, 0)
    assert turbo.call("list_projects")["items"][0]["open"] == 1
    assert turbo.call("get_item", key="TURBO")["issues"] == {"backlog": 1}


def test_nothing_waits_for_what_was_put_away(turbo: Turbo) -> None:
    assert listed(turbo, blocked=True) == ["TURBO-2"]
    turbo.call("archive_item", key="TURBO-1")
    assert listed(turbo, blocked=True) == []
    assert "blocked" not in turbo.call("get_item", key="TURBO-2")
    assert [row["key"] for row in turbo.call("get_status")["queue"]["items"]] == ["TURBO-2"]
    turbo.call("restore_item", key="TURBO-1")
    assert turbo.call("get_item", key="TURBO-2")["blocked"] is True


def test_a_project_takes_along_what_is_in_it(turbo: Turbo) -> None:
    turbo.call("create_issue", project="WEB", title="other")
    turbo.call("archive_item", key="TURBO")
    assert listed(turbo) == ["WEB-1"]
    assert listed(turbo, project="TURBO") == []
    said = turbo.call("list_issues", project="TURBO")["archived"]
    assert said == "TURBO is archived: status=archived lists its issues, restore_item(key=TURBO) brings it back"
    assert "archived" not in turbo.call("list_issues", project="TURBO", status="archived")
    assert "archived" not in turbo.call("list_issues", project="WEB", text="nothing such")
    assert listed(turbo, status="archived") == ["TURBO-1", "TURBO-2"]
    assert [row["key"] for row in turbo.call("list_projects")["items"]] == ["WEB"]
    assert [row["key"] for row in turbo.call("list_projects", archived=True)["items"]] == ["TURBO"]
    status = turbo.call("get_status")
    assert (status["open"], status["overdue"]["total"]) == (1, 0)
    assert [row["key"] for row in status["queue"]["items"]] == ["WEB-1"]
    assert turbo.call("get_item", key="TURBO-1")["description"] == "# Why"
    turbo.call("restore_item", key="TURBO")
    assert listed(turbo) == ["TURBO-1", "TURBO-2", "WEB-1"]


@pytest.mark.parametrize(("tool", "arguments"), WRITES)
def test_a_write_is_refused_with_the_way_back(turbo: Turbo, key: str, tool: str, arguments: dict[str, object]) -> None:
    turbo.call("archive_item", key=key)
    before = turbo.call("get_item", key="TURBO-1")
    failure = turbo.refused(tool, **arguments)
    assert (failure.status, failure.code) == (409, "item_archived")
    assert f"restore_item(key={key})" in failure.hint
    assert turbo.call("get_item", key="TURBO-1") == before
    turbo.call("restore_item", key=key)
    turbo.call(tool, **arguments)


def test_nothing_is_made_in_an_archived_project(turbo: Turbo) -> None:
    turbo.call("archive_item", key="TURBO")
    for tool, arguments in (
        ("create_issue", {"project": "TURBO", "title": "x"}),
        ("log_work", {"project": "TURBO", "text": "x"}),
        ("add_comment", {"key": "TURBO", "text": "x"}),
    ):
        failure = turbo.refused(tool, **arguments)
        assert failure.code == "item_archived"
        assert "restore_item(key=TURBO)" in failure.hint
    turbo.call("restore_item", key="TURBO")
    assert turbo.call("create_issue", project="TURBO", title="x")["key"] == "TURBO-3"


@pytest.mark.parametrize("kind", ["initiative", "milestone", "document", "decision"])
def test_lists_of_every_kind_leave_out_what_is_archived(turbo: Turbo, kind: str) -> None:
    arguments = {"text": "x"} if kind == "document" else {}
    key = turbo.call(f"create_{kind}", project="TURBO", title="x", **arguments)["key"]
    for archived in (key, "TURBO"):
        assert turbo.call("list_items", kind=kind)["total"] == 1
        turbo.call("archive_item", key=archived)
        assert turbo.call("list_items", kind=kind)["total"] == 0
        assert [row["key"] for row in turbo.call("list_items", kind=kind, status="archived")["items"]] == [key]
        assert turbo.refused("link_items", **{"from": key, "type": "relates", "to": "WEB"}).code == "item_archived"
        turbo.call("restore_item", key=archived)


def test_a_note_says_why(turbo: Turbo, key: str) -> None:
    assert turbo.call("archive_item", key=key, note="not wanted")["note"] == "added as a comment"
    assert turbo.call("restore_item", key=key, note="wanted again")["note"] == "added as a comment"
    comments = turbo.call("get_item", key=key, include=["comments"])["latest_comments"]
    assert [comment["text"] for comment in comments] == ["not wanted", "wanted again"]


def test_an_item_of_an_archived_project_says_that_it_stays_hidden(turbo: Turbo) -> None:
    turbo.call("archive_item", key="TURBO-1")
    turbo.call("archive_item", key="TURBO")
    receipt = turbo.call("restore_item", key="TURBO-1", note="x")
    assert (receipt["result"], receipt["note"]) == ("restored", "not added")
    assert "restore_item(key=TURBO)" in receipt["next"]


def test_what_is_not_there_cannot_be_put_away(turbo: Turbo) -> None:
    for tool in ("archive_item", "restore_item"):
        assert turbo.refused(tool, key="TURBO-9").code == "issue_not_found"
        assert turbo.refused(tool, key="NOPE").code == "project_not_found"
        assert turbo.refused(tool, key="?").status == 422
