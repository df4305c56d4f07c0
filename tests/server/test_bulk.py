"""create_issues: many at once, all or none, told together what is wrong with any of them."""

import json
import time

import pytest

from tests.server.harness import Turbo


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")


def entry(**fields: object) -> dict[str, object]:
    return {"project": "TURBO", "title": "x", **fields}


def test_results_stand_in_order_and_entries_refer_to_earlier_ones(turbo: Turbo) -> None:
    turbo.call("create_project", key="WEB", name="Web")
    turbo.call("create_issue", project="WEB", title="there before")
    receipt = turbo.call(
        "create_issues",
        issues=[
            entry(title="Epic", type="feature"), entry(title="Design", parent="#1"),
            entry(title="Build", parent="#1", blocked_by=["#2"], project="web"),
            entry(title="Ship", parent=" #1 ", blocked_by="#3, #2"), entry(title="Later", blocked_by=["web-1"]),
        ],
    )  # fmt: skip
    assert receipt == {
        "created": 5,
        "issues": [
            {"key": "TURBO-1", "title": "Epic"}, {"key": "TURBO-2", "title": "Design"},
            {"key": "WEB-2", "title": "Build"}, {"key": "TURBO-3", "title": "Ship"},
            {"key": "TURBO-4", "title": "Later"},
        ],
    }  # fmt: skip
    epic, ship = turbo.call("get_item", key="TURBO-1"), turbo.call("get_item", key="TURBO-3")
    assert [part["key"] for part in epic["sub_issues"]] == ["TURBO-2", "WEB-2", "TURBO-3"]
    assert [blocker["key"] for blocker in ship["blocked_by"]] == ["TURBO-2", "WEB-2"]


def test_an_entry_takes_every_argument_that_create_issue_takes(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="TURBO", title="Goal")
    turbo.call("create_milestone", project="TURBO", title="Day")
    fields = entry(
        description="\tkept\r\n", type="bug", status="in progress", priority="High", assignee="me", due="2026-12-31",
        labels='["UI","api"]', initiative="turbo-i1", milestone="turbo-m1", criteria=["works", "[x] is fast"],
    )  # fmt: skip
    turbo.call("create_issues", issues=json.dumps([fields, fields]))
    turbo.call("create_issue", **fields)
    many, one = (turbo.call("get_item", key=key) for key in ("TURBO-1", "TURBO-3"))
    differ = ("key", "created_at", "updated_at", "started_at")
    assert {name: many[name] for name in many if name not in differ} == {
        name: one[name] for name in one if name not in differ
    }
    assert many["labels"] == ["UI", "api"]


def test_all_that_is_wrong_is_told_together_and_nothing_is_made(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="first")
    failure = turbo.refused(
        "create_issues",
        issues=[
            entry(), {"title": "no project"}, entry(titel="y"), entry(project="TURB", due="someday", status="doing"),
            entry(assignee="adda", parent="TURBO-9", blocked_by=["#5"]), entry(project="TURB"), {"titel": 1},
            entry(parent="#9", initiative="TURBO-I1"), entry(blocked_by=["#12"], labels=["x"] * 21),
        ],
    )  # fmt: skip
    assert (failure.status, failure.code) == (422, "invalid_arguments")
    assert failure.message.startswith("create_issues: nothing was made. ")
    told = failure.message.removeprefix("create_issues: nothing was made. ").removesuffix(".").split("; ")
    assert told == [
        "#2, #7: `project` is missing",
        "#3, #7: `titel` is not one of its arguments (did you mean title?)",
        (
            "#4: `status` must be backlog, ready, in_progress, blocked, in_review, done or cancelled"
            " (did you mean in_progress?)"
        ),
        "#4: `due` is not a date: write it as 2026-12-31, or today, tomorrow, friday, +3d, +2w, +1m",
        "none clears it",
        "#5: There is nobody called adda",
        "#5: There is no issue TURBO-9",
        "#5: `blocked_by` is #5, which does not stand before it: only an earlier one can be named",
        "#6: There is no project TURB",
        "#7: `title` is missing",
        "#8: There is no initiative TURBO-I1",
        "#8: `parent` is #9, which does not stand before it: only an earlier one can be named",
        "#9: `labels` may hold at most 20 entries",
    ]
    assert "Did you mean ada?" in failure.hint
    assert failure.hint.endswith("Put this right and repeat the whole call.")
    assert turbo.call("list_issues")["total"] == 1
    assert turbo.call("create_issues", issues=[entry()])["issues"][0]["key"] == "TURBO-2"


@pytest.mark.parametrize(
    ("issues", "said"),
    [
        ([], "`issues` is empty"),
        ("[]", "`issues` is empty"),
        ([{"project": "TURBO", "title": "x"}] * 51, "has 51 entries of at most 50"),
        ([7], "must be a list of objects"),
        ("nonsense", "must be a list of objects"),
        ([None], "must be a list of objects"),
        ([{}], "#1: `project` is missing"),
        ([{"project": "TURBO", "title": "x", "blocked_by": ["#0"]}], "is not an issue key"),
        ([{"project": "TURBO", "title": "x", "description": "nul \x00"}], "holds a NUL character"),
    ],
)
def test_what_is_no_list_of_issues_is_refused_in_words(turbo: Turbo, issues: object, said: str) -> None:
    failure = turbo.refused("create_issues", issues=issues)
    assert failure.code == "invalid_arguments"
    assert said in failure.message


def test_fifty_wrong_entries_make_a_message_that_can_be_read(turbo: Turbo) -> None:
    failure = turbo.refused("create_issues", issues=[entry(assignee=f"nobody-{n}") for n in range(50)])
    assert "and 25 more" in failure.message
    assert len(failure.message) + len(failure.hint) < 4_000


def test_a_tree_that_is_too_deep_takes_all_of_them_back(turbo: Turbo) -> None:
    line = [entry()] + [entry(parent=f"#{n}") for n in range(1, 30)]
    failure = turbo.refused("create_issues", issues=line)
    assert "#22: Issues nest at most 20 levels deep" in failure.message
    assert turbo.call("list_issues")["total"] == 0
    assert turbo.call("create_issues", issues=line[:21])["created"] == 21


def test_a_title_that_repeats_a_recent_one_is_pointed_out(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="Fix the  Login")
    receipt = turbo.call("create_issues", issues=[entry(title="fix the login"), entry(title="new"), entry(title="NEW")])
    assert [made.get("possible_duplicate_of") for made in receipt["issues"]] == ["TURBO-1", None, "TURBO-3"]


def test_several_writers_at_once_get_keys_without_gap_or_repeat(turbo: Turbo) -> None:
    issues = [entry(labels=["a", f"b{n}"], blocked_by=["#1"] if n else []) for n in range(10)]
    receipts = turbo.together([("create_issues", {"issues": issues})] * 6)
    numbers = [int(made["key"].removeprefix("TURBO-")) for receipt in receipts for made in receipt["issues"]]
    assert sorted(numbers) == list(range(1, 61))
    assert {label["name"] for label in turbo.call("list_items", kind="label")["items"]} == {
        "a", *(f"b{n}" for n in range(10))
    }  # fmt: skip


def test_fifty_full_entries_take_under_a_second(turbo: Turbo) -> None:
    turbo.call("create_initiative", project="TURBO", title="Goal")
    turbo.call("create_milestone", project="TURBO", title="Day")
    full = entry(
        description="x" * 2_000, labels=["UI", "api"], assignee="me", initiative="TURBO-I1", milestone="TURBO-M1",
        criteria=["one", "two"], due="2026-12-31",
    )  # fmt: skip
    first: dict[str, object] = {"blocked_by": ["#1"], "parent": "#1"}
    issues = [{**full, "title": f"{n}", **(first if n else {})} for n in range(50)]
    began = time.perf_counter()
    with turbo.counting() as statements:
        assert turbo.call("create_issues", issues=issues)["created"] == 50
    taken = time.perf_counter() - began
    assert len(statements) <= 50 * 17  # three of them are search's, on SQLite
    assert taken < 3, "under a second on a quiet machine"
    print(f"{turbo.runner.database.dialect}: {taken:.3f} s, {len(statements)} statements")
