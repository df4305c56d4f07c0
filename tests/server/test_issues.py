"""Creating, changing and finding issues, on both databases."""

import pytest

from tests.server.harness import ToolFailed, Turbo


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")


def test_keys_count_up_from_one_within_their_project(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    made = [turbo.call("create_issue", project=key, title="x")["key"] for key in ("TURBO", "WEB", "turbo")]
    assert made == ["TURBO-1", "WEB-1", "TURBO-2"]


def test_sixty_four_writers_at_once_get_keys_without_gap_or_repeat(turbo: Turbo) -> None:
    made = turbo.together([("create_issue", {"project": "TURBO", "title": f"n {n}"}) for n in range(192)])
    assert sorted(int(receipt["key"].removeprefix("TURBO-")) for receipt in made) == list(range(1, 193))


def test_a_refused_creation_leaves_no_gap_in_the_numbers(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="first")
    turbo.refused("create_issue", project="TURBO", title="x", blocked_by=["TURBO-99"])
    turbo.refused("create_issue", project="TURBO", title="x", assignee="nobody")
    assert turbo.call("create_issue", project="TURBO", title="second")["key"] == "TURBO-2"


def test_every_field_comes_back_as_it_was_given(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="parent")
    turbo.call("create_issue", project="TURBO", title="blocker")
    turbo.call(
        "create_issue", project="TURBO", title="child", description="# Why\n\n    code\n", type="bug", status="ready",
        priority="high", assignee="me", due="2026-12-31", labels=["UI", "auth"], parent="turbo-1",
        blocked_by=["TURBO-2"],
    )  # fmt: skip
    item = turbo.call("get_item", key="TURBO-3")
    assert {name: item[name] for name in item if not name.endswith("_at")} == {
        "key": "TURBO-3",
        "kind": "issue",
        "title": "child",
        "description": "# Why\n\n    code\n",
        "project": "TURBO",
        "type": "bug",
        "status": "ready",
        "version": 1,
        "priority": "high",
        "assignee": "ada",
        "due": "2026-12-31",
        "labels": ["UI", "auth"],
        "parent": {"key": "TURBO-1", "title": "parent", "status": "backlog"},
        "blocked_by": [{"key": "TURBO-2", "title": "blocker", "status": "backlog"}],
        "blocked": True,
        "created_by": "ada",
        "machine": "laptop",
        "session": "session-1",
    }
    assert turbo.call("get_item", key="TURBO-1")["sub_issues"][0]["key"] == "TURBO-3"
    assert turbo.call("get_item", key="TURBO-2")["blocks"][0]["key"] == "TURBO-3"


@pytest.mark.parametrize(
    "text",
    [
        "漢字かな交じり文 한국어",
        "emoji 👩🏽‍💻 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️‍🔥 1️⃣",
        "\tindented\n    code\r\n\ttabs and CRLF\r\n\n\n",
        "שלום עולם مرحبا بالعالم می‌خواهم",
        "back\\slash \"quotes\" 'single' %s {braces} $1 <b>&amp;</b> \x1b[31m \x7f",
        "x" * 12_000,
    ],
)  # fmt: skip
def test_text_comes_back_exactly(turbo: Turbo, text: str) -> None:
    turbo.call("create_issue", project="TURBO", title="t", description=text)
    assert turbo.call("get_item", key="TURBO-1")["description"] == text


def test_hidden_characters_are_stored_but_not_shown_to_a_model(turbo: Turbo) -> None:
    hidden = "safe\u202egnirts\u200b \U000e0049\U000e0067nore"
    turbo.call("create_issue", project="TURBO", title="t", description=hidden)
    assert turbo.call("get_item", key="TURBO-1")["description"] == "safegnirts nore"


def test_a_long_description_is_read_on_by_offset(turbo: Turbo) -> None:
    text = "".join(f'line {number} \\ "é"\n' for number in range(5_000))
    turbo.call("create_issue", project="TURBO", title="t", description=text)
    pieces, offset = [], 0
    while offset < len(text):
        answer = turbo.ada.answer("get_item", b'{"key":"TURBO-1","offset":%d}' % offset)
        assert len(answer.body.decode()) <= 20_000
        item = turbo.call("get_item", key="TURBO-1", offset=offset)
        pieces.append(item["description"])
        offset = item["description_cut"]["shown_to"]
        assert item["description_cut"]["total"] == len(text)
    assert "".join(pieces) == text


def test_an_update_tells_which_fields_changed_and_leaves_the_others(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="t", priority="low", due="2026-12-01", labels=["a"])
    receipt = turbo.call("update_issue", key="TURBO-1", status="In Progress", due="none", labels=["a", "b"], note="why")
    assert receipt["changed"] == [
        {"field": "status", "before": "backlog", "after": "in_progress"},
        {"field": "assignee", "after": "ada"},
        {"field": "due", "before": "2026-12-01"},
        {"field": "labels", "before": "a", "after": "a, b"},
    ]
    item = turbo.call("get_item", key="TURBO-1", include=["comments"])
    assert item["priority"] == "low"
    assert "due" not in item
    assert item["started_at"]
    assert [(comment["author"], comment["text"]) for comment in item["latest_comments"]] == [("ada", "why")]


def test_an_update_with_nothing_to_change_is_refused(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="t")
    assert "nothing to change" in turbo.refused("update_issue", key="TURBO-1").message


def test_an_update_that_repeats_the_present_state_changes_nothing(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="t")
    assert turbo.call("update_issue", key="TURBO-1", title="t", priority="none")["changed"] == []


def test_done_and_reopened_issues_know_when_they_finished(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="t", status="done")
    assert turbo.call("get_item", key="TURBO-1")["finished_at"]
    turbo.call("update_issue", key="TURBO-1", status="ready")
    assert "finished_at" not in turbo.call("get_item", key="TURBO-1")


def test_a_circle_of_dependencies_is_refused_with_its_path(turbo: Turbo) -> None:
    for blockers in ([], ["TURBO-1"], ["TURBO-2"]):
        turbo.call("create_issue", project="TURBO", title="t", blocked_by=blockers)
    failure = turbo.refused("update_issue", key="TURBO-1", blocked_by=["TURBO-3"])
    assert failure.code == "dependency_cycle"
    assert "TURBO-1 waits for TURBO-3 waits for TURBO-2 waits for TURBO-1" in failure.message
    assert turbo.refused("update_issue", key="TURBO-1", blocked_by=["TURBO-1"]).code == "dependency_cycle"


def test_the_end_of_a_long_chain_is_joined_with_as_few_statements_as_of_a_short_one(turbo: Turbo) -> None:
    def joined(length: int) -> int:
        first = last = turbo.call("create_issue", project="TURBO", title="first")["key"]
        for _ in range(length):
            last = turbo.call("create_issue", project="TURBO", title="next", blocked_by=[last])["key"]
        loose = turbo.call("create_issue", project="TURBO", title="loose")["key"]
        with turbo.counting() as seen:
            turbo.call("update_issue", key=first, blocked_by=[loose])
        return len(seen)

    assert joined(20) == joined(2)


def test_two_writers_cannot_close_a_circle_between_them(turbo: Turbo) -> None:
    for _ in range(2):
        turbo.call("create_issue", project="TURBO", title="t")
    outcomes = turbo.together(
        [
            ("update_issue", {"key": "TURBO-1", "blocked_by": ["TURBO-2"]}),
            ("update_issue", {"key": "TURBO-2", "blocked_by": ["TURBO-1"]}),
        ]
    )
    assert [outcome.code for outcome in outcomes if isinstance(outcome, ToolFailed)] == ["dependency_cycle"]


def test_a_circle_of_parents_is_refused(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="top")
    turbo.call("create_issue", project="TURBO", title="below", parent="TURBO-1")
    assert turbo.refused("update_issue", key="TURBO-1", parent="TURBO-2").code == "parent_cycle"
    assert turbo.refused("update_issue", key="TURBO-1", parent="TURBO-1").code == "parent_cycle"


def test_many_writers_of_parents_and_dependencies_at_once_never_lock_each_other_out(turbo: Turbo) -> None:
    for _ in range(4):
        turbo.call("create_issue", project="TURBO", title="t")
    keys = [f"TURBO-{number}" for number in range(1, 5)]
    pairs = [(one, other) for one in keys for other in keys if one != other]
    moved = turbo.together([("update_issue", {"key": one, "parent": other}) for one, other in pairs])
    made = turbo.together(
        [("create_issue", {"project": "TURBO", "title": "t", "blocked_by": [key]}) for key in keys * 3]
    )
    assert {outcome.code for outcome in moved if isinstance(outcome, ToolFailed)} <= {"parent_cycle"}
    assert all("key" in outcome for outcome in made)


def test_an_issue_is_free_again_when_what_blocks_it_is_done(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="first")
    turbo.call("create_issue", project="TURBO", title="second", blocked_by=["TURBO-1"])
    assert turbo.call("list_issues", blocked=True)["items"][0]["key"] == "TURBO-2"
    turbo.call("update_issue", key="TURBO-1", status="done")
    assert turbo.call("list_issues", blocked=True)["items"] == []


def test_writers_of_different_fields_do_not_undo_each_other(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="t")
    changes: list[dict[str, object]] = [
        {"priority": "high"},
        {"due": "2026-12-01"},
        {"type": "bug"},
        {"status": "ready"},
    ]
    turbo.together([("update_issue", {"key": "TURBO-1", **change}) for change in changes])
    item = turbo.call("get_item", key="TURBO-1")
    assert (item["priority"], item["due"], item["type"], item["status"]) == ("high", "2026-12-01", "bug", "ready")


def test_what_is_not_there_is_answered_with_what_is_near(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="t")
    wrong_project = turbo.refused("create_issue", project="TURBOO", title="t")
    assert (wrong_project.status, wrong_project.code) == (404, "project_not_found")
    assert "Did you mean TURBO?" in wrong_project.hint
    wrong_issue = turbo.refused("get_item", key="TURBO-7")
    assert wrong_issue.code == "issue_not_found"
    assert "TURBO-1" in wrong_issue.hint
    assert "ada" in turbo.refused("update_issue", key="TURBO-1", assignee="adda").hint


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
