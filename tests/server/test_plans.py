"""Initiatives and milestones: goals whose progress is counted from their issues."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.server.harness import Turbo

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOTH = pytest.mark.parametrize(("kind", "key"), [("initiative", "TURBO-I1"), ("milestone", "TURBO-M1")])


@pytest.fixture
def turbo(database_url: str) -> Iterator[Turbo]:
    with Turbo(database_url, clock=lambda: NOW) as server:
        server.call("create_project", key="TURBO", name="Turbo")
        server.call("create_project", key="WEB", name="Web")
        yield server


def issue(turbo: Turbo, **fields: object) -> str:
    key: str = turbo.call("create_issue", **{"project": "TURBO", "title": "x", **fields})["key"]
    return key


@BOTH
def test_every_field_comes_back_as_it_was_given(turbo: Turbo, kind: str, key: str) -> None:
    receipt = turbo.call(
        f"create_{kind}", project="turbo", title="Sign in", description="# Why\n\n    code\n", owner="me", due="friday"
    )
    status = {"initiative": "planned", "milestone": "open"}[kind]
    assert receipt == {"key": key, "title": "Sign in", "status": status, "version": 1, "created": True}
    item = turbo.call("get_item", key=key.lower())
    assert {name: item[name] for name in item if not name.endswith("_at")} == {
        "key": key,
        "kind": kind,
        "title": "Sign in",
        "description": "# Why\n\n    code\n",
        "project": "TURBO",
        "status": status,
        "version": 1,
        "owner": "ada",
        "due": "2026-03-06",
        "time_left": "4 days left",
        "progress": {"total": 0, "done": 0},
        "created_by": "ada",
        "machine": "laptop",
        "session": "session-1",
    }


@BOTH
def test_numbers_count_up_in_each_project_and_a_refusal_leaves_no_gap(turbo: Turbo, kind: str, key: str) -> None:
    made = [turbo.call(f"create_{kind}", project=project, title="x")["key"] for project in ("TURBO", "WEB")]
    assert turbo.refused(f"create_{kind}", project="TURBO", title="x", owner="nobody").code == "person_not_found"
    made.append(turbo.call(f"create_{kind}", project="TURBO", title="x")["key"])
    assert made == [key, key.replace("TURBO", "WEB"), key[:-1] + "2"]


@BOTH
def test_many_at_once_get_numbers_without_gap_or_repeat(turbo: Turbo, kind: str, key: str) -> None:
    made = turbo.together([(f"create_{kind}", {"project": "TURBO", "title": f"{n}"}) for n in range(20)])
    assert sorted(int(receipt["key"].removeprefix(key[:-1])) for receipt in made) == list(range(1, 21))


@BOTH
def test_an_update_tells_what_changed_and_how_far_it_is(turbo: Turbo, kind: str, key: str) -> None:
    turbo.call(f"create_{kind}", project="TURBO", title="old", due="2026-03-06")
    issue(turbo, **{kind: key, "status": "done"})
    issue(turbo, **{kind: key})
    status = {"initiative": "active", "milestone": "closed"}[kind]
    receipt = turbo.call(f"update_{kind}", key=key, title="new", status=status, owner="me", due="none", note="Why.")
    assert receipt["title"] == "new"
    assert receipt["status"] == status
    assert [(change["field"], change.get("after")) for change in receipt["changed"]] == [
        ("title", None), ("status", status), ("owner", "ada"), ("due", None),
    ]  # fmt: skip
    assert receipt["progress"] == {"total": 2, "done": 1, "percent": 50}
    assert receipt["note"] == "added as a comment"
    comments = turbo.call("get_item", key=key, include=["comments"])["latest_comments"]
    assert [comment["text"] for comment in comments] == ["Why."]
    assert turbo.call(f"update_{kind}", key=key, owner="none")["changed"] == [{"field": "owner", "before": "ada"}]


@BOTH
def test_an_update_that_changes_nothing_says_so(turbo: Turbo, kind: str, key: str) -> None:
    turbo.call(f"create_{kind}", project="TURBO", title="x")
    assert turbo.call(f"update_{kind}", key=key, title="x", owner="none")["changed"] == []
    assert "nothing to change" in turbo.refused(f"update_{kind}", key=key).message


@BOTH
def test_progress_is_counted_from_the_issues(turbo: Turbo, kind: str, key: str) -> None:
    turbo.call(f"create_{kind}", project="TURBO", title="x")
    for fields in (
        {"status": "done", "due": "2026-01-01"}, {"status": "cancelled", "due": "2026-01-01"}, {"status": "in_review"},
        {"status": "in_progress", "due": "2026-03-01"}, {"status": "blocked"}, {"due": "2026-03-02"},
        {"blocked_by": ["TURBO-5"]}, {"blocked_by": ["TURBO-1"]},
    ):  # fmt: skip
        issue(turbo, **{kind: key, **fields})
    issue(turbo, status="done")
    assert turbo.call("get_item", key=key)["progress"] == {
        "total": 7, "done": 1, "percent": 14, "in_progress": 2, "overdue": 1, "blocked": 2, "cancelled": 1,
    }  # fmt: skip
    issue_moved = turbo.call("update_issue", key="TURBO-6", **{kind: "none"})
    assert issue_moved["changed"] == [{"field": kind, "before": key}]
    assert turbo.call("get_item", key=key)["progress"]["total"] == 6


def test_only_all_of_them_are_a_hundred_percent(turbo: Turbo) -> None:
    turbo.call("create_milestone", project="TURBO", title="x")
    done = {"project": "TURBO", "title": "x", "status": "done", "milestone": "TURBO-M1"}
    for _ in range(4):
        turbo.call("create_issues", issues=[done] * 50)
    issue(turbo, milestone="TURBO-M1")
    assert turbo.call("get_item", key="TURBO-M1")["progress"] == {"total": 201, "done": 200, "percent": 99}


@BOTH
def test_its_issues_stand_by_where_they_are(turbo: Turbo, kind: str, key: str) -> None:
    turbo.call(f"create_{kind}", project="TURBO", title="x")
    issue(turbo, title="over", status="done", **{kind: key})
    issue(turbo, title="low", priority="low", **{kind: key})
    issue(turbo, title="urgent", priority="urgent", **{kind: key})
    issue(turbo, title="waits", blocked_by=["TURBO-2"], **{kind: key})
    issue(turbo, title="doing", status="in_progress", due="2026-03-03", **{kind: key})
    members = turbo.call("get_item", key=key)["members"]
    assert list(members) == ["in_progress", "blocked", "to_do", "done"]
    assert members["in_progress"] == [
        {"key": "TURBO-5", "title": "doing", "status": "in_progress", "assignee": "ada", "due": "2026-03-03"}
    ]
    assert [member["title"] for member in members["to_do"]] == ["urgent", "low"]


def test_twenty_issues_are_shown_and_the_rest_is_said(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="TURBO", title="x")
    turbo.call(
        "create_issues", issues=[{"project": "WEB", "title": f"{n}", "initiative": "TURBO-I1"} for n in range(23)]
    )
    item = turbo.call("get_item", key="TURBO-I1")
    assert len(item["members"]["to_do"]) == 20
    assert item["left_out"] == "3 more issues: list_issues(initiative=TURBO-I1) shows all"
    assert turbo.call("list_issues", initiative="turbo-i1")["total"] == 23


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2026-03-02", "due today"), ("2026-03-03", "1 day left"), ("2026-04-01", "30 days left"),
        ("2026-03-01", "1 day overdue"), ("2026-02-20", "10 days overdue"),
    ],
)  # fmt: skip
def test_the_time_left_is_said_in_words_until_it_is_closed(turbo: Turbo, due: str, said: str) -> None:
    turbo.call("create_milestone", project="TURBO", title="x", due=due)
    assert turbo.call("get_item", key="TURBO-M1")["time_left"] == said
    turbo.call("update_milestone", key="TURBO-M1", status="closed")
    assert "time_left" not in turbo.call("get_item", key="TURBO-M1")


def test_the_day_is_the_callers(turbo: Turbo) -> None:
    turbo.call("create_milestone", project="TURBO", title="x", due="2026-03-02")
    issue(turbo, milestone="TURBO-M1", due="2026-03-02")
    tokyo = turbo.person("ben", utc_offset=timedelta(hours=16))
    item = tokyo.call("get_item", key="TURBO-M1")
    assert (item["time_left"], item["progress"]["overdue"]) == ("1 day overdue", 1)


def test_an_end_with_open_issues_is_allowed_and_says_how_many_stay(turbo: Turbo) -> None:
    turbo.call("create_milestone", project="TURBO", title="x")
    turbo.call("create_initiative", project="TURBO", title="x")
    issue(turbo, milestone="TURBO-M1", initiative="TURBO-I1")
    closed = turbo.call("update_milestone", key="TURBO-M1", status="closed")
    assert closed["still_open"] == "1 issue stays open: list_issues(milestone=TURBO-M1, status=open)"
    issue(turbo, initiative="TURBO-I1")
    ended = turbo.call("update_initiative", key="TURBO-I1", status="completed")
    assert ended["still_open"] == "2 issues stay open: list_issues(initiative=TURBO-I1, status=open)"
    assert "still_open" not in turbo.call("update_initiative", key="TURBO-I1", status="active")
    turbo.call("update_issue", key="TURBO-1", status="done")
    turbo.call("update_milestone", key="TURBO-M1", status="open")
    assert "still_open" not in turbo.call("update_milestone", key="TURBO-M1", status="closed")


def test_an_issue_that_is_put_into_a_closed_milestone_is_told_so(turbo: Turbo) -> None:
    turbo.call("create_milestone", project="TURBO", title="Past")
    into = {"project": "TURBO", "title": "Late", "milestone": "TURBO-M1"}
    assert "warning" not in turbo.call("create_issue", **into)
    turbo.call("update_milestone", key="TURBO-M1", status="closed")
    said = "TURBO-M1 is closed: update_milestone(key=TURBO-M1, status=open) opens it again"
    assert turbo.call("create_issue", **into)["warning"] == said
    assert turbo.call("create_issues", issues=[into])["issues"][0]["warning"] == said
    key = turbo.call("create_issue", project="TURBO", title="Elsewhere")["key"]
    assert turbo.call("update_issue", key=key, milestone="TURBO-M1")["warning"] == said
    assert "warning" not in turbo.call("update_issue", key=key, priority="high")


def test_an_initiative_spans_projects_and_a_milestone_does_not(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="TURBO", title="x")
    turbo.call("create_milestone", project="TURBO", title="x")
    issue(turbo, project="WEB", initiative="TURBO-I1")
    failures = [
        turbo.refused("create_issue", project="WEB", title="x", milestone="TURBO-M1"),
        turbo.refused("update_issue", key="WEB-1", milestone="TURBO-M1"),
    ]
    for failure in failures:
        assert failure.code == "milestone_elsewhere"
        assert failure.message.startswith("TURBO-M1 is no milestone of WEB")
        assert "list_items(kind=milestone, project=WEB)" in failure.hint
    bulk = turbo.refused("create_issues", issues=[{"project": "WEB", "title": "x", "milestone": "TURBO-M1"}])
    assert "#1: TURBO-M1 is no milestone of WEB" in bulk.message
    assert "milestone" not in turbo.call("get_item", key="WEB-1")


def test_an_issue_shows_its_initiative_and_milestone_with_their_titles(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="WEB", title="Sign in", status="active")
    turbo.call("create_milestone", project="TURBO", title="Beta")
    item = turbo.call("get_item", key=issue(turbo, initiative="WEB-I1", milestone="TURBO-M1"))
    assert item["initiative"] == {"key": "WEB-I1", "title": "Sign in", "status": "active"}
    assert item["milestone"] == {"key": "TURBO-M1", "title": "Beta", "status": "open"}


@BOTH
def test_what_is_not_there_is_answered_with_what_is_near(turbo: Turbo, kind: str, key: str) -> None:
    turbo.call(f"create_{kind}", project="TURBO", title="x")
    for failure in (
        turbo.refused("get_item", key=key[:-1] + "9"),
        turbo.refused(f"update_{kind}", key=key[:-1] + "9", title="y"),
        turbo.refused("create_issue", project="TURBO", title="x", **{kind: key[:-1] + "9"}),
    ):
        assert (failure.status, failure.code) == (404, f"{kind}_not_found")
        assert key in failure.hint
    assert turbo.refused("get_item", key=key.replace("TURBO", "TURBA")).code == "project_not_found"
    assert (
        f"`key` is not a{'n' * (kind == 'initiative')} {kind} key"
        in turbo.refused(f"update_{kind}", key="TURBO-1").message
    )


def test_a_mistyped_state_suggests_the_right_one(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="TURBO", title="x")
    assert "did you mean active?" in turbo.refused("update_initiative", key="TURBO-I1", status="activ").message


def test_writers_of_different_fields_do_not_undo_each_other(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="TURBO", title="x")
    changes: list[dict[str, object]] = [{"title": "y"}, {"status": "active"}, {"owner": "me"}, {"due": "2026-12-01"}]
    turbo.together([("update_initiative", {"key": "TURBO-I1", **change}) for change in changes])
    item = turbo.call("get_item", key="TURBO-I1")
    assert (item["title"], item["status"], item["owner"], item["due"]) == ("y", "active", "ada", "2026-12-01")


@BOTH
def test_showing_one_takes_as_many_statements_with_many_issues_as_with_few(turbo: Turbo, kind: str, key: str) -> None:
    turbo.call(f"create_{kind}", project="TURBO", title="x")
    entry = {"project": "TURBO", "title": "x", kind: key}
    counts = []
    for entries in ([entry], [entry] * 40):
        turbo.call("create_issues", issues=entries)
        with turbo.counting() as statements:
            turbo.call("get_item", key=key)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7
