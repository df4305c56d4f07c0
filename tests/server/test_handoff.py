"""What an issue tells whoever goes on: acceptance criteria, the handoff, how far its parts are."""

import pytest

from tests.server.harness import Turbo


@pytest.fixture(autouse=True)
def project(turbo: Turbo) -> None:
    turbo.call("create_project", key="TURBO", name="Turbo")


def test_criteria_are_a_checklist_in_whatever_form_they_are_given(turbo: Turbo) -> None:
    wanted = ["[ ] Signs in, also offline", "[x] Remembers the cart"]
    for given in (
        ["Signs in, also offline", "[x] Remembers the cart"],
        '["[ ] Signs in, also offline", "- [X] Remembers the cart"]',
        "Signs in, also offline\n\n* [x] Remembers the cart\n", "[ ] Signs in, also offline\n[x]  Remembers the cart",
    ):  # fmt: skip
        key = turbo.call("create_issue", project="TURBO", title="t", criteria=given)["key"]
        assert turbo.call("get_item", key=key)["criteria"] == wanted


def test_criteria_are_replaced_as_a_whole(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="t", criteria=["one", "two"])
    receipt = turbo.call("update_issue", key="TURBO-1", criteria=["[x] one"])
    assert receipt["changed"] == [{"field": "criteria"}]
    assert turbo.call("get_item", key="TURBO-1")["criteria"] == ["[x] one"]
    assert turbo.call("update_issue", key="TURBO-1", criteria=["[x] one"])["changed"] == []
    turbo.call("update_issue", key="TURBO-1", criteria=[])
    assert "criteria" not in turbo.call("get_item", key="TURBO-1")


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        (["one", " "], "`criteria` number 2 is empty"), (["[x]"], "`criteria` is empty"),
        (["x" * 301], "is over 300 characters"), (["one\ntwo"], "has more than one line"),
        (["x"] * 51, "may hold at most 50 entries"), ([7], "must be text"), ({"a": 1}, "must be a list of texts"),
        ("[broken", "must be a list of texts"),
    ],
)  # fmt: skip
def test_criteria_that_are_none_are_refused_in_words(turbo: Turbo, criteria: object, said: str) -> None:
    turbo.call("create_issue", project="TURBO", title="t", criteria=["one"])
    for failure in (
        turbo.refused("create_issue", project="TURBO", title="t", criteria=criteria),
        turbo.refused("update_issue", key="TURBO-1", criteria=criteria),
    ):
        assert said in failure.message
    assert turbo.call("get_item", key="TURBO-1")["criteria"] == ["[ ] one"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"state": "half", "last_finding": "f", "next_step": "n", "open_question": "q"}, None),
        ('{"next_step": "Run the\\n\\ttests 漢"}', {"next_step": "Run the\n\ttests 漢"}),
        ('Half done, "quoted"', {"state": 'Half done, "quoted"'}),
        ({"state": "half", "next_step": "", "open_question": None}, {"state": "half"}),
        ({"state": "x" * 1_500}, None),
    ],
)  # fmt: skip
def test_a_handoff_stands_right_after_the_title(turbo: Turbo, given: object, shown: dict[str, str] | None) -> None:
    turbo.call("create_issue", project="TURBO", title="t")
    turbo.call("update_issue", key="TURBO-1", handoff={"state": "before", "last_finding": "goes away"})
    assert turbo.call("update_issue", key="TURBO-1", handoff=given)["changed"] == [{"field": "handoff"}]
    item = turbo.call("get_item", key="TURBO-1")
    assert list(item)[list(item).index("title") + 1] == "handoff"
    assert item["handoff"] == shown or item["handoff"] == given


@pytest.mark.parametrize("nothing", [{}, "{}", "", {"state": " "}])
def test_a_handoff_is_cleared_by_an_empty_one(turbo: Turbo, nothing: object) -> None:
    turbo.call("create_issue", project="TURBO", title="t")
    turbo.call("update_issue", key="TURBO-1", handoff="Half done")
    turbo.call("update_issue", key="TURBO-1", handoff=nothing)
    assert "handoff" not in turbo.call("get_item", key="TURBO-1")


@pytest.mark.parametrize(
    ("handoff", "said"),
    [
        ({"state": "x" * 1_000, "next_step": "y" * 501}, "`handoff` has 1501 characters of at most 1,500"),
        ({"next_stap": "x"}, "`handoff.next_stap` is not one of its arguments (did you mean next_step?)"),
        ({"state": 7}, "`handoff.state` must be text"), (7, "`handoff` must be an object"),
        (["x"], "`handoff` must be an object"), ("{broken", "`handoff` must be an object"),
    ],
)  # fmt: skip
def test_a_handoff_that_is_none_is_refused_in_words(turbo: Turbo, handoff: object, said: str) -> None:
    turbo.call("create_issue", project="TURBO", title="t")
    turbo.call("update_issue", key="TURBO-1", handoff="before")
    assert said in turbo.refused("update_issue", key="TURBO-1", handoff=handoff).message
    assert turbo.call("get_item", key="TURBO-1")["handoff"] == {"state": "before"}


def test_a_parent_shows_how_far_its_parts_are(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="parent")
    for status in ["done"] * 2 + ["cancelled"] + ["ready"] * 25:
        turbo.call("create_issue", project="TURBO", title="part", parent="TURBO-1", status=status)
    item = turbo.call("get_item", key="TURBO-1")
    assert item["progress"] == {"total": 27, "done": 2, "percent": 7}
    assert len(item["sub_issues"]) == 20
    assert "list_issues(parent=KEY)" in item["left_out"]
    assert "progress" not in turbo.call("get_item", key="TURBO-2")


def test_a_new_issue_lies_no_deeper_than_the_limit(turbo: Turbo) -> None:
    turbo.call("create_issue", project="TURBO", title="top")
    for number in range(1, 21):
        turbo.call("create_issue", project="TURBO", title="below", parent=f"TURBO-{number}")
    failure = turbo.refused("create_issue", project="TURBO", title="too deep", parent="TURBO-21")
    assert "at most 20 levels" in failure.message
